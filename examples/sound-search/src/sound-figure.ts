// A sound on the page: its spectrogram with both axes and the moment that is most alike, and a player that begins there.

import { escapeHtml } from './escape-html.ts'
import { type Excerpt, excerptOf, type Moment } from './excerpt.ts'
import { heightOf, spectrogramPicture } from './spectrogram-picture.ts'
import { wavFile } from './wav-file.ts'

const HERTZ = [500, 2000, 8000]
const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const MOST_TICKS = 6

export async function soundFigure(id: string, file: string, moment?: Moment): Promise<string> {
  const excerpt = await excerptOf(file, moment)
  const place = (seconds: number): string => percent((seconds - excerpt.start) / (excerpt.end - excerpt.start))
  const frame = moment
    ? `<i class="moment" style="left:${place(moment.start)};right:${percent(1 - (Math.min(moment.end, excerpt.end) - excerpt.start) / (excerpt.end - excerpt.start))}"></i>`
    : ''
  const hertz = HERTZ.map((value) => `<span style="bottom:${percent(heightOf(value, excerpt))}">${value / 1000} kHz</span>`).join('')
  const seconds = ticks(excerpt)
    .map((value, i) => `<span style="left:${place(value)}">${value}${i === 0 ? ' s' : ''}</span>`)
    .join('')
  return `<figure>
<div class="hertz">${hertz}</div>
<div class="picture"><img src="${await spectrogramPicture(excerpt)}" alt="spectrogram of ${escapeHtml(id)}">${frame}</div>
<div class="seconds">${seconds}</div>
</figure>
<audio controls src="${playable(excerpt)}${moment ? `#t=${(moment.start - excerpt.start).toFixed(2)}` : ''}"></audio>`
}

/** Round numbers of seconds from the beginning to the end. */
function ticks({ start, end }: Moment): number[] {
  const step = STEPS.find((one) => (end - start) / one < MOST_TICKS) ?? STEPS.at(-1)!
  const found: number[] = []
  // The last one would stand beyond the end of the axis.
  for (let i = Math.ceil(start / step); i * step < end - step / 4; i++) found.push(Number((i * step).toFixed(2)))
  return found
}

function playable({ samples, sampleRate }: Excerpt): string {
  return `data:audio/wav;base64,${Buffer.from(wavFile(samples, sampleRate)).toString('base64')}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)}%`
}
