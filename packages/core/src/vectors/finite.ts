// Finiteness: NaN and ±Infinity are found before anything computes with them.

import { CbirError } from '../errors/cbir-error.ts'

/**
 * Whether data[from…to) holds only finite numbers. A sum in double precision stays finite exactly where every float32 in it is, as no number of
 * them that fits into memory reaches its limit; eight sums keep the processor busy.
 */
export function allFinite(data: Float32Array, from = 0, to: number = data.length): boolean {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let e = 0
  let f = 0
  let g = 0
  let h = 0
  let i = from
  for (; i + 7 < to; i += 8) {
    a += data[i]!
    b += data[i + 1]!
    c += data[i + 2]!
    d += data[i + 3]!
    e += data[i + 4]!
    f += data[i + 5]!
    g += data[i + 6]!
    h += data[i + 7]!
  }
  for (; i < to; i++) a += data[i]!
  return Number.isFinite(a + b + c + d + e + f + g + h)
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
