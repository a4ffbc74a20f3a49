// BufferPool: memory for private copies, used again: taking memory afresh costs several times as much as filling it.

/** Numbers of a small copy, at most: 64 kB. */
const SMALL = 1 << 14
/** Small buffers that wait at most, so that an index keeps no more than 1 MB. */
const MOST = 16

/** Private buffers of exact length. One that was given back must have nobody else who still reads or writes it. */
export class BufferPool {
  private readonly small: Float32Array<ArrayBuffer>[] = []
  /** The last large one, as long as the garbage collector leaves it: a batch that is asked again and again is copied to warm memory. */
  private large: WeakRef<Float32Array<ArrayBuffer>> | undefined

  /** `length` numbers of any value. */
  take(length: number): Float32Array<ArrayBuffer> {
    const buffer = length > SMALL ? this.takeLarge() : this.small.pop()
    // Of another length where the batches differ, or of none where a driver has transferred it.
    return buffer?.length === length ? buffer : new Float32Array(length)
  }

  giveBack(buffer: Float32Array<ArrayBuffer>): void {
    if (buffer.length > SMALL) this.large = new WeakRef(buffer)
    else if (this.small.length < MOST) this.small.push(buffer)
  }

  private takeLarge(): Float32Array<ArrayBuffer> | undefined {
    const buffer = this.large?.deref()
    this.large = undefined
    return buffer
  }
}
