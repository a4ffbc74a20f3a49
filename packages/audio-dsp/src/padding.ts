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
  if (mode === 'constant' || length === 0) out.fill(0, 0, pad).fill(0, pad + length)
  else if (mode === 'linear_ramp') ramp(out, pad, length)
  // A single sample mirrored at itself is on and on itself.
  else if (mode === 'edge' || (mode === 'reflect' && length === 1)) out.fill(samples[0]!, 0, pad).fill(samples[length - 1]!, pad + length)
  else mirror(out, pad, length, mode === 'symmetric' ? 1 : 0)
}

/** `repeated`: 1 where the first and the last sample stand twice, 0 where they are the mirrors. */
function mirror(out: Samples, pad: number, length: number, repeated: 0 | 1): void {
  const last = pad + length - 1
  const turn = length - 1 + repeated
  for (let distance = 1; distance <= pad; distance++) {
    // Beyond the other end of the samples all begins again, and stands already what is to be repeated.
    const back = distance <= turn ? 2 * distance - repeated : 2 * turn
    out[last + distance] = out[last + distance - back]!
    out[pad - distance] = out[pad - distance + back]!
  }
}

function ramp(out: Samples, pad: number, length: number): void {
  const last = pad + length - 1
  const [up, down] = [out[pad]! / pad, out[last]! / pad]
  for (let distance = 1; distance <= pad; distance++) {
    out[pad - distance] = up * (pad - distance)
    out[last + distance] = down * (pad - distance)
  }
}
