// Private copies: memory of what calls are given, which is copied before they return. What one call is through with, the next one takes: new megabytes
// for every call would have the garbage collector at work for nothing.

import type { Memory } from './memory.ts'
import { samplesLike } from './memory.ts'
import type { Samples } from './samples.ts'

/** Bytes below which a new array costs less than a look for an old one. */
const SMALL_BYTES = 1 << 16
/** Bytes above which a copy is not kept. */
const LARGE_BYTES = 1 << 25
/** How many are kept for calls to come; the garbage collector may take them. */
const MAX_KEPT = 4

export class PrivateCopies {
  private readonly memory: Memory
  private kept: WeakRef<ArrayBufferLike>[] = []

  constructor(memory: Memory) {
    this.memory = memory
  }

  /** An array of the type of the samples, whose numbers are whatever was there. */
  take<T extends Samples>(samples: T, length: number): T
  take(samples: Samples, length: number): Samples {
    const bytes = length * samples.BYTES_PER_ELEMENT
    const kept = bytes < SMALL_BYTES ? undefined : this.smallestOf(bytes)
    if (!kept) return samplesLike(samples, length, this.memory)
    return samples instanceof Float32Array ? new Float32Array(kept, 0, length) : new Float64Array(kept, 0, length)
  }

  /** For calls to come. Nothing may look at the array any more: it is not for those of a call that failed, which may have left somebody at work. */
  giveBack({ buffer }: Samples): void {
    if (buffer.byteLength < SMALL_BYTES || buffer.byteLength > LARGE_BYTES) return
    this.kept.unshift(new WeakRef(buffer))
    this.kept.length = Math.min(this.kept.length, MAX_KEPT)
  }

  /** Takes the smallest that is large enough, and at most twice as large. */
  private smallestOf(bytes: number): ArrayBufferLike | undefined {
    let found: ArrayBufferLike | undefined
    this.kept = this.kept.filter((each) => {
      const buffer = each.deref()
      if (buffer && buffer.byteLength >= bytes && buffer.byteLength <= 2 * bytes && !(found && found.byteLength <= buffer.byteLength)) found = buffer
      return buffer !== undefined
    })
    this.kept = this.kept.filter((each) => each.deref() !== found)
    return found
  }
}
