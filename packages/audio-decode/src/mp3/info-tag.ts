// The first frame of many MPEG files, which holds no sound: how long the file is (Xing, Info, VBRI), and what its encoder added (LAME).

import { hasText, u16, u32 } from '../byte-reader.ts'
import { crc16Reflected } from '../checksums.ts'
import { type FrameHeader, sideBytes } from './frame-header.ts'

export interface InfoTag {
  /** Frames of MPEG that follow. */
  readonly packets: number | undefined
  /** Samples before the sound: the encoder's delay and the decoder's own 529; 0 where they are not told. */
  readonly delay: number
  /** Samples after the sound, of which the decoder's 529 are gone. */
  readonly padding: number
  /** The CRC-16 of all that follows, and how many bytes it is of. */
  readonly music: { readonly bytes: number; readonly checksum: number } | undefined
}

/** What every decoder of layer III adds. */
const DECODER_DELAY = 529

/** The tag in a frame; `undefined` for a frame of sound. */
export function infoTag(frame: Uint8Array, header: FrameHeader): InfoTag | undefined {
  if (header.layer !== 3) return undefined
  if (hasText(frame, 'VBRI', 36) && frame.length >= 54) return { packets: u32(frame, 50), delay: 0, padding: 0, music: undefined }
  const begin = 4 + (header.hasChecksum ? 2 : 0) + sideBytes(header)
  const xing = [begin, 4 + sideBytes(header)].find((at) => hasText(frame, 'Xing', at) || hasText(frame, 'Info', at))
  if (xing === undefined || frame.length < xing + 8) return undefined
  const flags = u32(frame, xing + 4)
  let at = xing + 8
  const packets = flags & 1 && frame.length >= at + 4 ? u32(frame, at) : undefined
  at += (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0)
  const none: InfoTag = { packets, delay: 0, padding: 0, music: undefined }
  if (frame.length < at + 36 || frame[at] === 0) return none
  const delay = (frame[at + 21]! << 4) | (frame[at + 22]! >> 4)
  const padding = ((frame[at + 22]! & 15) << 8) | frame[at + 23]!
  const told = delay > 0 || padding > 0
  const bytes = u32(frame, at + 28) - frame.length
  return {
    packets,
    delay: told ? delay + DECODER_DELAY : 0,
    padding: told ? Math.max(0, padding - DECODER_DELAY) : 0,
    // Only a tag that is whole itself is believed.
    music: isWhole(frame, at + 34) && bytes > 0 ? { bytes, checksum: u16(frame, at + 32) } : undefined,
  }
}

/** Bytes that libavformat's checksum is of, in which zeros follow a shorter frame. */
const CHECKED = 190

/** Whether the checksum at a place holds: of everything before it, as LAME has it, or of {@link CHECKED} bytes with zeros in its place, as libavformat. */
function isWhole(frame: Uint8Array, at: number): boolean {
  const declared = u16(frame, at)
  if (crc16Reflected(frame, 0, at, 0) === declared) return true
  const blank = new Uint8Array(CHECKED)
  blank.set(frame.subarray(0, CHECKED))
  blank.fill(0, at, at + 2)
  return crc16Reflected(blank, 0, CHECKED, 0) === declared
}

/** Samples of each channel that the tag promises. */
export function declaredSamples({ packets, delay, padding }: InfoTag, header: FrameHeader): number | undefined {
  if (packets === undefined || packets === 0) return undefined
  const samples = packets * header.frames - delay - padding
  return samples > 0 ? samples : undefined
}
