// The decoder of Ogg files with Vorbis or Opus. Pages are checked and packets put together here; libvorbis and libopus decode them.

import type { AudioDecoder, AudioSource, Block, DecodeContext, OpenedAudio } from '../audio-decoder.ts'
import { ByteReader } from '../byte-reader.ts'
import type { Codec } from '../codec/codec-host.ts'
import { decodeBatches, PacketBatch } from '../codec/packet-batch.ts'
import { LONGEST_SILENCE, Timeline } from '../codec/timeline.ts'
import { corrupt, type DamageLog } from '../damage.ts'
import { type OggFormat, type OggHeaders, oggHeaders } from './ogg-codecs.ts'
import { OggPackets, type OggPage, oggPages } from './ogg-pages.ts'

/** Streams in one file of which the first with sound is taken. */
const MOST_STREAMS = 256
/** Pages in which the headers must be. */
const HEADER_PAGES = 4096

export const oggDecoder: AudioDecoder = {
  contentTypes: ['audio/ogg', 'application/ogg', 'video/ogg', 'audio/opus', 'audio/vorbis'],
  async open(source, context): Promise<OpenedAudio> {
    const reader = new ByteReader(source, context)
    try {
      return await openOgg(reader, source, context)
    } catch (error) {
      await reader.close()
      throw error
    }
  },
}

async function openOgg(reader: ByteReader, { label }: AudioSource, context: DecodeContext): Promise<OpenedAudio> {
  const pages = oggPages(reader, context.damage)
  const link = await readHeaders(pages, label, context.damage)
  if (!link) throw corrupt(label, 'no stream of sound was found in it. The file is damaged, or holds none.')
  const { format } = link
  const codec = await context.codecs.create(format.module, format.options)
  const opened: { codec: Codec } = { codec }
  return {
    encoding: format.encoding,
    sampleRate: format.sampleRate,
    channels: format.channels,
    blocks: () => decodeChain(pages, link, opened, context, label),
    async close() {
      await Promise.all([reader.close(), opened.codec.free()])
    },
  }
}

/** One stream of the file, of which the headers were read. Files may be chained: then another follows. */
interface Link {
  readonly serial: number
  readonly format: OggFormat
  readonly packets: OggPackets
  /** Packets of sound that stand in the last page of the headers. */
  readonly early: readonly Uint8Array[]
  readonly earlyPage: OggPage
}

async function readHeaders(pages: AsyncGenerator<OggPage>, label: string, damage: DamageLog, begin?: OggPage): Promise<Link | undefined> {
  const streams = new Map<number, { readonly headers: OggHeaders; readonly packets: OggPackets }>()
  const others = new Set<number>()
  let page = begin
  for (let count = 0; count < HEADER_PAGES; count++) {
    if (!page) {
      const step = await pages.next()
      if (step.done) return undefined
      page = step.value
    }
    const { serial } = page
    if (page.first && others.size + streams.size < MOST_STREAMS) {
      const headers = oggHeaders(page.pieces[0] ?? new Uint8Array(), label)
      if (headers) streams.set(serial, { headers, packets: new OggPackets(damage) })
      else others.add(serial)
    }
    const stream = streams.get(serial)
    if (stream) {
      const packets = stream.packets.add(page)
      for (const [i, packet] of packets.entries()) {
        const format = stream.headers.next(packet)
        if (format) return { serial, format, packets: stream.packets, early: packets.slice(i + 1), earlyPage: page }
      }
    }
    page = undefined
  }
  return undefined
}

interface Note {
  /** On the last packet that ends in a page: where it ends. */
  readonly granule: number | undefined
  /** The stream ends here. */
  readonly last: boolean
  /** Samples that the packet should give, where that can be seen. */
  readonly frames: number | undefined
}

/** What the reader of pages leaves for the decoder of the next link. */
interface Ending {
  /** The stream ended as it should. */
  ended: boolean
  next: OggPage | undefined
}

async function* packetBatches(pages: AsyncGenerator<OggPage>, link: Link, ending: Ending): AsyncGenerator<PacketBatch<Note>, void, undefined> {
  const { format, packets, serial } = link
  let batch = new PacketBatch<Note>()
  let early: readonly Uint8Array[] | undefined = link.early
  for (let page: OggPage | undefined = link.earlyPage; page; ) {
    if (page.serial === serial) {
      const whole = early ?? packets.add(page)
      early = undefined
      for (const [i, packet] of whole.entries()) {
        const ends = i === whole.length - 1
        batch.add(packet, { granule: ends ? page.granule : undefined, last: ends && page.last, frames: format.packetFrames?.(packet) })
      }
      if (page.last) {
        // An empty last page may say where the sound ends.
        if (whole.length === 0 && page.granule !== undefined) batch.add(new Uint8Array(), { granule: page.granule, last: true, frames: 0 })
        ending.ended = true
      }
    } else if (page.first && ending.ended) {
      ending.next = page
      break
    }
    if (batch.isFull) {
      yield batch
      batch = new PacketBatch()
    }
    const step: IteratorResult<OggPage> = await pages.next()
    page = step.done ? undefined : step.value
    // A stream may be followed by one with its own number.
    if (page?.first && page.serial === serial && ending.ended) {
      ending.next = page
      break
    }
  }
  if (!batch.isEmpty) yield batch
}

