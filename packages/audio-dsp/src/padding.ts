// Padding: what stands before the first and after the last sample when frames are centred, by numpy.pad's names.

import { samplesLike, zeroedMemory } from './memory.ts'
import type { Samples } from './samples.ts'

/**
 * What is before and behind the samples; librosa allows these of numpy's:
 * - `constant`: zeros
 * - `edge`: the first and the last sample, on and on
 * - `reflect`: mirrored at the first and last sample, which are not repeated
 * - `symmetric`: mirrored, first and last sample repeated
 * - `linear_ramp`: a straight line from 0 to the first sample, and from the last to 0
 */
export type PadMode = 'constant' | 'edge' | 'reflect' | 'symmetric' | 'linear_ramp'

export const PAD_MODES: readonly PadMode[] = ['constant', 'edge', 'reflect', 'symmetric', 'linear_ramp']

/** A copy of the samples, of the same type, with `pad` more on both sides. An empty signal is padded with zeros. */
export function padded(samples: Samples, pad: number, mode: PadMode): Samples {
  const out = samplesLike(samples, samples.length + 2 * pad, zeroedMemory)
  padInto(out, samples, pad, mode)
  return out
}

/** As {@link padded}, into an array of the right length. */
export function padInto(out: Samples, samples: Samples, pad: number, mode: PadMode): void {
  const { length } = samples
  out.set(samples, pad)
  if (mode === 'constant' || length === 0) {
    out.fill(0, 0, pad).fill(0, pad + length)
    return
  }
  const outside = rules[mode]
  for (let distance = 1; distance <= pad; distance++) {
    out[pad - distance] = outside(samples, -distance, pad)
    out[pad + length - 1 + distance] = outside(samples, length - 1 + distance, pad)
  }
}

type Outside = (samples: Samples, index: number, pad: number) => number

/** The sample at an index below 0 or beyond the end. */
const rules: Readonly<Record<Exclude<PadMode, 'constant'>, Outside>> = {
  edge: (samples, index) => samples[index < 0 ? 0 : samples.length - 1]!,
  reflect: (samples, index) => {
    if (samples.length === 1) return samples[0]!
    const period = 2 * (samples.length - 1)
    const at = modulo(index, period)
    return samples[at < samples.length ? at : period - at]!
  },
  symmetric: (samples, index) => {
    const period = 2 * samples.length
    const at = modulo(index, period)
    return samples[at < samples.length ? at : period - 1 - at]!
  },
  linear_ramp: (samples, index, pad) =>
    index < 0 ? (samples[0]! / pad) * (pad + index) : (samples[samples.length - 1]! / pad) * (pad - (index - samples.length + 1)),
}

function modulo(a: number, b: number): number {
  return ((a % b) + b) % b
}
