// The answer as one HTML page: pictures inside it, no script, nothing fetched, so it works anywhere and offline.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Match } from '@cbir/core'
import type { Query } from './choose-query.ts'
import { thumbnail } from './thumbnail.ts'

export interface ResultPage {
  /** Where the pictures are. */
  readonly folder: string
  readonly query: Query
  readonly matches: readonly Pick<Match<unknown>, 'id' | 'distance'>[]
  /** What was searched, and how. */
  readonly facts: readonly string[]
}

export async function writeResultPage(page: string, { folder, query, matches, facts }: ResultPage): Promise<void> {
  const html = resultPage({
    facts,
    query: { id: query.name, image: await thumbnail(query.file) },
    matches: await Promise.all(matches.map(async ({ id, distance }) => ({ id, distance, image: await thumbnail(join(folder, id)) }))),
  })
  await mkdir(dirname(page), { recursive: true })
  await writeFile(page, html)
}

export interface PageData {
  readonly facts: readonly string[]
  readonly query: { readonly id: string; readonly image: string }
  readonly matches: readonly { readonly id: string; readonly distance: number; readonly image: string }[]
}

/** Images are `data:` URLs. Everything else is escaped: a file may have any name. */
export function resultPage({ facts, query, matches }: PageData): string {
  const farthest = Math.max(...matches.map(({ distance }) => Math.abs(distance)), Number.MIN_VALUE)
  const cards = matches.map(
    ({ id, distance, image }, i) => `
    <li>
      <img src="${escapeHtml(image)}" alt="">
      <div class="name">${escapeHtml(id)}</div>
      <div class="bar"><i style="width:${Math.round((Math.abs(distance) / farthest) * 100)}%"></i></div>
      <div class="fact"><b>${i + 1}</b> distance ${distance.toFixed(4)}</div>
    </li>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Like ${escapeHtml(query.id)}</title>
<style>${STYLE}</style>
<header>
  <img src="${escapeHtml(query.image)}" alt="">
  <div>
    <h1>Pictures like this one</h1>
    <p class="name">${escapeHtml(query.id)}</p>
${facts.map((fact) => `    <p class="fact">${escapeHtml(fact)}</p>`).join('\n')}
  </div>
</header>
<ol>${cards.join('')}
</ol>
</html>
`
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --text: #1d1d1f; --faint: #6b6b70; --accent: #2f6fde; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181a; --card: #222427; --text: #ececee; --faint: #9a9aa0; --accent: #6ea0ff; } }
* { box-sizing: border-box; margin: 0; }
body { max-width: 1100px; margin: 0 auto; padding: 2.5rem 1.25rem; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 1.75rem; align-items: center; margin-bottom: 2.25rem; }
header img { max-width: min(320px, 100%); max-height: 320px; border-radius: 12px; outline: 3px solid var(--accent); outline-offset: 3px; }
h1 { font-size: 1.6rem; font-weight: 650; margin-bottom: .4rem; }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 1.1rem; padding: 0; list-style: none; }
li { background: var(--card); border-radius: 12px; padding: .7rem; box-shadow: 0 1px 3px #0002; }
li img { display: block; width: 100%; height: 160px; object-fit: contain; border-radius: 8px; margin-bottom: .6rem; }
.name { overflow-wrap: anywhere; white-space: pre-wrap; font-weight: 550; }
.fact { color: var(--faint); font-size: .87rem; font-variant-numeric: tabular-nums; }
.fact b { color: var(--text); margin-right: .3em; }
.bar { height: 4px; border-radius: 2px; background: color-mix(in srgb, var(--faint) 25%, transparent); margin: .45rem 0 .3rem; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--accent); }
`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