async function* decodeChain(
  pages: AsyncGenerator<OggPage>,
  first: Link,
  opened: { codec: Codec },
  context: DecodeContext,
  label: string,
): AsyncGenerator<Block, void, undefined> {
  const { damage } = context
  for (let link: Link | undefined = first; link; ) {
    const ending: Ending = { ended: false, next: undefined }
    yield* decodeLink(packetBatches(pages, link, ending), link, opened.codec, damage)
    if (!ending.ended) damage.add('truncated', 'the file ends before its stream does (no last page)')
    if (!ending.next) return
    const next: Link | undefined = await readHeaders(pages, label, damage, ending.next)
    if (!next) return
    if (next.format.sampleRate !== first.format.sampleRate || next.format.channels !== first.format.channels) {
      damage.add('length', 'another stream follows with another sample rate or number of channels; it was left out')
      return
    }
    await opened.codec.free()
    opened.codec = await context.codecs.create(next.format.module, next.format.options)
    link = next
  }
}

/** A page's worth of decoded sound: what ends at one granule position. */
async function* decodeLink(
  batches: AsyncGenerator<PacketBatch<Note>, void, undefined>,
  { format }: Link,
  codec: Codec,
  damage: DamageLog,
): AsyncGenerator<Block, void, undefined> {
  const { channels: width, sampleRate, delay, gain } = format
  const line = new Timeline(width, delay)
  /** Where what was given out ends, as the stream counts; `undefined` before the first position. */
  let position: number | undefined
  let pieces: { channels: readonly Float32Array[]; from: number; to: number }[] = []
  let count = 0
  for await (const { notes, decoded } of decodeBatches(batches, codec)) {
    amplify(decoded.channels, gain)
    let at = 0
    let begin = 0
    for (const [i, note] of notes.entries()) {
      const frames = decoded.counts[i]!
      const refused = frames < 0 || (note.frames !== undefined && frames < note.frames)
      if (refused) damage.add('decoder', `the decoder refused a packet near ${((position ?? 0) / sampleRate).toFixed(1)} s`)
      at += Math.max(0, frames)
      count += Math.max(0, frames)
      if (refused && note.frames !== undefined && note.frames > Math.max(0, frames)) {
        pieces.push({ channels: decoded.channels, from: begin, to: at })
        begin = at
        const lost = Math.min(note.frames, LONGEST_SILENCE * sampleRate) - Math.max(0, frames)
        pieces.push({ channels: silent(width, lost), from: 0, to: lost })
        count += lost
      }
      if (note.granule === undefined) continue
      pieces.push({ channels: decoded.channels, from: begin, to: at })
      begin = at
      let keep = count
      if (position === undefined) {
        // A first position below what was decoded: the beginning of that is no sound, unless the stream ends at once.
        if (note.last) keep = Math.min(count, note.granule)
        else if (note.granule < count) line.skipMore(count - note.granule)
      } else {
        const gap = note.granule - position - count
        if (gap > 0 && !note.last) {
          damage.add('gap', `${gap} samples are missing before ${((position + gap) / sampleRate).toFixed(1)} s`)
          const filled = line.silence(Math.min(gap, LONGEST_SILENCE * sampleRate))
          if (filled) yield filled
        } else if (gap > 0) damage.add('length', `the stream should end ${gap} samples later`)
        if (note.last && gap < 0) keep = Math.max(0, count + gap)
      }
      for (const { channels, from, to } of pieces) {
        const block = line.sound(channels, from, Math.min(to, from + keep))
        keep -= Math.min(keep, to - from)
        if (block) yield block
      }
      position = note.granule
      pieces = []
      count = 0
    }
    if (at > begin) pieces.push({ channels: decoded.channels, from: begin, to: at })
  }
  // Packets after the last position that is told: the file is cut off.
  for (const { channels, from, to } of pieces) {
    const block = line.sound(channels, from, to)
    if (block) yield block
  }
}

function silent(width: number, frames: number): Float32Array[] {
  const none = new Float32Array(frames)
  return Array.from({ length: width }, () => none)
}

function amplify(channels: readonly Float32Array[], gain: number): void {
  if (gain === 1) return
  for (const channel of channels) for (let i = 0; i < channel.length; i++) channel[i]! *= gain
}
