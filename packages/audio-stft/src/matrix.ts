// Matrix: what every feature gives, librosa's (features, frames): a row for each feature, a column for each frame of time.

import type { ComplexFrames, RealFrames } from '@cbir/audio-dsp'
import { CbirError, describeType } from '@cbir/core'
import { inSlices } from '@cbir/core/define'

/** Row-major: feature `r` of frame `t` is `data[r · columns + t]`. Time runs along a row. */
export interface Matrix {
  readonly data: Float32Array
  /** Features: bins, mel bands, coefficients, … */
  readonly rows: number
  /** Frames of time. */
  readonly columns: number
}

/** A matrix of complex numbers: bin `r` of frame `t` is `data[2 · (r · columns + t)]` (re) and the number after it (im). */
export interface ComplexMatrix {
  readonly data: Float32Array
  readonly rows: number
  readonly columns: number
}

/** Numbers moved between two looks at the clock: a few hundred microseconds. */
const STEP = 1 << 15

/** Rows that are turned together: their sixteen floats are a cache line of the answer. */
const BLOCK = 16

/** `out[c · rows + r] = data[r · columns + c]`, in slices; a number may have `width` floats. */
async function transposed(data: Float32Array, rows: number, columns: number, width: 1 | 2, signal?: AbortSignal): Promise<Float32Array> {
  const out = new Float32Array(data.length)
  if (rows === 1 || columns === 1) {
    out.set(data)
    return out
  }
  const step = Math.max(BLOCK, Math.floor(STEP / (columns * width) / BLOCK) * BLOCK)
  await inSlices(
    rows,
    step,
    (from, to) => {
      for (let begin = from; begin < to; begin += BLOCK) {
        const end = Math.min(begin + BLOCK, to)
        if (width === 1) {
          for (let c = 0; c < columns; c++) for (let r = begin; r < end; r++) out[c * rows + r] = data[r * columns + c]!
          continue
        }
        for (let c = 0; c < columns; c++) {
          for (let r = begin; r < end; r++) {
            out[2 * (c * rows + r)] = data[2 * (r * columns + c)]!
            out[2 * (c * rows + r) + 1] = data[2 * (r * columns + c) + 1]!
          }
        }
      }
    },
    signal,
  )
  return out
}

/** The matrix of frames that stand one after another. */
export async function toMatrix({ data, frames, bins }: RealFrames, signal?: AbortSignal): Promise<Matrix> {
  return { data: await transposed(data, frames, bins, 1, signal), rows: bins, columns: frames }
}

export async function toComplexMatrix({ data, frames, bins }: ComplexFrames, signal?: AbortSignal): Promise<ComplexMatrix> {
  return { data: await transposed(data, frames, bins, 2, signal), rows: bins, columns: frames }
}

/** The columns of a matrix, one after another. The caller may change the matrix as soon as this has given its promise. */
export async function toFrames({ data, rows, columns }: Matrix, signal?: AbortSignal): Promise<RealFrames> {
  return { data: await transposed(data.slice(), rows, columns, 1, signal), frames: columns, bins: rows }
}

export async function toComplexFrames({ data, rows, columns }: ComplexMatrix, signal?: AbortSignal): Promise<ComplexFrames> {
  return { data: await transposed(data.slice(), rows, columns, 2, signal), frames: columns, bins: rows }
}

/** @throws CbirError INVALID_ARGUMENT unless it is a matrix of `width` floats a number, EMPTY where it has none */
export function checkMatrix(value: Matrix, width: 1 | 2 = 1): void {
  const { data, rows, columns } = value as Partial<Matrix>
  if (!(data instanceof Float32Array) || !Number.isSafeInteger(rows) || !Number.isSafeInteger(columns) || rows! * columns! * width !== data.length) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `A matrix is { data: Float32Array, rows, columns } with ${width === 2 ? '2 · ' : ''}rows · columns numbers; given was ${describeType(value)}${data instanceof Float32Array ? ` with ${data.length} numbers, rows ${rows}, columns ${columns}` : ''}.`,
    )
  }
  if (data.length === 0) throw new CbirError('EMPTY', `The matrix has ${rows} rows and ${columns} columns: there is nothing in it.`)
}

export function isMatrix(value: unknown): value is Matrix {
  return typeof value === 'object' && value !== null && 'rows' in value && 'columns' in value
}
