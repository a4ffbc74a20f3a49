// FLAC files written for tests, without compression: any number of bits, channels and samples in a frame, which encoders do not make.

import { crc8, crc16 } from '../../src/checksums.ts'
import { join } from './wav-writer.ts'

export interface FlacOptions {
  readonly bits: number
  readonly sampleRate?: number
  /** Samples in each frame, in order; the last one goes on to the end. */
  readonly blocks?: readonly number[]
}

/** Channels of integers; one number of samples in all frames but the last is a stream of fixed size, else of variable size. No MD5. */
export function flacFile(channels: readonly Int32Array[], { bits, sampleRate = 22050, blocks = [4096] }: FlacOptions): Uint8Array<ArrayBuffer> {
  const { length } = channels[0]!
  const fixed = blocks.length === 1
  const frames: Uint8Array[] = []
  for (let at = 0, i = 0; at < length; i++) {
    const size = Math.min(length - at, blocks[Math.min(i, blocks.length - 1)]!)
    frames.push(
      flacFrame(
        channels.map((channel) => channel.subarray(at, at + size)),
        bits,
        fixed ? i : at,
        fixed,
      ),
    )
    at += size
  }
  const info = new Bits()
  const largest = Math.max(16, ...blocks)
  info.put(Math.min(largest, ...(fixed ? [largest] : [16])), 16)
  info.put(largest, 16)
  info.put(0, 24)
  info.put(0, 24)
  info.put(sampleRate, 20)
  info.put(channels.length - 1, 3)
  info.put(bits - 1, 5)
  info.put(0, 4)
  info.put(length, 32)
  for (let i = 0; i < 4; i++) info.put(0, 32)
  return join([Uint8Array.from([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34]), info.bytes(), ...frames])
}

/** One frame of verbatim subframes (RFC 9639, section 9). */
function flacFrame(channels: readonly Int32Array[], bits: number, number: number, fixed: boolean): Uint8Array {
  const out = new Bits()
  out.put(fixed ? 0xfff8 : 0xfff9, 16)
  // Block size in 16 bits behind the number; rate and bits as in STREAMINFO.
  out.put(0x70, 8)
  out.put((channels.length - 1) << 4, 8)
  for (const byte of coded(number)) out.put(byte, 8)
  out.put(channels[0]!.length - 1, 16)
  const head = out.bytes()
  out.put(crc8(head, 0, head.length), 8)
  for (const channel of channels) {
    out.put(2, 8)
    for (const value of channel) out.put(value, bits)
  }
  const body = out.bytes()
  return join([body, Uint8Array.of(crc16(body, 0, body.length, 0) >> 8, crc16(body, 0, body.length, 0) & 0xff)])
}

/** A number of up to 31 bits as UTF-8 codes it. */
function coded(number: number): number[] {
  if (number < 0x80) return [number]
  const length = [0x800, 0x10000, 0x200000, 0x4000000].findIndex((limit) => number < limit) + 2 || 6
  const bytes = [((0xff00 >> length) & 0xff) | Math.floor(number / 64 ** (length - 1))]
  for (let i = length - 2; i >= 0; i--) bytes.push(0x80 | (Math.floor(number / 64 ** i) & 0x3f))
  return bytes
}

/** Numbers written bit by bit, the most significant first; what is left of the last byte is zeros. */
class Bits {
  private readonly whole: number[] = []
  private rest = 0
  private free = 8

  put(value: number, bits: number): void {
    for (let left = bits; left > 0; ) {
      const take = Math.min(left, this.free)
      this.rest = (this.rest << take) | ((value >> (left - take)) & ((1 << take) - 1))
      this.free -= take
      left -= take
      if (this.free > 0) continue
      this.whole.push(this.rest)
      this.rest = 0
      this.free = 8
    }
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.free < 8 ? [...this.whole, this.rest << this.free] : this.whole)
  }
}
