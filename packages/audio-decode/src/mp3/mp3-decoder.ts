// The decoder of MPEG audio: mp3, and layers I and II. The frames are found here, so that what is missing is seen; mpg123 decodes them.

import type { AudioDecoder, AudioSource, Block, DecodeContext, OpenedAudio } from '../audio-decoder.ts'
import { ByteReader, hasText } from '../byte-reader.ts'
import { crc16Reflected } from '../checksums.ts'
import type { Codec } from '../codec/codec-host.ts'
import { ownCodec } from '../codec/own-codec.ts'
import { decodeBatches, PacketBatch } from '../codec/packet-batch.ts'
import { LONGEST_SILENCE, Timeline } from '../codec/timeline.ts'
import { corrupt, type DamageLog } from '../damage.ts'
import { skipId3 } from '../id3.ts'
import { checksumHolds, type FrameHeader, frameHeader, sameStream } from './frame-header.ts'
import { declaredSamples, type InfoTag, infoTag } from './info-tag.ts'

/** Bytes in which a first frame is looked for. */
const SEARCHED = 1 << 20
const MODULE = ownCodec('mpeg-codec')

export const mp3Decoder: AudioDecoder = {
  contentTypes: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3'],
  async open(source, context): Promise<OpenedAudio> {
    const reader = new ByteReader(source, context)
    try {
      return await openMpeg(reader, source, context)
    } catch (error) {
      await reader.close()
      throw error
    }
  },
}

async function openMpeg(reader: ByteReader, { label }: AudioSource, context: DecodeContext): Promise<OpenedAudio> {
  const { damage } = context
  await skipId3(reader)
  const skipped = await findFrame(reader, undefined, SEARCHED)
  if (!skipped.found) throw corrupt(label, 'no frames of MPEG audio were found. The file is damaged, or is no mp3.')
  if (skipped.bytes > 0) damage.add('lost-sync', `${skipped.bytes} bytes before the first frame belong to none`)
  const header = frameHeader(reader.buffer, reader.at)!
  await reader.have(header.size)
  const tag = infoTag(reader.peek(Math.min(header.size, reader.here)), header)
  if (tag) reader.at += header.size
  const declaredFrames = tag && declaredSamples(tag, header)
  const codec = await context.codecs.create(MODULE, { channels: header.channels })
  const stream = new MpegStream(reader, header, tag, damage)
  return {
    encoding: header.layer === 3 ? 'mp3' : `mp${header.layer}`,
    sampleRate: header.sampleRate,
    channels: header.channels,
    declaredFrames,
    blocks: () => decode(stream, codec, header, tag, declaredFrames, damage),
    async close() {
      await Promise.all([reader.close(), codec.free()])
    },
  }
}

/**
 * Moves to the next frame of the stream of `first` (of any, without it): one that another follows, or the end of the file. `bytes` are those left
 * out that are not 0.
 */
async function findFrame(reader: ByteReader, first: FrameHeader | undefined, limit: number): Promise<{ found: boolean; bytes: number }> {
  let bytes = await reader.seek(0xff)
  const end = reader.position + limit
  while (reader.position < end && (await reader.have(4))) {
    const header = frameHeader(reader.buffer, reader.at)
    if (header && (!first || sameStream(header, first))) {
      if (await reader.have(header.size + 4)) {
        const next = frameHeader(reader.buffer, reader.at + header.size)
        if (next && sameStream(next, header)) return { found: true, bytes }
      } else if (reader.here === header.size || (first && reader.here >= header.size)) return { found: true, bytes }
    }
    reader.at++
    bytes += 1 + (await reader.seek(0xff))
  }
  return { found: false, bytes: bytes + reader.here }
}

interface Note {
  /** Samples missing before this frame, by the bytes that are lost. */
  readonly missing: number
}

/** Frame after frame, and what lies between them. */
class MpegStream {
  /** Frames found. */
  packets = 0
  private readonly reader: ByteReader
  private readonly first: FrameHeader
  private readonly tag: InfoTag | undefined
  private readonly damage: DamageLog
  private checksum = 0
  private checksumLeft: number

