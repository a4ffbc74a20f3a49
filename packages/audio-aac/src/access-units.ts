// The access units of a file, in batches for the codec: from the index of an MP4 file, or frame by frame in ADTS.

import { type AudioSource, ByteReader, type DamageLog, type DecodeContext, hasText, PacketBatch, u16, u32 } from '@cbir/audio-decode'
import { type AdtsHeader, adtsHeader, sameAdts } from './adts-header.ts'
import type { AudioTrack } from './mp4-tables.ts'

/** What is known of a unit: how many units are missing before it. */
export interface UnitNote {
  readonly missing: number
}

/** A `moov` box is some megabytes for hours of sound. */
const LARGEST_INDEX = 1 << 28

/** The body of the file's `moov` box, and a reader that stands where it can go on; read over what is before it. */
export async function findIndex(reader: ByteReader): Promise<Uint8Array | undefined> {
  while (await reader.have(8)) {
    const head = reader.peek(8)
    const short = u32(head, 0)
    const name = String.fromCharCode(...head.subarray(4, 8))
    if (short === 0 || (short === 1 && !(await reader.have(16)))) return undefined
    const large = short === 1
    const size = large ? u32(reader.peek(16), 8) * 2 ** 32 + u32(reader.peek(16), 12) : short
    if (size < (large ? 16 : 8)) return undefined
    if (name === 'moov') {
      if (size > LARGEST_INDEX || !(await reader.have(size))) return undefined
      return reader.take(size).subarray(large ? 16 : 8)
    }
    if (!(await reader.skip(size))) return undefined
  }
  return undefined
}

/** The units of a track from a reader that stands before the first of them, else from the beginning of the file. */
export async function* trackUnits(
  begun: ByteReader,
  source: AudioSource,
  track: AudioTrack,
  context: DecodeContext,
): AsyncGenerator<PacketBatch<UnitNote>, void, undefined> {
  const { damage } = context
  const first = track.places().next()
  let reader = begun
  // An index at the end of the file: its sound is behind us.
  if (!first.done && first.value.at < reader.position) {
    await reader.close()
    reader = new ByteReader(source, context)
  }
  try {
    let batch = new PacketBatch<UnitNote>()
    let missing = 0
    let done = 0
    for (const { at, bytes } of track.places()) {
      if (at < reader.position || bytes > LARGEST_UNIT) {
        if (missing === 0) damage.add('header', `the index names a place for unit ${done} that cannot be`)
        missing++
        continue
      }
      if (!((await reader.skip(at - reader.position)) && (await reader.have(bytes)))) {
        damage.add('truncated', `the file ends at byte ${reader.position + reader.here}, and has ${done} of ${track.units} units`)
        break
      }
      // A unit of no bytes is one that is missing.
      if (bytes === 0) missing++
      else {
        batch.add(reader.take(bytes), { missing })
        missing = 0
      }
      done++
      if (batch.isFull) {
        yield batch
        batch = new PacketBatch()
      }
    }
    if (!batch.isEmpty) yield batch
  } finally {
    await reader.close()
  }
}

/** 6144 bits a channel are the most for AAC, and verbatim samples for Apple Lossless. */
const LARGEST_UNIT = 1 << 20

/** The first frame of an ADTS stream; the reader then stands before it. */
export async function findAdts(reader: ByteReader, like: AdtsHeader | undefined, limit: number): Promise<AdtsHeader | undefined> {
  const end = reader.position + limit
  await reader.seek(0xff)
  while (reader.position < end && (await reader.have(7))) {
    const header = adtsHeader(reader.buffer, reader.at)
    if (header && (!like || sameAdts(header, like))) {
      if (await reader.have(header.size + 7)) {
        const next = adtsHeader(reader.buffer, reader.at + header.size)
        if (next && sameAdts(next, header)) return header
      } else if (reader.here === header.size) return header
    }
    reader.at++
    await reader.seek(0xff)
  }
  return undefined
}

/** The units of an ADTS stream, from the first frame on. */
export async function* adtsUnits(reader: ByteReader, first: AdtsHeader, damage: DamageLog): AsyncGenerator<PacketBatch<UnitNote>, void, undefined> {
  try {
    let batch = new PacketBatch<UnitNote>()
    let missing = 0
    while (await reader.have(7)) {
      const header = adtsHeader(reader.buffer, reader.at)
      if (header && sameAdts(header, first)) {
        if (!(await reader.have(header.size))) {
          damage.add('truncated', `the file ends inside of a frame, at byte ${reader.position + reader.here}`)
          break
        }
        const frame = reader.take(header.size)
        batch.add(frame.subarray(header.head), { missing })
        missing = 0
      } else {
        if (hasText(reader.peek(3), 'TAG') && !(await reader.have(129))) break
        const begin = reader.position
        const found = await findAdts(reader, first, Number.POSITIVE_INFINITY)
        damage.add('lost-sync', `${reader.position - begin} bytes from byte ${begin} on are no frames`)
        if (!found) break
        missing = Math.round((reader.position - begin) / first.size)
      }
      if (batch.isFull) {
        yield batch
        batch = new PacketBatch()
      }
    }
    if (!batch.isEmpty) yield batch
    if (reader.here > 0 && reader.here < 7 && u16(reader.peek(2), 0) >> 4 === 0xfff)
      damage.add('truncated', 'the file ends inside of the header of a frame')
  } finally {
    await reader.close()
  }
}
