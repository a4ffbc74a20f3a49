// LogWindow: a file read forwards through one buffer, so that reading a log takes the same memory whatever its size.

import { crc32 } from 'node:zlib'
import type { TimeSlice } from '../../concurrency/time-slice.ts'
import type { OpenFile } from '../storage/file-system.ts'

const PIECE = 1 << 20

export class LogWindow {
  /** Bytes of the file when it was opened; what is appended later is not looked at. */
  readonly size: number
  private readonly file: OpenFile
  private buffer: Buffer
  private from = 0
  private length = 0

  constructor(file: OpenFile, size: number) {
    this.file = file
    this.size = size
    this.buffer = Buffer.allocUnsafe(Math.min(PIECE, size))
  }

  /** The `count` bytes at `position`, as a view that is good until the next call; `undefined` where the file has not so many. */
  async take(position: number, count: number): Promise<Buffer | undefined> {
    if (count > this.size - position) return undefined
    if (position < this.from || position + count > this.from + this.length) {
      if (count > this.buffer.length) this.buffer = Buffer.allocUnsafe(count)
      this.from = position
      this.length = await this.file.read(this.buffer.subarray(0, Math.min(this.buffer.length, this.size - position)), position)
      // Cut by someone else since it was opened.
      if (this.length < count) return undefined
    }
    const at = position - this.from
    return this.buffer.subarray(at, at + count)
  }

  /** The CRC-32 of the bytes from `begin` to `end`; `undefined` where the file does not have them. */
  async checksum(begin: number, end: number, slice: TimeSlice): Promise<number | undefined> {
    let crc = 0
    for (let at = begin; at < end; ) {
      const held = this.from + this.length - at
      const count = Math.min(end - at, at >= this.from && held > 0 ? held : PIECE)
      const bytes = await this.take(at, count)
      if (!bytes) return undefined
      crc = crc32(bytes, crc)
      at += count
      if (slice.due()) await slice.pause()
    }
    return crc
  }

  /** The first place at or behind `from` where `pattern` stands. */
  async find(pattern: Uint8Array, from: number): Promise<number | undefined> {
    for (let at = from; this.size - at >= pattern.length; ) {
      const count = Math.min(PIECE, this.size - at)
      const bytes = await this.take(at, count)
      if (!bytes) return undefined
      const found = bytes.indexOf(pattern)
      if (found >= 0) return at + found
      // The pattern may begin in the last bytes of this piece.
      at += count - pattern.length + 1
    }
    return undefined
  }
}
