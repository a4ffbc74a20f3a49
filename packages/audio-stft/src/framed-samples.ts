// Features of the samples themselves: frames without a window, as `librosa.util.frame` cuts them.

import { checkedSamples, checkFiniteSamples } from '@cbir/audio-decode/loader'
import { type PadMode, padded, type Samples } from '@cbir/audio-dsp'
import { type CallOptions, CbirError } from '@cbir/core'
import { throwIfAborted } from '@cbir/core/define'
import { checkInteger } from './check.ts'

export interface FrameOptions extends CallOptions {
  /** Samples in a frame. Default 2048. */
  readonly frameLength?: number | undefined
  /** Samples from one frame to the next. Default 512. */
  readonly hopLength?: number | undefined
  /** Whether the signal is padded by half a frame at both ends. Default true. */
  readonly center?: boolean | undefined
}

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
export async function framedSamples(given: Samples, options: FrameOptions, padMode: PadMode): Promise<FramedSamples> {
  const { frameLength = 2048, hopLength = 512, center = true, signal } = options
  checkInteger('frameLength', frameLength, 2, 2 ** 24)
  checkInteger('hopLength', hopLength, 1, 2 ** 24)
  throwIfAborted(signal)
  const samples = padded(checkedSamples(given), center ? Math.floor(frameLength / 2) : 0, padMode)
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
