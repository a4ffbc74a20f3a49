// The weights of one axis of an enlargement: Pillow's, in its fixed point.

import type { Kernel } from './image-loader-config.ts'
import { RESAMPLING_KERNELS } from './resampling-kernels.ts'

/** Bits behind the point. A byte times a weight fills 30 bits, so sums of up to six products stay within 32. */
export const PRECISION = 22

/** For each kept result pixel of one axis: the first source pixel that it reads, and the weights of that and the following ones. */
export interface AxisWeights {
  readonly first: Int32Array
  readonly weights: Int32Array
  /** Weights a result pixel. */
  readonly taps: number
  /** Two weights a pixel, none negative, as those of the linear kernel: sums stay bytes, and faster loops serve. */
  readonly linear: boolean
}

/** For the result pixels `from` … `from + count` of an axis that grows from `source` to `result` pixels. */
export function axisWeights(source: number, result: number, from: number, count: number, kernel: Kernel): AxisWeights {
  const { support, weight } = RESAMPLING_KERNELS[source === result ? 'nearest' : kernel]
  const taps = Math.min(source, 2 * Math.ceil(support))
  const first = new Int32Array(count)
  const weights = new Int32Array(count * taps)
  for (let i = 0; i < count; i++) {
    const centre = ((from + i + 0.5) * source) / result
    const low = Math.max(0, Math.floor(centre - support + 0.5))
    const start = Math.min(low, source - taps)
    first[i] = start
    let sum = 0
    for (let k = 0; k < taps; k++) sum += weight(start + k + 0.5 - centre)
    for (let k = 0; k < taps; k++) weights[i * taps + k] = Math.round((weight(start + k + 0.5 - centre) / sum) * 2 ** PRECISION)
  }
  return { first, weights, taps, linear: taps === 2 && weights.every((value) => value >= 0) }
}
