// Finiteness: NaN and ±Infinity are found before anything computes with them.

import { CbirError } from '../errors/cbir-error.ts'

/** Whether data[from…to) holds only finite numbers. x·0 is NaN for NaN and ±Infinity, else 0; four sums keep the processor busy. */
export function allFinite(data: Float32Array, from = 0, to: number = data.length): boolean {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = from
  for (; i + 3 < to; i += 4) {
    a += data[i]! * 0
    b += data[i + 1]! * 0
    c += data[i + 2]! * 0
    d += data[i + 3]! * 0
  }
  for (; i < to; i++) a += data[i]! * 0
  return a + b + c + d === 0
}

/** The error for the first number in data[from…to) that is not finite. `nameOf` gives the name of a row for the message. */
export function notFiniteError(data: Float32Array, dimensions: number, from: number, to: number, nameOf: (row: number) => string): CbirError {
  let i = from
  while (i < to && Number.isFinite(data[i])) i++
  const row = Math.floor(i / dimensions)
  return new CbirError(
    'NOT_FINITE',
    `${nameOf(row)} holds ${data[i]} at position ${i % dimensions}. Only finite numbers are allowed: repair or leave out that vector.`,
    {
      details: { row, position: i % dimensions },
    },
  )
}
