// The chunks of a wav file before its samples: RIFF, RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088).

import { type ByteReader, hasText } from '../byte-reader.ts'
import { corrupt, type DamageLog, unsupported } from '../damage.ts'
import { FORMAT, type PcmEncoding, pcmEncoding } from './pcm-encodings.ts'

export interface WavHeader {
  readonly encoding: PcmEncoding
  readonly sampleRate: number
  readonly channels: number
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number
  /** Bytes of samples; `undefined` where the file was written as a stream and the header does not say. */
  readonly dataBytes: number | undefined
}

/** Sizes above this in RF64 are no sizes. */
const LARGEST = 2 ** 52
/** In RF64 the size stands elsewhere; in other files a writer that does not know it yet (ffmpeg into a pipe) leaves this. */
const ELSEWHERE = 0xffffffff
/** What other writers leave into a pipe: sox and espeak, arecord, and some that count the header too. */
const UNKNOWN = new Set([0x7ffff000, 0x7fffffff, 0x80000000, 0xffffffff - 36])
/** A format chunk is 16 to 40 bytes. */
const LARGEST_FORMAT = 1 << 16

interface Format {
  readonly tag: number
  readonly channels: number
  readonly sampleRate: number
  readonly frameBytes: number
  readonly bits: number
}

/** Reads up to the first sample. @throws CbirError CORRUPT_DATA, UNSUPPORTED_CONTENT_TYPE */
export async function readWavHeader(reader: ByteReader, damage: DamageLog): Promise<WavHeader> {
  const { label } = damage
  if (!(await reader.have(12))) throw corrupt(label, `the file has ${reader.here} bytes; a wav file has at least 44.`)
  const head = reader.take(12)
  const large = hasText(head, 'RF64') || hasText(head, 'BW64')
  if (!(large || hasText(head, 'RIFF')) || !hasText(head, 'WAVE', 8)) throw corrupt(label, 'it does not begin as a wav file (RIFF … WAVE).')
  let format: Format | undefined
  let largeSize: number | undefined
  for (;;) {
    if (!(await reader.have(8))) throw corrupt(label, `the file ends after ${reader.position} bytes, before its samples (no data chunk).`)
    const view = viewOf(reader.take(8))
    const name = String.fromCharCode(...new Uint8Array(view.buffer, 0, 4))
    const size = view.getUint32(4, true)
    if (name === 'data') {
      if (!format) throw corrupt(label, 'the samples come before the chunk that says their format (fmt).')
      return header(format, await dataSize(size, large ? largeSize : undefined, reader, damage), damage)
    }
    if (name === 'fmt ' && !format) {
      if (size < 16 || size > LARGEST_FORMAT) throw corrupt(label, `the format chunk has ${size} bytes; it has 16, 18 or 40.`)
      if (!(await reader.have(size))) throw corrupt(label, 'the file ends inside of its format chunk.')
      format = readFormat(viewOf(reader.take(size)))
    } else if (name === 'ds64' && size >= 16 && size <= LARGEST_FORMAT) {
      if (!(await reader.have(size))) throw corrupt(label, 'the file ends inside of its ds64 chunk.')
      largeSize = Number(viewOf(reader.take(size)).getBigUint64(8, true))
    } else if (!(await reader.skip(size))) {
      throw corrupt(label, `the file ends inside of its chunk ${JSON.stringify(name)}, before its samples.`)
    }
    // Chunks begin at even places; some writers forget it.
    if (size % 2 === 1 && (await reader.have(1)) && reader.peek(1)[0] === 0) reader.take(1)
  }
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function readFormat(view: DataView): Format {
  const tag = view.getUint16(0, true)
  // The tag stands in the first bytes of a GUID there.
  const real = tag === FORMAT.extensible && view.byteLength >= 26 ? view.getUint16(24, true) : tag
  return {
    tag: real,
    channels: view.getUint16(2, true),
    sampleRate: view.getUint32(4, true),
    frameBytes: view.getUint16(12, true),
    bits: view.getUint16(14, true),
  }
}

async function dataSize(short: number, largeSize: number | undefined, reader: ByteReader, damage: DamageLog): Promise<number | undefined> {
  const size = short === ELSEWHERE ? largeSize : short
  if (size === undefined || size > LARGEST || (largeSize === undefined && UNKNOWN.has(size))) return undefined
  if (size > 0 || !(await reader.have(1))) return size
  // A writer that was stopped leaves 0; a chunk that follows shows that 0 is meant.
  if ((await reader.have(8)) && /^[A-Za-z][A-Za-z0-9 _-]{3}$/.test(String.fromCharCode(...reader.peek(4)))) return size
  damage.add('header', 'the header says that there are no samples, and bytes follow; they are read to the end of the file')
  return undefined
}

function header({ tag, channels, sampleRate, frameBytes, bits }: Format, dataBytes: number | undefined, damage: DamageLog): WavHeader {
  const { label } = damage
  if (channels === 0) throw corrupt(label, 'its header says 0 channels.')
  if (sampleRate === 0) throw corrupt(label, 'its header says a sample rate of 0.')
  const narrow = Math.ceil(bits / 8)
  // 20 bits stand in 3 bytes, and 24 may stand in 4: what a frame has is what counts.
  const width = frameBytes / channels
  const declared = Number.isInteger(width) && width >= narrow && width > 0 ? pcmEncoding(tag, width) : undefined
  const encoding = declared ?? pcmEncoding(tag, narrow)
  if (!encoding) {
    const known = Object.values<number>(FORMAT).includes(tag)
    const what = known ? `samples of ${bits} bits in format ${tag}` : `format 0x${tag.toString(16).padStart(4, '0')}`
    throw unsupported(
      label,
      `a wav file with ${what}; integers of 8 to 32 bits, floats of 32 and 64, A-law and µ-law are decoded. Convert it to one of them.`,
    )
  }
  if (!declared)
    damage.add(
      'header',
      `the header says ${frameBytes} bytes a frame, which ${channels} × ${bits} bits do not take; ${encoding.width * channels} are read`,
    )
  return { encoding, sampleRate, channels, frameBytes: encoding.width * channels, dataBytes }
}
