// The codecs in Ogg: what their header packets say, and what the codec is made with.

import { hasText } from '../byte-reader.ts'
import type { CodecModule } from '../codec/codec-host.ts'
import { ownCodec } from '../codec/own-codec.ts'
import { corrupt, unsupported } from '../damage.ts'

/** What the header packets of a stream say. */
export interface OggFormat {
  readonly encoding: string
  /** Hertz, of the samples and of granule positions. */
  readonly sampleRate: number
  readonly channels: number
  /** Samples at the beginning that are no sound. */
  readonly delay: number
  /** Factor on all samples. */
  readonly gain: number
  readonly module: CodecModule
  readonly options: unknown
  /** Samples that a packet holds, where it can be seen without decoding. */
  packetFrames?(packet: Uint8Array): number
}

/** Reads the headers of a stream, one packet after the other, until the format is known. */
export interface OggHeaders {
  /** The format once all headers were given. @throws CbirError CORRUPT_DATA, UNSUPPORTED_CONTENT_TYPE */
  next(packet: Uint8Array): OggFormat | undefined
}

/** By the first packet of a stream; `undefined` for what is no sound. */
export function oggHeaders(first: Uint8Array, label: string): OggHeaders | undefined {
  if (hasText(first, '\x01vorbis')) return vorbisHeaders(label)
  if (hasText(first, 'OpusHead')) return opusHeaders(label)
  if (hasText(first, 'Speex   ')) throw unsupported(label, 'it holds Speex, which is not decoded. Convert it to Opus or FLAC.')
  if (hasText(first, '\x7fFLAC'))
    throw unsupported(label, 'it holds FLAC inside of Ogg, which is not decoded. Take it out: ffmpeg -i in.oga -c copy out.flac')
  return undefined
}

function vorbisHeaders(label: string): OggHeaders {
  let identification: Uint8Array<ArrayBuffer> | undefined
  return {
    next(packet) {
      if (!identification) {
        if (packet.length < 30) throw corrupt(label, `the first Vorbis header has ${packet.length} bytes, not 30.`)
        identification = Uint8Array.from(packet)
        return undefined
      }
      if (hasText(packet, '\x03vorbis')) return undefined
      if (!hasText(packet, '\x05vorbis')) throw corrupt(label, 'the setup header of Vorbis, without which nothing can be decoded, is missing.')
      const channels = identification[11]!
      const sampleRate = new DataView(identification.buffer).getUint32(12, true)
      if (channels === 0) throw corrupt(label, 'its header says 0 channels.')
      if (sampleRate === 0) throw corrupt(label, 'its header says a sample rate of 0.')
      const options = { identification, setup: Uint8Array.from(packet) }
      return { encoding: 'vorbis', sampleRate, channels, delay: 0, gain: 1, module: ownCodec('vorbis-codec'), options }
    },
  }
}

/** RFC 7845, section 5. */
function opusHeaders(label: string): OggHeaders {
  let format: OggFormat | undefined
  return {
    next(packet) {
      if (!format) {
        format = opusFormat(packet, label)
        return undefined
      }
      if (!hasText(packet, 'OpusTags')) throw corrupt(label, 'the second header of Opus (OpusTags) is missing.')
      return format
    },
  }
}

function opusFormat(packet: Uint8Array, label: string): OggFormat {
  if (packet.length < 19) throw corrupt(label, `the header of Opus has ${packet.length} bytes, not 19.`)
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length)
  const channels = packet[9]!
  if (packet[8]! >> 4 !== 0) throw unsupported(label, `it is Opus of version ${packet[8]}, and version 1 is decoded.`)
  if (channels === 0) throw corrupt(label, 'its header says 0 channels.')
  const family = packet[18]!
  let layout = { streamCount: 1, coupledStreamCount: channels - 1, channelMappingTable: channels === 2 ? [0, 1] : [0] }
  if (family === 0 && channels > 2) throw corrupt(label, `its header says ${channels} channels, and mapping family 0 has at most 2.`)
  if (family !== 0) {
    if (packet.length < 21 + channels) throw corrupt(label, 'the header of Opus ends inside of its channel mapping.')
    layout = { streamCount: packet[19]!, coupledStreamCount: packet[20]!, channelMappingTable: [...packet.subarray(21, 21 + channels)] }
    const { streamCount, coupledStreamCount, channelMappingTable } = layout
    const sources = streamCount + coupledStreamCount
    if (streamCount === 0 || coupledStreamCount > streamCount || sources > 255 || channelMappingTable.some((at) => at >= sources && at !== 255)) {
      throw corrupt(label, 'the channel mapping of Opus contradicts itself.')
    }
  }
  return {
    encoding: 'opus',
    sampleRate: 48000,
    channels,
    delay: view.getUint16(10, true),
    gain: 10 ** (view.getInt16(16, true) / 256 / 20),
    module: ownCodec('opus-codec'),
    options: { channels, ...layout },
    packetFrames: opusPacketFrames,
  }
}

/** Samples at 48 kHz, by the first bytes of a packet (RFC 6716, section 3.1). */
export function opusPacketFrames(packet: Uint8Array): number {
  if (packet.length === 0) return 0
  const config = packet[0]! >> 3
  const code = packet[0]! & 3
  const silk = [480, 960, 1920, 2880]
  const size = config < 12 ? silk[config & 3]! : config < 16 ? (config & 1 ? 960 : 480) : 120 << (config & 3)
  const count = code === 0 ? 1 : code === 3 ? (packet[1] ?? 0) & 63 : 2
  return size * count
}
