// BufferPool: memory for small private copies, used again: taking 3 kB afresh costs more than filling it.

/** Larger copies are taken afresh: 64 kB. */
const LARGEST = 1 << 14
/** Buffers that wait at most, so that an index keeps no more than 1 MB. */
const MOST = 16

/** Private buffers of exact length. One that was given back must have nobody else who still reads or writes it. */
export class BufferPool {
  private readonly free: Float32Array<ArrayBuffer>[] = []

  /** `length` numbers of any value. */
  take(length: number): Float32Array<ArrayBuffer> {
    // Of another length where the dimensions have changed, or of none where a driver has transferred it.
    const buffer = this.free.pop()
    return buffer?.length === length ? buffer : new Float32Array(length)
  }

  giveBack(buffer: Float32Array<ArrayBuffer>): void {
    if (buffer.length <= LARGEST && this.free.length < MOST) this.free.push(buffer)
  }
}
