// Discrete cosine transforms of types I, II and III as matrices, scaled as SciPy scales them.

import { checkChoice, checkInteger } from './check.ts'

export type DctType = 1 | 2 | 3

export interface DctOptions {
  readonly type: DctType
  /** `'ortho'`: the transform keeps lengths. null: SciPy's plain sums, with their factor 2. */
  readonly norm: 'ortho' | null
}

/**
 * The first `outputs` rows of the transform of `inputs` numbers: coefficient k is Σ matrix[k · inputs + n] · x[n].
 * @throws CbirError INVALID_ARGUMENT; type I wants 2 numbers or more
 */
export function dctMatrix(outputs: number, inputs: number, { type, norm }: DctOptions): Float64Array {
  checkChoice('dctType', type, [1, 2, 3])
  checkChoice('norm', norm, ['ortho', null])
  checkInteger('inputs', inputs, type === 1 ? 2 : 1)
  checkInteger('outputs', outputs, 1, inputs)
  const weight = WEIGHTS[type]
  const matrix = new Float64Array(outputs * inputs)
  for (let k = 0; k < outputs; k++) {
    for (let n = 0; n < inputs; n++) matrix[k * inputs + n] = weight(k, n, inputs, norm === 'ortho')
  }
  return matrix
}

/** Angles are reduced in integers first: cos(π a / b) of a large a would lose digits. */
const cosine = (a: number, b: number): number => Math.cos((Math.PI * (a % (2 * b))) / b)

const WEIGHTS: Readonly<Record<DctType, (k: number, n: number, inputs: number, ortho: boolean) => number>> = {
  1: (k, n, N, ortho) => {
    const last = N - 1
    const inner = (i: number): boolean => i > 0 && i < last
    const plain = (inner(n) ? 2 : 1) * cosine(k * n, last)
    if (!ortho) return plain
    return (plain * (inner(n) ? 1 : Math.SQRT2) * (inner(k) ? 1 : Math.SQRT1_2)) / Math.sqrt(2 * last)
  },
  2: (k, n, N, ortho) => 2 * cosine(k * (2 * n + 1), 2 * N) * (ortho ? Math.sqrt(1 / ((k === 0 ? 4 : 2) * N)) : 1),
  3: (k, n, N, ortho) => {
    const wave = cosine((2 * k + 1) * n, 2 * N)
    if (!ortho) return n === 0 ? 1 : 2 * wave
    return n === 0 ? 1 / Math.sqrt(N) : Math.sqrt(2 / N) * wave
  },
}
