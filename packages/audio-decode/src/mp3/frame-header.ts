// The header of an MPEG audio frame (ISO/IEC 11172-3, 13818-3, and the unofficial 2.5), and the checksum that may follow it.

import { u16 } from '../byte-reader.ts'
import { crc16 } from '../checksums.ts'

export interface FrameHeader {
  /** 1, 2, or 2.5. */
  readonly version: number
  readonly layer: number
  readonly sampleRate: number
  readonly channels: 1 | 2
  /** Bytes of the frame, header included. */
  readonly size: number
  /** Samples of each channel. */
  readonly frames: number
  readonly hasChecksum: boolean
}

const VERSIONS = [2.5, undefined, 2, 1] as const
const RATES = [44100, 48000, 32000]

/** Kilobits a second by index 1 to 14. */
const BIT_RATES = {
  first: [
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  later: [
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const

/** The header at a place, of which four bytes are there; `undefined` where none stands there, or one of free format, whose size is not told. */
export function frameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  const kind = bytes[at + 1]!
  const rates = bytes[at + 2]!
  if (bytes[at] !== 0xff || (kind & 0xe0) !== 0xe0) return undefined
  const version = VERSIONS[(kind >> 3) & 3]
  const layer = 4 - ((kind >> 1) & 3)
  const rate = RATES[(rates >> 2) & 3]
  if (version === undefined || layer === 4 || rate === undefined) return undefined
  const kilobits = BIT_RATES[version === 1 ? 'first' : 'later'][layer - 1]?.[(rates >> 4) - 1]
  if (kilobits === undefined) return undefined
  const sampleRate = version === 1 ? rate : version === 2 ? rate / 2 : rate / 4
  const padding = (rates >> 1) & 1
  const frames = layer === 1 ? 384 : layer === 3 && version !== 1 ? 576 : 1152
  const size =
    layer === 1 ? 4 * (Math.floor((12_000 * kilobits) / sampleRate) + padding) : Math.floor(((frames / 8) * 1000 * kilobits) / sampleRate) + padding
  return { version, layer, sampleRate, channels: bytes[at + 3]! >> 6 === 3 ? 1 : 2, size, frames, hasChecksum: (kind & 1) === 0 }
}

/** Whether both may stand in one stream. */
export function sameStream(a: FrameHeader, b: FrameHeader): boolean {
  return a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate
}

/** Bytes of side information in layer III. */
export function sideBytes({ version, channels }: FrameHeader): number {
  if (version === 1) return channels === 1 ? 17 : 32
  return channels === 1 ? 9 : 17
}

/** Whether the header and side information of a frame of layer III have the checksum beside them; true where there is none. */
export function checksumHolds(frame: Uint8Array, header: FrameHeader): boolean {
  if (!header.hasChecksum || header.layer !== 3) return true
  const end = 6 + sideBytes(header)
  if (frame.length < end) return true
  return crc16(frame, 6, end, crc16(frame, 2, 4, 0xffff)) === u16(frame, 4)
}
