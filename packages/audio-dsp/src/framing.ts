// Framing: which samples a transform of each frame sees. librosa's rules.

import { CbirError } from '@cbir/core'
import { checkChoice, checkInteger, MAX_HOP } from './check-options.ts'
import { type Memory, samplesLike } from './memory.ts'
import { PAD_MODES, type PadMode, padInto } from './padding.ts'
import { checkSamples, type Samples } from './samples.ts'
import { centredWindow, type WindowSpec, windowInSlices } from './windows.ts'

/** How a signal is cut into frames. Names and defaults are librosa's. */
export interface FramingOptions {
  /** Samples in a frame, the length of the transform; any number from 1 on. Default 2048. */
  readonly nFft?: number | undefined
  /** Samples from one frame to the next. Default: a quarter of `winLength`, rounded down. */
  readonly hopLength?: number | undefined
  /** Length of the window, at most `nFft`; it stands in the middle of the frame. Default `nFft`. */
  readonly winLength?: number | undefined
  /** Default `'hann'`. */
  readonly window?: WindowSpec | undefined
  /** Whether frame t is centred at sample t · hopLength, the signal padded at both ends (default), or begins there. */
  readonly center?: boolean | undefined
  /** What centred frames find beyond the signal. Default `'constant'`, zeros. */
  readonly padMode?: PadMode | undefined
}

/** `FramingOptions` with nothing left open. */
export interface Framing {
  readonly nFft: number
  readonly hopLength: number
  readonly winLength: number
  readonly center: boolean
  readonly padMode: PadMode
  /** `nFft` values: the window in the middle of zeros. */
  readonly window: Float64Array
}

/** Fills in defaults. @throws CbirError INVALID_ARGUMENT for options that no frames can be made of */
export function framingOf(options: FramingOptions): Framing {
  const { window = 'hann' } = options
  const cut = cutOf(options)
  return { ...cut, window: centredWindow(window, cut.winLength, cut.nFft) }
}

/** As {@link framingOf}, but for the window, which may be long: `window()` makes it, in slices. What is wrong with its options is refused at once. */
export function framingInSlices(options: FramingOptions, signal: AbortSignal | undefined): Cut & { window(): Promise<Float64Array> } {
  const { window = 'hann' } = options
  const cut = cutOf(options)
  return { ...cut, window: windowInSlices(window, cut.winLength, cut.nFft, signal) }
}

type Cut = Omit<Framing, 'window'>

function cutOf(options: FramingOptions): Cut {
  const { nFft = 2048, center = true, padMode = 'constant' } = options
  checkInteger('nFft', nFft, 1)
  const winLength = options.winLength ?? nFft
  checkInteger('winLength', winLength, 1)
  const hopLength = options.hopLength ?? Math.max(1, Math.floor(winLength / 4))
  checkInteger('hopLength', hopLength, 1, MAX_HOP)
  checkChoice('padMode', padMode, PAD_MODES)
  return { nFft, hopLength, winLength, center, padMode }
}

/** Frames of a signal of `length` samples: with `center` 1 + ⌊(length + 2⌊nFft/2⌋ − nFft) / hopLength⌋, else 1 + ⌊(length − nFft) / hopLength⌋, not below 0. */
export function frameCount(length: number, framing: Pick<Framing, 'nFft' | 'hopLength' | 'center'>): number {
  const { nFft, hopLength, center } = framing
  const padding = center ? 2 * Math.floor(nFft / 2) : 0
  return Math.max(0, 1 + Math.floor((length + padding - nFft) / hopLength))
}

/** Frames over samples that belong to nobody else: frame t is `samples[t · hopLength … + nFft)`. */
export interface FramedSamples {
  readonly samples: Samples
  readonly frames: number
  /** Samples that were put before the first: the place of sample 0. */
  readonly offset: number
}

/**
 * A private, padded copy of the samples.
 * @throws CbirError INVALID_ARGUMENT where they are no samples, EMPTY where there are none, or fewer than a frame without `center`
 */
export function framed(samples: Samples, framing: Cut, memory: Memory): FramedSamples {
  checkSamples(samples)
  const { nFft, center, padMode } = framing
  if (samples.length === 0) throw new CbirError('EMPTY', 'There are no samples. At least one is needed.')
  const frames = frameCount(samples.length, framing)
  if (frames === 0) {
    throw new CbirError(
      'EMPTY',
      `${samples.length} samples do not fill a frame of ${nFft}. Give more samples, a smaller nFft, or \`center: true\`, which pads them.`,
    )
  }
  const offset = center ? Math.floor(nFft / 2) : 0
  const own = samplesLike(samples, samples.length + 2 * offset, memory)
  padInto(own, samples, offset, padMode)
  return { samples: own, frames, offset }
}
