// Delta features: local slope (or a higher derivative) along time, by Savitzky–Golay filters. librosa's `feature.delta`.

import { type CallOptions, CbirError } from '@cbir/core'
import { checkChoice, checkInteger, checkNumber, checkPositive } from './check.ts'
import { equallySpaced, type GramPolynomial, gramPolynomials } from './gram-polynomials.ts'
import { checkMatrix, type Matrix } from './matrix.ts'
import { eachFrame } from './per-frame.ts'

const MODES = ['interp', 'nearest', 'mirror', 'constant', 'wrap'] as const

/** Frames of a row that are done at once. */
const BLOCK = 1024

export interface DeltaOptions extends CallOptions {
  /** Frames that a slope is fitted to: an odd number from 3. Default 9. */
  readonly width?: number | undefined
  /** 1 for slopes (default), 2 for their slopes, …; below `width`. */
  readonly order?: number | undefined
  /** Degree of the polynomial that is fitted, below `width`. Default `order`. */
  readonly polyorder?: number | undefined
  /** What a slope is per: how many units of time lie between two frames. Default 1: slopes are per frame. */
  readonly delta?: number | undefined
  /** What stands beyond the ends in mode `constant`. Default 0. */
  readonly cval?: number | undefined
  /** What stands beyond the ends: the polynomial of the first or last `width` frames goes on (`interp`, default), or as SciPy's names say. */
  readonly mode?: (typeof MODES)[number] | undefined
}

/**
 * The derivative of each row along time, as large as what is given.
 * @throws CbirError INVALID_ARGUMENT; in mode `interp` also for fewer frames than `width`
 */
export async function delta(matrix: Matrix, options: DeltaOptions = {}): Promise<Matrix> {
  const { width = 9, order = 1, polyorder = order, delta: unit = 1, mode = 'interp', cval = 0, signal } = options
  checkMatrix(matrix)
  const { data, rows, columns } = matrix
  checkInteger('width', width, 3, 2 ** 20)
  if (width % 2 === 0) throw new CbirError('INVALID_ARGUMENT', `width must be an odd number, so that a frame is in the middle; given was ${width}.`)
  checkInteger('order', order, 1, width - 1)
  checkInteger('polyorder', polyorder, 0, width - 1)
  checkPositive('delta', unit)
  checkChoice('mode', mode, MODES)
  checkNumber('cval', cval)
  if (mode === 'interp' && width > columns) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `mode 'interp' needs at least width = ${width} frames; there are ${columns}. Take a smaller width, or mode 'nearest'.`,
    )
  }
  const polynomials = gramPolynomials(equallySpaced(width), polyorder)
  const weightsAt = (place: number): Float64Array => derivative(polynomials, order, place).map((weight) => weight / unit ** order)
  const weights = weightsAt(0)
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
      for (let t = from - half; t < to + half; t++) stretch[t - from + half] = beyond(own, at, columns, t, mode, cval)
      for (let t = from; t < to; t++) {
        let sum = 0
        for (let j = 0; j < width; j++) sum += weights[j]! * stretch[t - from + j]!
        if (!Number.isFinite(sum)) throw new CbirError('NOT_FINITE', `The matrix holds NaN or ±Infinity around row ${at / columns}, column ${t}.`)
        out[at + t] = sum
      }
    },
    signal,
  )
  if (mode === 'interp') {
    // The polynomial of the first `width` frames, and that of the last, go on to the ends.
    await eachFrame(
      2 * half,
      rows * width,
      (i) => {
        const [t, from, place] = i < half ? [i, 0, i - half] : [columns - 1 - (i - half), columns - width, 2 * half - i]
        const edge = weightsAt(place)
        for (let at = 0; at < out.length; at += columns) {
          let sum = 0
          for (let j = 0; j < width; j++) sum += edge[j]! * own[at + from + j]!
          out[at + t] = sum
        }
      },
      signal,
    )
  }
  return { data: out, rows, columns }
}

/** Weights of the points that give the `order`-th derivative of the polynomial fitted to them, at x = `place`. */
function derivative(polynomials: readonly GramPolynomial[], order: number, place: number): Float64Array {
  const weights = new Float64Array(polynomials[0]!.values.length)
  for (const { values, powers, square } of polynomials) {
    let slope = 0
    for (let power = order; power < powers.length; power++) {
      let factor = powers[power]!
      for (let i = 0; i < order; i++) factor *= power - i
      slope += factor * place ** (power - order)
    }
    if (slope !== 0) for (let i = 0; i < weights.length; i++) weights[i]! += (slope * values[i]!) / square
  }
  return weights
}

function beyond(data: Float32Array, at: number, count: number, t: number, mode: (typeof MODES)[number], constant: number): number {
  if (t >= 0 && t < count) return data[at + t]!
  if (mode === 'constant' || mode === 'interp') return constant
  if (mode === 'nearest') return data[at + (t < 0 ? 0 : count - 1)]!
  if (mode === 'wrap') return data[at + (((t % count) + count) % count)]!
  if (count === 1) return data[at]!
  const period = 2 * (count - 1)
  const place = ((t % period) + period) % period
  return data[at + (place < count ? place : period - place)]!
}