  constructor(reader: ByteReader, first: FrameHeader, tag: InfoTag | undefined, damage: DamageLog) {
    this.reader = reader
    this.first = first
    this.tag = tag
    this.damage = damage
    this.checksumLeft = tag?.music?.bytes ?? 0
  }

  async *batches(): AsyncGenerator<PacketBatch<Note>, void, undefined> {
    const { reader, first, damage } = this
    let batch = new PacketBatch<Note>()
    let missing = 0
    let typical = first.size
    while (await reader.have(4)) {
      const header = frameHeader(reader.buffer, reader.at)
      if (header && sameStream(header, first)) {
        if (!(await reader.have(header.size))) {
          damage.add('truncated', `the file ends inside of a frame, at byte ${reader.position + reader.here}`)
          break
        }
        const frame = this.pass(header.size)
        if (!checksumHolds(frame, header)) damage.add('checksum', `the frame at byte ${reader.position - header.size} does not have its checksum`)
        batch.add(frame, { missing })
        this.packets++
        missing = 0
        typical = header.size
      } else {
        if (await this.atTag()) break
        const begin = reader.position
        const lost = await this.resync()
        if (lost > 0) {
          damage.add('lost-sync', `${lost} bytes from byte ${begin} on are no frames`)
          missing += Math.round((reader.position - begin) / typical) * first.frames
        }
      }
      if (batch.isFull) {
        yield batch
        batch = new PacketBatch()
      }
    }
    if (!batch.isEmpty) yield batch
    this.compare()
  }

  /** Takes bytes, and counts them into the checksum of the file. */
  private pass(count: number): Uint8Array {
    const bytes = this.reader.take(count)
    const counted = Math.min(count, this.checksumLeft)
    this.checksum = crc16Reflected(bytes, 0, counted, this.checksum)
    this.checksumLeft -= counted
    return bytes
  }

  private async resync(): Promise<number> {
    // What is lost makes the checksum of the file differ: it is told once.
    this.checksumLeft = Number.POSITIVE_INFINITY
    const { bytes } = await findFrame(this.reader, this.first, Number.POSITIVE_INFINITY)
    return bytes
  }

  /** Tags that stand at the end of files: ID3v1, APE, Lyrics3; ID3v2 between joined files is left out. */
  private async atTag(): Promise<boolean> {
    const { reader } = this
    if (hasText(reader.peek(4), 'ID3')) await skipId3(reader)
    await reader.have(11)
    const head = reader.peek(Math.min(11, reader.here))
    if (hasText(head, 'APETAGEX') || hasText(head, 'LYRICSBEGIN')) return true
    return hasText(head, 'TAG') && !(await reader.have(129))
  }

  private compare(): void {
    const { tag, damage } = this
    if (tag?.packets !== undefined && tag.packets > 0 && this.packets !== tag.packets) {
      damage.add(this.packets < tag.packets ? 'truncated' : 'length', `${tag.packets} frames of MPEG are declared, and ${this.packets} were found`)
    }
    if (tag?.music && this.checksumLeft === 0 && this.checksum !== tag.music.checksum) {
      damage.add('checksum', 'the frames do not have the checksum that the encoder wrote (LAME tag)')
    }
  }
}

async function* decode(
  stream: MpegStream,
  codec: Codec,
  header: FrameHeader,
  tag: InfoTag | undefined,
  declared: number | undefined,
  damage: DamageLog,
): AsyncGenerator<Block, void, undefined> {
  const line = new Timeline(header.channels, tag?.delay ?? 0, declared)
  for await (const { notes, decoded } of decodeBatches(stream.batches(), codec)) {
    let at = 0
    let begin = 0
    const { channels } = decoded
    for (const [i, { missing }] of notes.entries()) {
      const count = Math.max(0, decoded.counts[i]!)
      const lost = count === 0 ? header.frames : 0
      if (lost > 0) damage.add('decoder', `the decoder gave nothing for a frame near ${(line.given / header.sampleRate).toFixed(1)} s`)
      if (missing > 0 || lost > 0) {
        const before = line.sound(channels, begin, at)
        if (before) yield before
        begin = at
        const filled = line.silence(Math.min(missing + lost, LONGEST_SILENCE * header.sampleRate))
        if (filled) yield filled
      }
      at += count
    }
    const block = line.sound(channels, begin, at)
    if (block) yield block
  }
}
