// The header of a FLAC frame (RFC 9639, section 9.1).

import { u16 } from '../byte-reader.ts'
import { crc8 } from '../checksums.ts'
import type { StreamInfo } from './stream-info.ts'

/** Bytes of a header at most. */
export const LONGEST_HEADER = 16

/** Bits of a sample by their code; 0: as STREAMINFO says. */
const BITS = [0, 8, 12, undefined, 16, 20, 24, 32] as const

export interface FlacFrameHeader {
  /** Samples of each channel. */
  readonly frames: number
  /** Number of the first sample. */
  readonly first: number
  readonly channels: number
}

/**
 * The header at a place, where {@link LONGEST_HEADER} bytes are there or the file ends; `undefined` where none stands there, or one that does not
 * belong to the stream.
 */
export function flacFrameHeader(bytes: Uint8Array, at: number, end: number, info: StreamInfo): FlacFrameHeader | undefined {
  if (end - at < 6 || bytes[at] !== 0xff || (bytes[at + 1]! & 0xfe) !== 0xf8) return undefined
  const variable = (bytes[at + 1]! & 1) === 1
  const sizes = bytes[at + 2]!
  const kinds = bytes[at + 3]!
  const channelCode = kinds >> 4
  const channels = channelCode < 8 ? channelCode + 1 : 2
  const bits = BITS[(kinds >> 1) & 7]
  if (channelCode > 10 || kinds & 1 || channels !== info.channels || (bits !== 0 && bits !== info.bitsPerSample)) return undefined
  let next = at + 4
  const length = codedLength(bytes[next]!)
  if (length === 0 || next + length > end) return undefined
  let number = length === 1 ? bytes[next]! : bytes[next]! & (0x7f >> length)
  for (let i = 1; i < length; i++) {
    const byte = bytes[next + i]!
    if ((byte & 0xc0) !== 0x80) return undefined
    number = number * 64 + (byte & 0x3f)
  }
  next += length
  let frames = blockSize(sizes >> 4)
  if (sizes >> 4 === 6) frames = bytes[next++]! + 1
  else if (sizes >> 4 === 7) {
    frames = u16(bytes, next) + 1
    next += 2
  }
  const rateCode = sizes & 15
  next += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0
  if (frames === 0 || rateCode === 15 || next >= end || crc8(bytes, at, next) !== bytes[next]) return undefined
  // A fixed size is that of all frames but the last.
  return { frames, first: variable ? number : number * info.largestBlock, channels }
}

/** Bytes of a number coded as in UTF-8, by its first byte; 0 where it is none. */
function codedLength(byte: number): number {
  if (byte < 0x80) return 1
  if (byte < 0xc0 || byte === 0xff) return 0
  return Math.clz32(~(byte << 24))
}

function blockSize(code: number): number {
  if (code === 1) return 192
  if (code >= 2 && code <= 5) return 576 << (code - 2)
  return code >= 8 ? 256 << (code - 8) : 0
}
