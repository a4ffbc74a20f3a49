// FLAC frames by libFLAC where it scales their samples rightly, else by our own reader, and the MD5 of what they hold.

import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { decodeFlacFrame } from './flac-frame.mjs'
import { interleavedBytes } from './interleaved-bytes.mjs'
import { quietly } from './quiet.mjs'

/** @import { CodecPlace, PacketCodec } from './protocol.d.mts' */

/**
 * The inner decoder of version 0.2.11, which package.json pins.
 * @typedef {object} Inner
 * @property {(frames: Uint8Array[]) => { channelData: Float32Array[], samplesDecoded: number, sampleRate: number, errors: unknown[] }} decodeFrames
 * @property {{ buf: Uint32Array }} _outputBufferPtr where the samples of the last frame lay
 */

/** Bits that its WebAssembly divides by the right number; by 0 where there are others. */
const SCALED = [8, 16, 24, 32]

/**
 * @param {{ header: Uint8Array, bitsPerSample: number, sampleRate: number }} options `header` is `fLaC` and STREAMINFO, to which frames may refer
 * @param {CodecPlace} place
 * @returns {Promise<PacketCodec>}
 */
export async function createCodec({ header, bitsPerSample, sampleRate }, { md5 }) {
  // Above 24 bits a float does not hold the number.
  const hash = bitsPerSample <= 24 ? md5?.() : undefined
  const codec = SCALED.includes(bitsPerSample) ? await libFlac(header, bitsPerSample) : plainFlac(bitsPerSample, sampleRate)
  return {
    decode: codec.decode,
    finish(decoded) {
      codec.finish?.(decoded)
      hash?.update(interleavedBytes(decoded.channels, bitsPerSample))
    },
    digest: () => hash?.digest('hex') ?? '',
    free: codec.free,
  }
}

/** @param {Uint8Array} header @param {number} bitsPerSample @returns {Promise<PacketCodec>} */
async function libFlac(header, bitsPerSample) {
  const decoder = new FLACDecoder()
  await decoder.ready
  const inner = /** @type {{ _decoder: Inner }} */ (/** @type {unknown} */ (decoder))._decoder
  /** @param {Uint8Array} bytes */
  const decodeFrame = (bytes) => {
    // It frees what this says after every call, also when nothing was decoded: at first some number, later the same memory twice.
    inner._outputBufferPtr.buf[0] = 0
    return inner.decodeFrames([bytes])
  }
  quietly(() => decodeFrame(header))
  const scale = 2 ** (bitsPerSample - 1)
  return {
    decode(packet) {
      const { channelData, samplesDecoded, sampleRate, errors } = decodeFrame(packet)
      return { channels: channelData, frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    finish({ channels }) {
      for (const channel of channels) rescale(channel, scale)
    },
    free: () => decoder.free(),
  }
}

/** @param {number} bitsPerSample @param {number} sampleRate @returns {PacketCodec} */
function plainFlac(bitsPerSample, sampleRate) {
  return {
    decode(packet) {
      const channels = decodeFlacFrame(packet, bitsPerSample)
      return { channels, frames: channels[0]?.length ?? 0, sampleRate }
    },
    free: () => undefined,
  }
}

/**
 * The package divides by the most positive integer, where everything else divides by the most negative one: 32768 for 16 bits.
 * @param {Float32Array} values @param {number} scale
 */
function rescale(values, scale) {
  for (let i = 0; i < values.length; i++) values[i] = Math.round(/** @type {number} */ (values[i]) * (scale - 1)) / scale
}
