// Memory for what is filled in one go before anybody sees it: the answers of calls, and private copies of what they are given.

import { ScratchMemory } from '@cbir/core/define'
import type { Samples } from './samples.ts'

/** Gives arrays whose numbers are whatever was there: each of them is to be written before the array goes on. */
export interface Memory {
  floats(length: number): Float32Array
  doubles(length: number): Float64Array
}

/** Memory as every platform gives it, all zeros. */
export const zeroedMemory: Memory = {
  floats: (length) => new Float32Array(length),
  doubles: (length) => new Float64Array(length),
}

/** An array of the type of the samples. */
export function samplesLike(samples: Samples, length: number, memory: Memory): Samples {
  return samples instanceof Float32Array ? memory.floats(length) : memory.doubles(length)
}

/** Scratch memory of the kind. */
export function scratchOf(memory: Memory): ScratchMemory {
  return new ScratchMemory((bytes) => memory.doubles(bytes / 8).buffer)
}
