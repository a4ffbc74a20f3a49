// FLAC frames by libFLAC, and the MD5 of what they hold.

import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { interleavedBytes } from './interleaved-bytes.mjs'
import { quietly } from './quiet.mjs'

/** @import { CodecPlace, PacketCodec } from './protocol.d.mts' */

/**
 * The inner decoder of version 0.2.11, which package.json pins.
 * @typedef {object} Inner
 * @property {(frames: Uint8Array[]) => { channelData: Float32Array[], samplesDecoded: number, sampleRate: number, errors: unknown[] }} decodeFrames
 */

/**
 * @param {{ header: Uint8Array, bitsPerSample: number }} options `header` is `fLaC` and STREAMINFO, to which frames may refer
 * @param {CodecPlace} place
 * @returns {Promise<PacketCodec>}
 */
export async function createCodec({ header, bitsPerSample }, { md5 }) {
  const decoder = new FLACDecoder()
  await decoder.ready
  const inner = /** @type {{ _decoder: Inner }} */ (/** @type {unknown} */ (decoder))._decoder
  quietly(() => inner.decodeFrames([header]))
  // Above 24 bits a float does not hold the number.
  const hash = bitsPerSample <= 24 ? md5?.() : undefined
  const scale = 2 ** (bitsPerSample - 1)
  return {
    decode(packet) {
      const { channelData, samplesDecoded, sampleRate, errors } = inner.decodeFrames([packet])
      return { channels: channelData, frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    finish({ channels }) {
      for (const channel of channels) rescale(channel, scale)
      hash?.update(interleavedBytes(channels, bitsPerSample))
    },
    digest: () => hash?.digest('hex') ?? '',
    free: () => decoder.free(),
  }
}

/**
 * The package divides by the most positive integer, where everything else divides by the most negative one: 32768 for 16 bits.
 * @param {Float32Array} values @param {number} scale
 */
function rescale(values, scale) {
  for (let i = 0; i < values.length; i++) values[i] = Math.round(/** @type {number} */ (values[i]) * (scale - 1)) / scale
}
