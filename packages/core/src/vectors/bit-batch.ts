// BitBatch: rows of bits packed into bytes, as hash codes travel.

import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from './vector-batch.ts'

/**
 * `count` rows of `bits` bits. Bit *j* of a row is `data[row * stride + (j >> 3)] & (1 << (j & 7))`.
 * `stride` is the bytes a row takes: ⌈bits / 64⌉ × 8, so that every row begins on 8 bytes; the bits past `bits` are 0.
 */
export interface BitBatch {
  readonly data: Uint8Array
  readonly count: number
  readonly bits: number
  readonly stride: number
}

/** Bytes a row of `bits` bits takes: padded to 8 bytes. */
export function bitStride(bits: number): number {
  return Math.ceil(bits / 64) * 8
}

/** An all-zero batch. */
export function bitBatch(count: number, bits: number): BitBatch {
  const stride = bitStride(bits)
  return { data: new Uint8Array(count * stride), count, bits, stride }
}

/** A batch copied from readable rows; for examples and tests, not for hot paths. */
export function bitBatchOf(rows: readonly ArrayLike<number | boolean>[]): BitBatch {
  const bits = rows[0]?.length ?? 0
  const batch = bitBatch(rows.length, bits)
  rows.forEach((row, i) => {
    if (row.length !== bits) throw new CbirError('INVALID_ARGUMENT', `Row ${i} has ${row.length} bits; row 0 has ${bits}.`)
    for (let j = 0; j < bits; j++) if (row[j]) batch.data[i * batch.stride + (j >> 3)]! |= 1 << (j & 7)
  })
  return batch
}

/** Row `i` as one boolean a bit: the readable view. */
export function bitsOf(batch: BitBatch, i: number): boolean[] {
  return Array.from({ length: batch.bits }, (_, j) => (batch.data[i * batch.stride + (j >> 3)]! & (1 << (j & 7))) !== 0)
}

/**
 * Checks the shape of a bit batch, and that the padding bits are 0 (a set padding bit would count as a difference).
 * @throws CbirError INVALID_ARGUMENT
 */
export function checkBitBatch(batch: BitBatch, what = 'codes'): void {
  checkBitShape(batch, what)
  checkPadding(batch, 0, batch.count, 0, what)
}

/** Checks the shape of a bit batch, and none of its bits. @throws CbirError INVALID_ARGUMENT */
export function checkBitShape(batch: BitBatch, what = 'codes'): void {
  const { data, count, bits, stride } = (batch ?? {}) as BitBatch
  const fail = (message: string): never => {
    throw new CbirError('INVALID_ARGUMENT', `${what}: ${message}`)
  }
  if (Object.prototype.toString.call(data) !== '[object Uint8Array]') fail(`data must be a Uint8Array, got ${describeType(data)}.`)
  if (!Number.isInteger(bits) || bits < 1) fail(`bits must be a positive integer, got ${String(bits)}.`)
  if (!Number.isInteger(count) || count < 0) fail(`count must be an integer of at least 0, got ${String(count)}.`)
  if (stride !== bitStride(bits)) fail(`stride must be ${bitStride(bits)} bytes for ${bits} bits, got ${String(stride)}.`)
  if (data.length !== count * stride) fail(`data has ${data.length} bytes; count × stride is ${count * stride}.`)
}

/** Checks that the padding bits of rows `from … to - 1` are 0; an error names the row plus `first`. @throws CbirError INVALID_ARGUMENT */
export function checkPadding({ data, bits, stride }: BitBatch, from: number, to: number, first = 0, what = 'codes'): void {
  const whole = bits >> 3
  if (whole === stride) return
  const mask = bits & 7 ? (0xff << (bits & 7)) & 0xff : 0
  for (let row = from; row < to; row++) {
    let stray = mask ? data[row * stride + whole]! & mask : data[row * stride + whole]!
    for (let byte = whole + 1; byte < stride; byte++) stray |= data[row * stride + byte]!
    if (stray) {
      throw new CbirError('INVALID_ARGUMENT', `${what}: row ${row + first} has a set bit past bit ${bits - 1}; padding bits must be 0.`)
    }
  }
}
