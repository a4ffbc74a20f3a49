// The decoder of AAC: m4a and mp4 files, and ADTS streams. Units are found here; FAAD2 decodes them.

import {
  type AudioDecoder,
  type AudioSource,
  type Block,
  ByteReader,
  type CodecModule,
  corrupt,
  type DecodeContext,
  decodeBatches,
  LONGEST_SILENCE,
  type OpenedAudio,
  type PacketBatch,
  skipId3,
  Timeline,
  unsupported,
} from '@cbir/audio-decode'
import { loadCodec } from '../worker/load-codec.mjs'
import { adtsUnits, findAdts, findIndex, trackUnits, type UnitNote } from './access-units.ts'
import { audioTrack } from './mp4-tables.ts'

// The folder `worker` lies beside both `src` and `dist`.
const MODULE: CodecModule = { url: () => new URL('../worker/aac-codec.mjs', import.meta.url), load: loadCodec }

/** Bytes in which a first ADTS frame is looked for. */
const SEARCHED = 1 << 20

/** Decodes AAC (LC, HE, HE v2) and Apple Lossless in m4a and mp4 files, and AAC in ADTS. Pass it as `decoders: [aac]`. */
export const aac: AudioDecoder = {
  contentTypes: ['audio/mp4', 'audio/x-m4a', 'audio/aac', 'audio/aacp', 'video/mp4', 'video/quicktime', 'video/3gpp'],
  async open(source, context): Promise<OpenedAudio> {
    const reader = new ByteReader(source, context)
    try {
      await skipId3(reader)
      const sync = (await reader.have(2)) && reader.peek(1)[0] === 0xff
      return await (sync ? openAdts(reader, source, context) : openMp4(reader, source, context))
    } catch (error) {
      await reader.close()
      throw error
    }
  },
}

/** What is to be heard, in seconds of the track. */
interface Window {
  readonly start: number
  readonly length: number | undefined
  /** The track's own rate, where its units of time are samples of it. */
  readonly timescale: number
}

async function openMp4(reader: ByteReader, source: AudioSource, context: DecodeContext): Promise<OpenedAudio> {
  const { label } = source
  const moov = await findIndex(reader)
  if (!moov) throw corrupt(label, 'its index (the box moov) is missing or cut off. In many files it stands at the end.')
  const track = audioTrack(moov)
  if (!track) throw unsupported(label, 'there is no track of sound in it.')
  if (track.codec !== 'aac' && track.codec !== 'alac') throw unsupported(label, `its sound is ${track.codec}; AAC and Apple Lossless are decoded.`)
  if (!track.config) throw corrupt(label, 'the configuration of its sound (esds) is missing.')
  if (track.units === 0) throw unsupported(label, 'its index has no units: it is fragmented. Join it: ffmpeg -i in.mp4 -c copy out.m4a')
  const config = track.codec === 'aac' ? { asc: track.config } : { alac: track.config }
  const heard: Window = { start: track.edit?.start ?? 0, length: track.edit?.length ?? track.length, timescale: track.timescale }
  return decoded(trackUnits(reader, source, track, context), config, heard, context, label)
}

async function openAdts(reader: ByteReader, { label }: AudioSource, context: DecodeContext): Promise<OpenedAudio> {
  const begin = reader.position
  const first = await findAdts(reader, undefined, SEARCHED)
  if (!first) throw corrupt(label, 'no frames of AAC (ADTS) were found.')
  if (reader.position > begin) context.damage.add('lost-sync', `${reader.position - begin} bytes before the first frame belong to none`)
  return decoded(adtsUnits(reader, first, context.damage), { asc: first.config }, undefined, context, label)
}

/** FAAD2 keeps back its first frame; with SBR its filters come 962 samples late. */
const UNIT = 1024
const SBR_DELAY = 962
const ASC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350]

