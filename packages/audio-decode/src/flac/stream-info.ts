// The header of a FLAC file (RFC 9639): the metadata block STREAMINFO.

import { u16, u24, u32 } from '../byte-reader.ts'
import { corrupt } from '../damage.ts'

export const STREAM_INFO_BYTES = 34

export interface StreamInfo {
  /** Samples of a frame at most. */
  readonly largestBlock: number
  /** Bytes of a frame at most; 0 where it is not told. */
  readonly largestFrame: number
  readonly sampleRate: number
  readonly channels: number
  readonly bitsPerSample: number
  /** `undefined` where it is not told. */
  readonly frames: number | undefined
  /** MD5 of the samples in hexadecimal; `undefined` where it is not told. */
  readonly md5: string | undefined
  /** `fLaC` and this block alone: the beginning of a file without other metadata. */
  readonly header: Uint8Array<ArrayBuffer>
}

/** @throws CbirError CORRUPT_DATA */
export function streamInfo(block: Uint8Array, label: string): StreamInfo {
  if (block.length < STREAM_INFO_BYTES) throw corrupt(label, `its STREAMINFO has ${block.length} bytes, not ${STREAM_INFO_BYTES}.`)
  const sampleRate = (u24(block, 10) >> 4) & 0xfffff
  if (sampleRate === 0) throw corrupt(label, 'its header says a sample rate of 0.')
  const frames = (block[13]! & 15) * 2 ** 32 + u32(block, 14)
  const md5 = Array.from(block.subarray(18, 34), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const header = new Uint8Array(8 + STREAM_INFO_BYTES)
  header.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, STREAM_INFO_BYTES])
  header.set(block.subarray(0, STREAM_INFO_BYTES), 8)
  return {
    largestBlock: Math.max(16, u16(block, 2)),
    largestFrame: u24(block, 7),
    sampleRate,
    channels: ((block[12]! >> 1) & 7) + 1,
    bitsPerSample: (((block[12]! & 1) << 4) | (block[13]! >> 4)) + 1,
    frames: frames > 0 ? frames : undefined,
    md5: /^0+$/.test(md5) ? undefined : md5,
    header,
  }
}
