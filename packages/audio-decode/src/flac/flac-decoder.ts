// The decoder of FLAC files. Frames are found and checked here (header CRC-8, frame CRC-16, sample numbers, total, MD5); libFLAC decodes them.

import type { AudioDecoder, AudioSource, Block, DecodeContext, OpenedAudio } from '../audio-decoder.ts'
import { ByteReader, hasText, u24 } from '../byte-reader.ts'
import { crc16 } from '../checksums.ts'
import type { Codec } from '../codec/codec-host.ts'
import { ownCodec } from '../codec/own-codec.ts'
import { decodeBatches, PacketBatch } from '../codec/packet-batch.ts'
import { LONGEST_SILENCE, Timeline } from '../codec/timeline.ts'
import { corrupt, type DamageLog } from '../damage.ts'
import { skipId3 } from '../id3.ts'
import { type FlacFrameHeader, flacFrameHeader, LONGEST_HEADER } from './frame-header.ts'
import { STREAM_INFO_BYTES, type StreamInfo, streamInfo } from './stream-info.ts'

const MODULE = ownCodec('flac-codec')
/** Bytes looked through between two looks at the clock. */
const STEP = 1 << 16

export const flacDecoder: AudioDecoder = {
  contentTypes: ['audio/flac', 'audio/x-flac'],
  async open(source, context): Promise<OpenedAudio> {
    const reader = new ByteReader(source, context)
    try {
      return await openFlac(reader, source, context)
    } catch (error) {
      await reader.close()
      throw error
    }
  },
}

async function openFlac(reader: ByteReader, { label }: AudioSource, context: DecodeContext): Promise<OpenedAudio> {
  await skipId3(reader)
  if (!(await reader.have(8)) || !hasText(reader.peek(4), 'fLaC')) throw corrupt(label, 'it does not begin as a FLAC file (fLaC).')
  reader.at += 4
  let info: StreamInfo | undefined
  for (let last = false; !last; ) {
    if (!(await reader.have(4))) throw corrupt(label, 'the file ends inside of its metadata.')
    // A frame where a metadata block should be: the rest of the metadata is missing.
    if (info && flacFrameHeader(reader.buffer, reader.at, reader.end, info)) break
    const head = reader.take(4)
    last = (head[0]! & 0x80) !== 0
    const size = u24(head, 1)
    if (!info) {
      if ((head[0]! & 0x7f) !== 0 || size !== STREAM_INFO_BYTES) throw corrupt(label, 'its first metadata block is not STREAMINFO.')
      if (!(await reader.have(size))) throw corrupt(label, 'the file ends inside of its STREAMINFO.')
      info = streamInfo(reader.take(size), label)
    } else if (!(await reader.skip(size))) throw corrupt(label, 'the file ends inside of its metadata, before its sound.')
  }
  const found = info!
  const { header, bitsPerSample, sampleRate } = found
  const codec = await context.codecs.create(MODULE, { header, bitsPerSample, sampleRate })
  return {
    encoding: 'flac',
    sampleRate,
    channels: found.channels,
    declaredFrames: found.frames,
    blocks: () => decodeFlac(flacFrames(reader, found, context.damage), codec, found, context.damage),
    async close() {
      await Promise.all([reader.close(), codec.free()])
    },
  }
}

/** Whole frames, each with its header, whose checksums hold. */
export async function* flacFrames(
  reader: ByteReader,
  info: StreamInfo,
  damage: DamageLog,
): AsyncGenerator<PacketBatch<FlacFrameHeader>, void, undefined> {
  let batch = new PacketBatch<FlacFrameHeader>()
  let lostFrom: number | undefined
  for (;;) {
    const more = await reader.have(LONGEST_HEADER)
    if (reader.here === 0) break
    const header = flacFrameHeader(reader.buffer, reader.at, reader.end, info)
    const size = header && (await frameSize(reader, header, info))
    if (header && size !== undefined) {
      lostFrom = undefined
      batch.add(reader.take(size), header)
      if (batch.isFull) {
        yield batch
        batch = new PacketBatch()
      }
      continue
    }
    if (lostFrom === undefined && hasText(reader.peek(Math.min(3, reader.here)), 'TAG') && !(await reader.have(129))) break
    if (lostFrom === undefined) {
      lostFrom = reader.position
      damage.add(header ? 'checksum' : 'lost-sync', `from byte ${lostFrom} on there is ${header ? 'a frame without its checksum' : 'no frame'}`)
    }
    if (!more) break
    reader.at++
    await reader.seek(0xff)
  }
  if (!batch.isEmpty) yield batch
}

