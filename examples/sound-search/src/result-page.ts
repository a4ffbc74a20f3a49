// The answer as one HTML page: players and spectrograms inside it, no script, nothing fetched, so it works anywhere and offline.

import type { Match } from '@cbir/core'
import { escapeHtml } from './escape-html.ts'
import type { Moment } from './excerpt.ts'
import { soundFigure } from './sound-figure.ts'
import { COLOURS, RANGE } from './spectrogram-picture.ts'

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
  const farthest = Math.max(...found.map(({ distance }) => Math.abs(distance)), Number.MIN_VALUE)
  const cards: string[] = []
  for (const [i, { id, file, distance, part }] of found.entries()) {
    const moment = momentOf(part)
    const where = moment ? `most alike from ${moment.start.toFixed(1)} to ${moment.end.toFixed(1)} s` : ''
    cards.push(`<li>
<p class="name"><b>${i + 1}</b> ${escapeHtml(id)}</p>
${await soundFigure(id, file, moment)}
<div class="bar"><i style="width:${Math.round((Math.abs(distance) / farthest) * 100)}%"></i></div>
<p class="fact">distance ${distance.toFixed(4)}<span>${where}</span></p>
</li>`)
  }
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'">
<title>Sounds like ${escapeHtml(query.id)}</title>
<style>${STYLE}</style>
<header>
<div class="query">
<h1>Sounds like this one</h1>
<p class="name">${escapeHtml(query.id)}</p>
${await soundFigure(query.id, query.file)}
</div>
<div class="guide">
<p>Below are the recordings that sound most like it, the nearest first. The smaller the distance, the more alike; the bar compares it with the last one's.</p>
<p>Pictures: time to the right, pitch upwards, and the louder the brighter:</p>
<p class="legend">−${RANGE} dB <i></i> loudest</p>
<p>The <span class="frame">frame</span> is around the moment that is most like some moment of the recording above, and the player begins there. Of recordings of more than ten seconds, ten are here.</p>
${facts.map((fact) => `<p class="fact">${escapeHtml(fact)}</p>`).join('\n')}
</div>
</header>
<ol>
${cards.join('\n')}
</ol>
</html>
`
}

function momentOf({ start, end }: FoundSound['part']): Moment | undefined {
  return start === undefined || end === undefined ? undefined : { start, end }
}

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --text: #1d1d1f; --faint: #66666b; --accent: #2f6fde; --frame: #5fe3ff; }
@media (prefers-color-scheme: dark) { :root { --ground: #17181a; --card: #222427; --text: #ececee; --faint: #a3a3a9; --accent: #6ea0ff; } }
* { box-sizing: border-box; margin: 0; }
body { max-width: 1100px; margin: 0 auto; padding: 2rem 1.25rem; background: var(--ground); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 1.25rem 2.5rem; align-items: end; margin-bottom: 2rem; }
.guide p + p { margin-top: .5rem; }
h1 { font-size: 1.6rem; font-weight: 650; margin-bottom: .6rem; }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 1.1rem; padding: 0; list-style: none; }
li { background: var(--card); border-radius: 12px; padding: .8rem; box-shadow: 0 1px 3px #0002; }
figure { display: grid; grid-template-columns: 2.9rem 1fr; margin: .5rem 0; font-size: .72rem; color: var(--faint); font-variant-numeric: tabular-nums; }
.hertz, .seconds, .picture { position: relative; }
.hertz span { position: absolute; right: .4rem; transform: translateY(50%); white-space: nowrap; line-height: 1; }
.picture img { display: block; width: 100%; height: 120px; border-radius: 6px; image-rendering: pixelated; }
.query .picture img { height: 160px; outline: 3px solid var(--accent); outline-offset: 2px; }
.moment { position: absolute; top: 0; bottom: 0; border: 2px solid var(--frame); border-radius: 4px; }
.frame { border: 2px solid var(--frame); border-radius: 4px; padding: 0 .25em; background: #2a1a46; color: #fff; }
.seconds { grid-column: 2; height: 1.3em; margin-top: .3rem; }
.seconds span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.seconds span:first-child { transform: none; }
audio { display: block; width: 100%; height: 40px; }
.name { overflow-wrap: anywhere; font-weight: 550; }
.name b { color: var(--faint); margin-right: .35em; }
.fact { color: var(--faint); font-size: .87rem; font-variant-numeric: tabular-nums; }
li .fact { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1em; }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: .5em; font-size: .8rem; color: var(--faint); }
.legend i { flex: 1 1 90px; max-width: 180px; height: .8em; border-radius: 3px; background: linear-gradient(to right, ${COLOURS}); }
.bar { height: 4px; border-radius: 2px; background: color-mix(in srgb, var(--faint) 25%, transparent); margin: .6rem 0 .35rem; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--accent); }
`
