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
const STEP = 1 << 16

/** Rows that are turned together: what they write side by side fills a few cache lines. */
const BLOCK = 64

type Numbers = Float32Array | Float64Array

/** `out[c · rows + r] = data[r · columns + c]` for r from `from` to before `to`. */
function turn(data: Numbers, out: Numbers, rows: number, columns: number, from: number, to: number): void {
  for (let c = 0; c < columns; c++) {
    let o = c * rows + from
    for (let r = from, i = from * columns + c; r < to; r++, i += columns) out[o++] = data[i]!
  }
}

async function transposed<T extends Numbers>(data: T, out: T, rows: number, columns: number, signal?: AbortSignal): Promise<void> {
  if (rows === 1 || columns === 1) {
    out.set(data)
    return
  }
  const blocks = Math.ceil(rows / BLOCK)
  const step = Math.max(1, Math.floor(STEP / (columns * BLOCK)))
  const work = (from: number, to: number): void => {
    for (let block = from; block < to; block++) turn(data, out, rows, columns, block * BLOCK, Math.min(rows, (block + 1) * BLOCK))
  }
  await inSlices(blocks, step, work, signal)
}

async function transposedReal(data: Float32Array, rows: number, columns: number, signal?: AbortSignal): Promise<Float32Array> {
  const out = new Float32Array(data.length)
  await transposed(data, out, rows, columns, signal)
  return out
}

/** A complex number is moved as the eight bytes that it is. (No two finite floats make a double that is NaN.) */
async function transposedComplex(data: Float32Array, rows: number, columns: number, signal?: AbortSignal): Promise<Float32Array> {
  const out = new Float64Array(rows * columns)
  const whole = data.byteOffset % 8 === 0 ? data : data.slice()
  await transposed(new Float64Array(whole.buffer, whole.byteOffset, rows * columns), out, rows, columns, signal)
  return new Float32Array(out.buffer)
}

/** The matrix of frames: turned, but where the frames of a bin stand together as they do in a matrix. */
export async function toMatrix({ data, frames, bins, layout }: RealFrames, signal?: AbortSignal): Promise<Matrix> {
  return { data: layout === 'bins' ? data : await transposedReal(data, frames, bins, signal), rows: bins, columns: frames }
}

/** The columns of a matrix, one after another. The caller may change the matrix as soon as this has given its promise. */
export async function toFrames({ data, rows, columns }: Matrix, signal?: AbortSignal): Promise<RealFrames> {
  return { data: await transposedReal(data.slice(), rows, columns, signal), frames: columns, bins: rows }
}

/** As {@link toFrames}. @throws CbirError NOT_FINITE */
export async function finiteFrames(matrix: Matrix, signal?: AbortSignal): Promise<RealFrames> {
  const frames = await toFrames(matrix, signal)
  const { data, bins } = frames
  const work = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      if (Number.isFinite(data[i]!)) continue
      throw new CbirError(
        'NOT_FINITE',
        `The matrix holds ${data[i]} in row ${i % bins}, column ${Math.floor(i / bins)}. Only finite numbers are allowed.`,
      )
    }
  }
  await inSlices(data.length, STEP, work, signal)
  return frames
}

export async function toComplexFrames({ data, rows, columns }: ComplexMatrix, signal?: AbortSignal): Promise<ComplexFrames> {
  return { data: await transposedComplex(data.slice(), rows, columns, signal), frames: columns, bins: rows }
}

/** @throws CbirError INVALID_ARGUMENT unless it is a matrix of `width` floats a number, EMPTY where it has none */
export function checkMatrix(value: Matrix, width: 1 | 2 = 1): void {
  const { data, rows, columns } = (value ?? {}) as Partial<Matrix>
  const counts = Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && rows! >= 0 && columns! >= 0
  if (!(data instanceof Float32Array) || !counts || rows! * columns! * width !== data.length) {
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