/** Bytes of the frame that begins here: up to a place where its CRC-16 holds and another frame, or nothing, follows. */
async function frameSize(reader: ByteReader, { frames, channels }: FlacFrameHeader, info: StreamInfo): Promise<number | undefined> {
  // Verbatim samples are the most, with a bit more for a difference of channels.
  const largest = Math.max(info.largestFrame + 1, Math.ceil((frames * channels * (info.bitsPerSample + 1)) / 8) + 64)
  let checked = 0
  let rest = 0
  for (let size = 6; size <= largest; ) {
    const whole = await reader.have(Math.min(largest, size + STEP) + LONGEST_HEADER)
    const { buffer, at, end } = reader
    const until = Math.min(largest, whole ? size + STEP : reader.here)
    for (; size < until; size++) {
      if (buffer[at + size] !== 0xff || !flacFrameHeader(buffer, at + size, end, info)) continue
      rest = crc16(buffer, at + checked, at + size, rest)
      checked = size
      if (rest === 0) return size
    }
    if (!whole) return lastFrameSize(buffer, at, end, checked, rest)
    if (size === largest) return undefined
  }
  return undefined
}

/** The last frame goes to the end of the file, or to an ID3v1 tag of 128 bytes. */
function lastFrameSize(buffer: Uint8Array, at: number, end: number, checked: number, rest: number): number | undefined {
  for (const size of [end - at, end - at - 128]) {
    if (size > checked && crc16(buffer, at + checked, at + size, rest) === 0) return size
  }
  return undefined
}

/** The frames decoded and put in their places; then total and MD5 are compared. */
export async function* decodeFlac(
  batches: AsyncGenerator<PacketBatch<FlacFrameHeader>, void, undefined>,
  codec: Codec,
  info: StreamInfo,
  damage: DamageLog,
): AsyncGenerator<Block, void, undefined> {
  const line = new Timeline(info.channels, 0, info.frames)
  let expected: number | undefined
  for await (const { notes, decoded } of decodeBatches(batches, codec)) {
    let at = 0
    let begin = 0
    for (const [i, header] of notes.entries()) {
      const count = Math.max(0, decoded.counts[i]!)
      // A file that was cut out of another one does not begin at 0; a damaged one does.
      const gap = header.first - (expected ?? (damage.count > 0 ? 0 : header.first))
      const lost = count < header.frames ? header.frames - count : 0
      if (gap !== 0) damage.add('gap', `${gap > 0 ? `${gap} frames are missing` : `${-gap} frames come twice`} before sample ${header.first}`)
      if (lost > 0) damage.add('decoder', `the decoder gave ${count} of ${header.frames} frames at sample ${header.first}`)
      if (gap > 0) {
        const before = line.sound(decoded.channels, begin, at)
        if (before) yield before
        begin = at
        const filled = line.silence(Math.min(gap, LONGEST_SILENCE * info.sampleRate))
        if (filled) yield filled
      }
      at += count
      expected = header.first + header.frames
    }
    const block = line.sound(decoded.channels, begin, at)
    if (block) yield block
  }
  await compare(line.given, codec, info, damage)
}

async function compare(given: number, codec: Codec, info: StreamInfo, damage: DamageLog): Promise<void> {
  if (info.frames !== undefined && given < info.frames) {
    damage.add('truncated', `${info.frames} frames are declared, and the file ends after ${given}`)
  }
  if (damage.count > 0 || info.md5 === undefined) return
  const digest = await codec.digest()
  if (digest && digest !== info.md5) damage.add('checksum', 'the samples do not have the MD5 that the file declares')
}
