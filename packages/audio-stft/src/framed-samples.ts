// Features of the samples themselves: frames without a window, as `librosa.util.frame` cuts them.

import { checkedSamples, checkFiniteSamples } from '@cbir/audio-decode/loader'
import { PAD_MODES, type PadMode, padded, type Samples } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { throwIfAborted } from '@cbir/core/define'
import { checkChoice, checkInteger } from './check.ts'
import { medianOf } from './median.ts'

export interface FrameOptions extends CallOptions {
  /** Samples in a frame. Default 2048. */
  readonly frameLength?: number | undefined
  /** Samples from one frame to the next. Default 512. */
  readonly hopLength?: number | undefined
  /** Whether the signal is padded by half a frame at both ends. Default true. */
  readonly center?: boolean | undefined
}

/** What frames of samples can be padded with beside what spectra can: the signal again (`wrap`), or one number, by numpy.pad's names. */
const MORE_PAD_MODES = ['wrap', 'maximum', 'minimum', 'mean', 'median'] as const

export type FramePadMode = PadMode | (typeof MORE_PAD_MODES)[number]

export const FRAME_PAD_MODES: readonly FramePadMode[] = [...PAD_MODES, ...MORE_PAD_MODES]

/** Frame t is `samples[t · hopLength … + frameLength)`. */
export interface FramedSamples {
  readonly samples: Samples
  readonly frames: number
  readonly frameLength: number
  readonly hopLength: number
}

/**
 * A private, padded copy, cut into frames.
 * @throws CbirError INVALID_ARGUMENT, NOT_FINITE, EMPTY where there are no samples, or fewer than a frame
 */
export async function framedSamples(given: Samples, options: FrameOptions, padMode: FramePadMode): Promise<FramedSamples> {
  const { frameLength = 2048, hopLength = 512, center = true, signal } = options
  checkInteger('frameLength', frameLength, 2, 2 ** 24)
  checkInteger('hopLength', hopLength, 1, 2 ** 24)
  checkChoice('padMode', padMode, FRAME_PAD_MODES)
  throwIfAborted(signal)
  const samples = surrounded(checkedSamples(given), center ? Math.floor(frameLength / 2) : 0, padMode)
  await checkFiniteSamples(samples, Math.floor((samples.length - given.length) / 2), signal)
  const frames = 1 + Math.floor((samples.length - frameLength) / hopLength)
  if (frames < 1) {
    throw new CbirError(
      'EMPTY',
      `${given.length} samples do not fill a frame of ${frameLength}. Give more samples, a smaller frameLength, or \`center: true\`.`,
    )
  }
  return { samples, frames, frameLength, hopLength }
}

function surrounded(samples: Samples, pad: number, mode: FramePadMode): Samples {
  const more = MORE_PAD_MODES.find((name) => name === mode)
  if (more === undefined) return padded(samples, pad, mode as PadMode)
  const out = padded(samples, pad, 'constant')
  const { length } = samples
  if (more === 'wrap') {
    for (let i = 0; i < pad; i++) {
      out[pad - 1 - i] = samples[length - 1 - (i % length)]!
      out[pad + length + i] = samples[i % length]!
    }
    return out
  }
  const value = VALUES[more](samples)
  return out.fill(value, 0, pad).fill(value, pad + length)
}

/** The one number that is padded with. */
const VALUES: Readonly<Record<Exclude<(typeof MORE_PAD_MODES)[number], 'wrap'>, (samples: Samples) => number>> = {
  maximum: (samples) => extreme(samples, Math.max),
  minimum: (samples) => extreme(samples, Math.min),
  mean: (samples) => {
    let sum = 0
    for (let i = 0; i < samples.length; i++) sum += samples[i]!
    return sum / samples.length
  },
  median: (samples) => medianOf(samples.slice()),
}

function extreme(samples: Samples, choose: (a: number, b: number) => number): number {
  let value = samples[0]!
  for (let i = 1; i < samples.length; i++) value = choose(value, samples[i]!)
  return value
}
