// MemoryPool: memory of finished pictures, kept for the next ones. Buffers of hundreds of kilobytes a picture, made and dropped, have the
// garbage collector stop everything twice a second, and the system hand out and clear fresh pages each time.

/** More free memory than this is not held: what lay unused longest is left to the garbage collector. */
const MAX_BYTES = 1 << 25
/** Nor more buffers than this: finding one means looking through them. */
const MAX_BUFFERS = 64

export class MemoryPool {
  /** The buffers that this pool made, in use or free: no other is ever taken in. */
  private readonly own = new WeakSet<ArrayBufferLike>()
  /** Free buffers; the one given back last is the last. */
  private readonly free: ArrayBuffer[] = []
  private freeBytes = 0

  /** Exactly `byteLength` bytes, of any content, that nobody else has until they are given back. */
  take(byteLength: number): ArrayBuffer {
    const at = this.free.findLastIndex((buffer) => buffer.byteLength === byteLength)
    if (at >= 0) {
      this.freeBytes -= byteLength
      return this.free.splice(at, 1)[0]!
    }
    const buffer = new ArrayBuffer(byteLength)
    this.own.add(buffer)
    return buffer
  }

  /** Takes back a buffer. One that this pool did not make, has already, or that was moved to another thread meanwhile is left alone. */
  give(buffer: ArrayBufferLike): void {
    if (!(buffer instanceof ArrayBuffer) || !this.own.has(buffer) || buffer.byteLength === 0 || this.free.includes(buffer)) return
    this.free.push(buffer)
    this.freeBytes += buffer.byteLength
    while (this.freeBytes > MAX_BYTES || this.free.length > MAX_BUFFERS) this.freeBytes -= this.free.shift()!.byteLength
  }
}
