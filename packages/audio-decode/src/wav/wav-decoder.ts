// The decoder of wav files.

import type { AudioDecoder, Block, DecodeContext, OpenedAudio } from '../audio-decoder.ts'
import { ByteReader } from '../byte-reader.ts'
import { readWavHeader, type WavHeader } from './wav-header.ts'

/** Bytes turned into floats at once: well below a millisecond. */
const PIECE = 1 << 16

export const wavDecoder: AudioDecoder = {
  contentTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  async open(source, context): Promise<OpenedAudio> {
    const reader = new ByteReader(source, context)
    try {
      const header = await readWavHeader(reader, context.damage)
      const { encoding, sampleRate, channels, dataBytes, frameBytes } = header
      return {
        encoding: `wav (${encoding.name})`,
        sampleRate,
        channels,
        declaredFrames: dataBytes === undefined ? undefined : Math.floor(dataBytes / frameBytes),
        blocks: () => readSamples(reader, header, context),
        close: () => reader.close(),
      }
    } catch (error) {
      await reader.close()
      throw error
    }
  },
}

async function* readSamples(reader: ByteReader, header: WavHeader, { damage }: DecodeContext): AsyncGenerator<Block, void, undefined> {
  const { frameBytes, dataBytes, encoding } = header
  const piece = Math.max(1, Math.floor(PIECE / frameBytes)) * frameBytes
  let left = dataBytes ?? Number.POSITIVE_INFINITY
  let bad = 0
  try {
    while (left >= frameBytes) {
      const wanted = Math.min(piece, left - (left === Number.POSITIVE_INFINITY ? 0 : left % frameBytes))
      const whole = await reader.have(wanted)
      const bytes = whole ? wanted : reader.here - (reader.here % frameBytes)
      if (bytes > 0) {
        const block = toFloats(reader.peek(bytes), header)
        reader.at += bytes
        left -= bytes
        bad += zeroNonNumbers(block)
        yield block
      }
      if (!whole) break
    }
    if (dataBytes !== undefined && left >= frameBytes) {
      damage.add(
        'truncated',
        `${Math.floor(dataBytes / frameBytes)} frames are declared, and the file ends after ${Math.floor((dataBytes - left) / frameBytes)}`,
      )
    } else if ((dataBytes ?? 0) % frameBytes > 0 || (dataBytes === undefined && reader.here > 0)) {
      damage.add('length', `the samples end inside of a frame of ${frameBytes} bytes`)
    }
    if (bad > 0) damage.add('not-finite', `${bad} samples of ${encoding.name} are no finite numbers; they were set to 0`)
  } finally {
    await reader.close()
  }
}

function toFloats(bytes: Uint8Array, { encoding, channels, frameBytes }: WavHeader): Float32Array[] {
  const frames = bytes.length / frameBytes
  return Array.from({ length: channels }, (_, channel) => {
    const values = new Float32Array(frames)
    encoding.read(bytes, channel * encoding.width, frameBytes, values)
    return values
  })
}

/** How many there were. */
function zeroNonNumbers(block: readonly Float32Array[]): number {
  let found = 0
  for (const channel of block) {
    for (let i = 0; i < channel.length; i++) {
      if (!Number.isFinite(channel[i]!)) {
        channel[i] = 0
        found++
      }
    }
  }
  return found
}
