// From a sound to its landmarks, chunk by chunk, so that hours of it take the memory of seconds and of what is found.

import { createResampler, prepareResampler } from '@cbir/audio-decode'
import { spectrogram } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { type SoundReader, TimeSlice } from '@cbir/core/define'
import { type Fingerprint, landmarksOf } from './landmarks.ts'
import { PeakPicker } from './peak-picker.ts'
import { FRAME, HOP, MOST_RECORDING_FRAMES, QUERY_PEAKS, RECORDING_PEAKS, SAMPLE_RATE } from './working-format.ts'

/** The rates that sounds may have, in samples a second. */
export const LOWEST_RATE = 4000
export const HIGHEST_RATE = 768_000

/** Frames that are transformed at once, six seconds. */
const BLOCK_FRAMES = 256
const BLOCK: number = (BLOCK_FRAMES - 1) * HOP + FRAME
/** Frames that are looked at between two looks at the clock. */
const STEP = 8
/** Input samples that are resampled between two looks at the clock. */
const RESAMPLED = 1 << 12
/** Rates that this divides, which are those in use, have a short fraction with the working rate. */
const COMMON = 25

/** The landmarks of a sound; undefined for one that has none. @throws CbirError INVALID_ARGUMENT for a rate out of range, or more than 54 hours */
export async function fingerprint(sound: SoundReader, purpose: 'recording' | 'query', options: CallOptions): Promise<Fingerprint | undefined> {
  const { signal } = options
  if (!(sound.sampleRate >= LOWEST_RATE && sound.sampleRate <= HIGHEST_RATE)) {
    throw new CbirError('INVALID_ARGUMENT', `Sounds of ${LOWEST_RATE} to ${HIGHEST_RATE} samples a second are recognised, got ${sound.sampleRate}.`)
  }
  const rate = Math.round(sound.sampleRate)
  // The cheapest, whose filter is as long as the numbers of the fraction; else the next cheapest, whose is not.
  const method = rate % COMMON === 0 ? 'polyphase' : 'kaiser_fast'
  await prepareResampler(rate, SAMPLE_RATE, method, signal)
  const resampler = createResampler(rate, SAMPLE_RATE, method)
  const picker = new PeakPicker()
  const slice = new TimeSlice()
  const block = new Float32Array(BLOCK)
  let filled = 0

  async function look(): Promise<void> {
    const frames = Math.floor((filled - FRAME) / HOP) + 1
    if (frames < 1) return
    if (picker.frameCount + frames > MOST_RECORDING_FRAMES) {
      throw new CbirError('INVALID_ARGUMENT', 'The sound is longer than 54 hours. Cut it, and give each part an id of its own.')
    }
    const powers = await spectrogram(block.subarray(0, (frames - 1) * HOP + FRAME), {
      nFft: FRAME,
      hopLength: HOP,
      center: false,
      power: 2,
      signal,
    })
    for (let from = 0; from < frames; from += STEP) {
      picker.push(powers.data, from, Math.min(frames, from + STEP), powers.bins)
      if (slice.due()) await slice.pause()
    }
    block.copyWithin(0, frames * HOP, filled)
    filled -= frames * HOP
  }

  async function take(samples: Float32Array): Promise<void> {
    for (let from = 0; from < samples.length; ) {
      const some = samples.subarray(from, from + BLOCK - filled)
      block.set(some, filled)
      filled += some.length
      from += some.length
      if (filled === BLOCK) await look()
    }
  }

  for await (const chunk of sound.chunks) {
    for (let from = 0; from < chunk.length; from += RESAMPLED) {
      await take(resampler.push(chunk.subarray(from, from + RESAMPLED)))
      if (slice.due()) await slice.pause()
    }
  }
  await take(await resampler.finish(signal))
  await look()
  picker.end()
  const landmarks = await landmarksOf(picker, purpose === 'recording' ? RECORDING_PEAKS : QUERY_PEAKS, picker.frameCount, signal)
  return landmarks.numbers.length === 0 ? undefined : landmarks
}
