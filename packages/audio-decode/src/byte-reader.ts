// ByteReader: a stream of chunks read as one run of bytes, a few at a time, in bounded memory.

import type { CallOptions } from '@cbir/core'
import { abortable, TimeSlice, throwIfAborted } from '@cbir/core/define'
import type { AudioSource } from './audio-decoder.ts'

/** The first memory in which chunks are joined. */
const SMALLEST = 1 << 12

/** Bytes wait here until they are taken; what was taken is forgotten. */
export class ByteReader {
  /** The bytes that are here are `buffer[at]` to `buffer[end - 1]`. It may be a chunk of the source: nobody writes to it. */
  buffer: Uint8Array<ArrayBuffer> = new Uint8Array()
  at = 0
  end = 0
  /** Where chunks are joined that something spans. */
  private own: Uint8Array<ArrayBuffer> = this.buffer
  private taken = 0
  private over = false
  private waiting = false
  private readonly chunks: AsyncIterator<Uint8Array>
  private readonly signal: AbortSignal | undefined
  private readonly slice: TimeSlice = new TimeSlice()

  constructor(source: AudioSource, options: CallOptions) {
    this.signal = options.signal
    this.chunks = source.stream(options)[Symbol.asyncIterator]()
  }

  /** Bytes that are here. */
  get here(): number {
    return this.end - this.at
  }

  /** Where the next byte stands in the file. */
  get position(): number {
    return this.taken + this.at
  }

  /** Waits until `count` bytes are here; false where the file ends before. */
  async have(count: number): Promise<boolean> {
    while (this.here < count) {
      if (this.over) return false
      throwIfAborted(this.signal)
      if (this.slice.due()) await this.slice.pause()
      this.keepRest()
      this.waiting = true
      const step = await abortable(Promise.resolve(this.chunks.next()), this.signal)
      this.waiting = false
      if (step.done) this.over = true
      else this.append(step.value)
    }
    return true
  }

  /** The next `count` bytes, which are here, without taking them. Overwritten by the next `have`. */
  peek(count: number): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(this.at, this.at + count)
  }

  /** The next `count` bytes, which are here, as a copy. */
  take(count: number): Uint8Array<ArrayBuffer> {
    const bytes = this.buffer.slice(this.at, this.at + count)
    this.at += count
    return bytes
  }

  /** Leaves bytes out, also more than are here; false where the file ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count
    while (left > this.here) {
      left -= this.here
      this.at = this.end
      if (!(await this.have(1))) return false
    }
    this.at += left
    return true
  }

  /** Leaves out bytes up to the next one that is `byte`, or the end of the file. Gives how many of them were not 0. */
  async seek(byte: number): Promise<number> {
    let passed = 0
    while (await this.have(1)) {
      const found = this.buffer.indexOf(byte, this.at)
      const until = found < 0 || found > this.end ? this.end : found
      for (; this.at < until; this.at++) if (this.buffer[this.at] !== 0) passed++
      if (this.at < this.end) break
    }
    return passed
  }

  /** Ends the source. One that is still at work on a chunk ends when it is done with it, which may be never: that is not waited for. */
  async close(): Promise<void> {
    if (this.over) return
    this.over = true
    const closed = Promise.resolve(this.chunks.return?.()).catch(() => undefined)
    if (!this.waiting) await closed
  }

  /** The source may fill the memory of its last chunk again as soon as it is asked for the next. */
  private keepRest(): void {
    if (this.buffer === this.own || this.here === 0) return
    const rest = this.buffer.subarray(this.at, this.end)
    if (rest.length > this.own.length) this.own = new Uint8Array(Math.max(SMALLEST, rest.length))
    this.own.set(rest)
    this.moveTo(this.own, rest.length)
  }

  /** A chunk that comes when nothing is here is read where it lies. */
  private append(chunk: Uint8Array): void {
    const here = this.here
    if (here === 0) {
      this.moveTo(new Uint8Array(chunk.buffer as ArrayBuffer, chunk.byteOffset, chunk.length), chunk.length)
      return
    }
    if (this.end + chunk.length > this.own.length) {
      const target = here + chunk.length > this.own.length ? new Uint8Array(Math.max(2 * here, here + chunk.length)) : this.own
      target.set(this.own.subarray(this.at, this.end))
      this.own = target
      this.moveTo(target, here)
    }
    this.own.set(chunk, this.end)
    this.end += chunk.length
  }

  /** The bytes that are here are now the first `count` of `buffer`. */
  private moveTo(buffer: Uint8Array<ArrayBuffer>, count: number): void {
    this.taken += this.at
    this.buffer = buffer
    this.at = 0
    this.end = count
  }
}

/** Big-endian numbers at a place, as most of these formats write them. */
export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

export function u24(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | u16(bytes, at + 1)
}

export function u32(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 0x1000000 + u24(bytes, at + 1)
}

/** Whether `text` (latin-1) stands at a place. */
export function hasText(bytes: Uint8Array, text: string, at = 0): boolean {
  if (at + text.length > bytes.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
