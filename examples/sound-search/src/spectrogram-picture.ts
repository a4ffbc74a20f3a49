// A mel spectrogram as a picture: time to the right, pitch upwards, loudness as colour.

import { hzToMel, melspectrogramLoader } from '@cbir/audio-stft'
import type { Excerpt } from './excerpt.ts'
import { type Palette, png } from './png.ts'

const BANDS = 96
const WIDTH = 400
/** What is quieter than the loudest by so many decibels is dark. */
export const RANGE = 70

/** From night blue over red to pale yellow. */
const STOPS = [
  [11, 10, 38],
  [92, 22, 106],
  [187, 55, 84],
  [249, 142, 8],
  [252, 250, 190],
] as const

/** The same colours for CSS. */
export const COLOURS: string = STOPS.map((colour) => `rgb(${colour.join(' ')})`).join(', ')

const PALETTE: Palette = {
  colours: Uint8Array.from({ length: 768 }, (_, i) => {
    const place = (Math.floor(i / 3) / 255) * (STOPS.length - 1)
    const stop = Math.min(STOPS.length - 2, Math.floor(place))
    const [from, to] = [STOPS[stop]![i % 3]!, STOPS[stop + 1]![i % 3]!]
    return Math.round(from + (to - from) * (place - stop))
  }),
}

const loader = melspectrogramLoader({ nMels: BANDS, hopLength: 256, nFft: 2048, db: true, sampleRate: null })

/** A `data:` URL. */
export async function spectrogramPicture({ samples, sampleRate }: Excerpt): Promise<string> {
  const pixels = new Uint8Array(WIDTH * BANDS)
  for await (const { value } of loader.load({ samples, sampleRate })) {
    const frames = value.shape[1]!
    const loudest = value.data.reduce((a, b) => Math.max(a, b))
    for (let x = 0; x < WIDTH; x++) {
      const t = Math.min(frames - 1, Math.floor((x * frames) / WIDTH))
      for (let band = 0; band < BANDS; band++) {
        const shade = (value.data[band * frames + t]! - loudest) / RANGE + 1
        pixels[(BANDS - 1 - band) * WIDTH + x] = Math.round(255 * Math.max(0, shade))
      }
    }
  }
  return `data:image/png;base64,${Buffer.from(png(pixels, WIDTH, BANDS, PALETTE)).toString('base64')}`
}

/** How far up in the picture a frequency is: 0 at the bottom, 1 at the top. */
export function heightOf(hertz: number, { sampleRate }: Excerpt): number {
  return hzToMel(hertz) / hzToMel(sampleRate / 2)
}