async function decoded(
  batches: AsyncGenerator<PacketBatch<UnitNote>, void, undefined>,
  config: { readonly asc: Uint8Array } | { readonly alac: Uint8Array },
  heard: Window | undefined,
  context: DecodeContext,
  label: string,
): Promise<OpenedAudio> {
  const { damage } = context
  const codec = await context.codecs.create(MODULE, config)
  const messages = decodeBatches(batches, codec)
  const close = async (): Promise<void> => {
    await Promise.all([messages.return(), codec.free()])
  }
  try {
    // Rate and channels are only known when something was decoded: SBR and PS, which double them, need not be announced.
    const early: Message[] = []
    while (early.every(({ decoded }) => decoded.sampleRate === 0)) {
      const step = await messages.next()
      if (step.done) throw corrupt(label, `nothing could be decoded: ${damage.partial?.findings[0]?.message ?? 'no unit of its sound is right'}`)
      early.push(step.value)
    }
    const { sampleRate, channels } = early[early.length - 1]!.decoded
    const own = 'asc' in config ? coreRate(config.asc) : sampleRate
    const wide = sampleRate > 1.5 * own
    const unit = 'asc' in config ? (wide ? 2 * UNIT : UNIT) : 0
    const late = 'alac' in config ? 0 : unit - (wide ? SBR_DELAY : 0)
    const start = heard ? Math.round((heard.start / heard.timescale) * sampleRate) : 0
    const length = heard?.length === undefined ? undefined : Math.round((heard.length / heard.timescale) * sampleRate)
    const line = new Timeline(channels.length, Math.max(0, start - late), length)
    const shared = { line, early, messages, unit, sampleRate }
    return {
      encoding: 'asc' in config ? 'aac' : 'alac',
      sampleRate,
      channels: channels.length,
      declaredFrames: length,
      blocks: () => blocks(shared, context, length),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

type Message = Awaited<ReturnType<ReturnType<typeof decodeBatches<UnitNote>>['next']>> extends IteratorResult<infer T, void> ? T : never

interface Shared {
  readonly line: Timeline
  readonly early: readonly Message[]
  readonly messages: AsyncGenerator<Message, void, undefined>
  readonly unit: number
  readonly sampleRate: number
}

async function* blocks(
  { line, early, messages, unit, sampleRate }: Shared,
  { damage }: DecodeContext,
  length: number | undefined,
): AsyncGenerator<Block, void, undefined> {
  let begun = false
  async function* all(): AsyncGenerator<Message, void, undefined> {
    yield* early
    yield* messages
  }
  for await (const { notes, decoded } of all()) {
    let at = 0
    let begin = 0
    for (const [i, { missing }] of notes.entries()) {
      const count = Math.max(0, decoded.counts[i]!)
      // The first unit gives nothing, but its sound with the next.
      const refused = decoded.counts[i]! < 0 || (count === 0 && begun)
      if (refused) damage.add('decoder', `the decoder refused a unit near ${(line.given / sampleRate).toFixed(1)} s`)
      const lost = (missing + (refused ? 1 : 0)) * unit
      if (lost > 0) {
        const before = line.sound(decoded.channels, begin, at)
        if (before) yield before
        begin = at
        const filled = line.silence(Math.min(lost, LONGEST_SILENCE * sampleRate))
        if (filled) yield filled
      }
      at += count
      begun = true
    }
    const block = line.sound(decoded.channels, begin, at)
    if (block) yield block
  }
  // FAAD2's last frame may be short of the end by what it keeps back.
  if (length !== undefined && length - line.given > 2 * unit) {
    damage.add('length', `${length} frames are declared, and ${line.given} were decoded`)
  }
}

/** The rate that an AudioSpecificConfig says (ISO/IEC 14496-3, 1.6.2.1), before SBR. */
function coreRate(config: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = config
  const index = a >> 3 === 31 ? (b >> 1) & 15 : ((a & 7) << 1) | (b >> 7)
  return index === 15 ? ((b & 0x7f) << 17) | (c << 9) | (d << 1) | (e >> 7) : (ASC_RATES[index] ?? 0)
}
