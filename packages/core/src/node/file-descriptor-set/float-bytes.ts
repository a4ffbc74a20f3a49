// Float32 numbers as the little-endian bytes of a file.

import { endianness } from 'node:os'

const SWAPPED = endianness() === 'BE'

/** The bytes of `data` in the order of the file: a view where the machine has that order. */
export function toFileOrder(data: Float32Array): Uint8Array {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  return SWAPPED ? Buffer.from(bytes).swap32() : bytes
}

/** Turns bytes that were read from a file into `data` into numbers. */
export function fromFileOrder(data: Float32Array): void {
  if (SWAPPED) Buffer.from(data.buffer, data.byteOffset, data.byteLength).swap32()
}
