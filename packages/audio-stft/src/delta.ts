// Delta features: local slope (or a higher derivative) along time, by Savitzky–Golay filters. librosa's `feature.delta`.

import { type CallOptions, CbirError } from '@cbir/core'
import { checkChoice, checkInteger } from './check.ts'
import { gramPolynomials } from './gram-polynomials.ts'
import { checkMatrix, type Matrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'

const MODES = ['interp', 'nearest', 'mirror', 'constant', 'wrap'] as const

/** Frames of a row that are done at once. */
const BLOCK = 1024

export interface DeltaOptions extends CallOptions {
  /** Frames that a slope is fitted to: an odd number from 3. Default 9. */
  readonly width?: number | undefined
  /** 1 for slopes (default), 2 for their slopes, … ; below `width`. A polynomial of this degree is fitted. */
  readonly order?: number | undefined
  /** What stands beyond the ends: the polynomial of the first or last `width` frames goes on (`interp`, default), or as SciPy's names say. */
  readonly mode?: (typeof MODES)[number] | undefined
}

/**
 * The derivative of each row along time, as large as what is given.
 * @throws CbirError INVALID_ARGUMENT; in mode `interp` also for fewer frames than `width`
 */
export async function delta(matrix: Matrix, options: DeltaOptions = {}): Promise<Matrix> {
  const { width = 9, order = 1, mode = 'interp', signal } = options
  checkMatrix(matrix)
  const { data, rows, columns } = matrix
  checkInteger('width', width, 3)
  if (width % 2 === 0) throw new CbirError('INVALID_ARGUMENT', `width must be an odd number, so that a frame is in the middle; given was ${width}.`)
  checkInteger('order', order, 1, width - 1)
  checkChoice('mode', mode, MODES)
  if (mode === 'interp' && width > columns) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `mode 'interp' needs at least width = ${width} frames; there are ${columns}. Take a smaller width, or mode 'nearest'.`,
    )
  }
  const weights = derivative(width, order)
  const half = (width - 1) / 2
  const out = new Float32Array(data.length)
  const own = data.slice()
  const blocks = Math.ceil(columns / BLOCK)
  const stretch = new Float64Array(Math.min(BLOCK, columns) + 2 * half)
  await eachFrame(
    rows * blocks,
    Math.min(BLOCK, columns) * width,
    (i) => {
      const at = Math.floor(i / blocks) * columns
      const from = (i % blocks) * BLOCK
      const to = Math.min(columns, from + BLOCK)
      for (let t = from - half; t < to + half; t++) stretch[t - from + half] = beyond(own, at, columns, t, mode)
      for (let t = from; t < to; t++) {
        let sum = 0
        for (let j = 0; j < width; j++) sum += weights[j]! * stretch[t - from + j]!
        out[at + t] = sum
      }
    },
    signal,
  )
  if (mode === 'interp') {
    // A polynomial of degree `order` has one and the same derivative of that order everywhere.
    for (let at = 0; at < out.length; at += columns) {
      out.fill(out[at + half]!, at, at + half)
      out.fill(out[at + columns - half - 1]!, at + columns - half, at + columns)
    }
  }
  return { data: out, rows, columns }
}

/** Weights that give the `order`-th derivative of the polynomial of that degree through `width` points. */
function derivative(width: number, order: number): Float64Array {
  const { values, square } = gramPolynomials(width, order)[order]!
  let factorial = 1
  for (let i = 2; i <= order; i++) factorial *= i
  return values.map((value) => (factorial * value) / square)
}

function beyond(data: Float32Array, at: number, count: number, t: number, mode: (typeof MODES)[number]): number {
  if (t >= 0 && t < count) return data[at + t]!
  if (mode === 'constant' || mode === 'interp') return 0
  if (mode === 'nearest') return data[at + (t < 0 ? 0 : count - 1)]!
  if (mode === 'wrap') return data[at + (((t % count) + count) % count)]!
  if (count === 1) return data[at]!
  const period = 2 * (count - 1)
  const place = ((t % period) + period) % period
  return data[at + (place < count ? place : period - place)]!
}
