// What of a recording is on the page: all of a short one, of a long one ten seconds around a moment, so that the page stays small.

import { decodeAudio } from '@cbir/audio-decode'

const RATE = 22_050
const LONGEST = 10

/** Seconds from the beginning of a recording. */
export interface Moment {
  readonly start: number
  readonly end: number
}

export interface Excerpt extends Moment {
  readonly samples: Float32Array
  readonly sampleRate: number
}

/** One channel, 22 050 Hz. */
export async function excerptOf(file: string, moment: Moment | undefined): Promise<Excerpt> {
  const middle = moment ? (moment.start + moment.end) / 2 : 0
  const start = moment && moment.end > LONGEST ? middle - LONGEST / 2 : 0
  const { samples, sampleRate } = await decodeAudio(file, { sampleRate: RATE, start, duration: LONGEST })
  return { samples, sampleRate, start, end: start + samples.length / sampleRate }
}
