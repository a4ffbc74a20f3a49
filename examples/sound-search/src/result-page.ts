// The answer as one HTML page: players and spectrograms inside it, no script, nothing fetched, so it works anywhere and offline.

import { readFile } from 'node:fs/promises'
import { contentTypeOfName, type Match } from '@cbir/core'
import { spectrogramPicture } from './spectrogram-picture.ts'

export interface Sound {
  readonly id: string
  readonly file: string
}

export interface FoundSound extends Sound, Pick<Match<unknown>, 'distance' | 'part'> {}

export interface PageContent {
  readonly query: Sound
  readonly found: readonly FoundSound[]
  /** What was searched, and how. */
  readonly facts: readonly string[]
}

export async function resultPage({ query, found, facts }: PageContent): Promise<string> {
  const cards: string[] = []
  for (const [i, { id, file, distance, part }] of found.entries()) {
    const moment = part.start === undefined ? '' : `, most alike from ${part.start.toFixed(1)} to ${part.end!.toFixed(1)} s`
    cards.push(`<li>${await player(id, file)}<p class="fact"><b>${i + 1}</b> distance ${distance.toFixed(4)}${moment}</p></li>`)
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'">
<title>Sounds like ${escapeHtml(query.id)}</title>
<style>${STYLE}</style>
<header>
<h1>Sounds like this one</h1>
${await player(query.id, query.file)}
${facts.map((fact) => `<p class="fact">${escapeHtml(fact)}</p>`).join('\n')}
</header>
<ol>
${cards.join('\n')}
</ol>
</html>
`
}

async function player(id: string, file: string): Promise<string> {
  const type = contentTypeOfName(file) ?? 'audio/wav'
  const sound = `data:${type};base64,${(await readFile(file)).toString('base64')}`
  return `<p class="name">${escapeHtml(id)}</p><img src="${await spectrogramPicture(file)}" alt="spectrogram of ${escapeHtml(id)}"><audio controls src="${escapeHtml(sound)}"></audio>`
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --text: #1d1d1f; --faint: #6b6b70; --accent: #2f6fde; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181a; --card: #222427; --text: #ececee; --faint: #9a9aa0; --accent: #6ea0ff; } }
* { box-sizing: border-box; margin: 0; }
body { max-width: 1100px; margin: 0 auto; padding: 2.5rem 1.25rem; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header { max-width: 420px; margin-bottom: 2.25rem; }
header img { outline: 3px solid var(--accent); outline-offset: 3px; }
h1 { font-size: 1.6rem; font-weight: 650; margin-bottom: .8rem; }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1.1rem; padding: 0; list-style: none; }
li { background: var(--card); border-radius: 12px; padding: .8rem; box-shadow: 0 1px 3px #0002; }
img { display: block; width: 100%; height: 110px; border-radius: 8px; margin: .5rem 0; image-rendering: pixelated; }
audio { width: 100%; height: 36px; }
.name { overflow-wrap: anywhere; font-weight: 550; }
.fact { color: var(--faint); font-size: .87rem; font-variant-numeric: tabular-nums; margin-top: .35rem; }
.fact b { color: var(--text); margin-right: .3em; }
`

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
