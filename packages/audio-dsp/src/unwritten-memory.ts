// Memory in Node as its allocator gives it, without zeros: these would be written a moment later anyway, and cost a fifth of a transform.

import { Buffer, constants } from 'node:buffer'
import type { Memory } from './memory.ts'

/** Bytes below which zeros cost less than the detour. */
const SMALL_BYTES = 1 << 16

/**
 * glibc's malloc takes large blocks from the system one by one, and gives what is free at the end of its heap back, both from a size on that grows with
 * the largest block that it was ever given back, up to 32 MB and twice as much. Where it takes and gives the same megabytes for every call, their page
 * faults are a quarter of a transform. One block of almost 32 MB that is never written to (and so is no memory) moves both to where they end anyway.
 * Other allocators do nothing of the kind, and it means nothing to them.
 */
const LARGEST_THAT_COUNTS = 2 ** 25 - 2 ** 16

let told = false
function keepFreedMemory(): void {
  if (told) return
  told = true
  Buffer.allocUnsafeSlow(LARGEST_THAT_COUNTS)
}

/**
 * Memory that nobody wrote to. Its arrays are like any others: each has a buffer of its own, which may be transferred.
 * @param taken is told of all memory before it is written to
 */
export function unwrittenMemory(taken?: (memory: Uint8Array) => void): Memory {
  const bytes = (length: number): ArrayBufferLike => {
    keepFreedMemory()
    const memory = Buffer.allocUnsafeSlow(length)
    taken?.(memory)
    return memory.buffer
  }
  const fits = (length: number): boolean => length >= SMALL_BYTES && length <= constants.MAX_LENGTH
  return {
    floats: (length) => (fits(4 * length) ? new Float32Array(bytes(4 * length)) : new Float32Array(length)),
    doubles: (length) => (fits(8 * length) ? new Float64Array(bytes(8 * length)) : new Float64Array(length)),
  }
}
