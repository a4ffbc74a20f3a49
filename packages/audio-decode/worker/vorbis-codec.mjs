// Vorbis packets by libvorbis. The package reads Ogg itself, silently; its inner decoder takes the packets that our reader has checked.

import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis'
import { quietly } from './quiet.mjs'

/** @import { PacketCodec } from './protocol.d.mts' */

/**
 * The inner decoder of version 0.1.20, which package.json pins.
 * @typedef {object} Inner
 * @property {(packet: Uint8Array) => void} sendSetupHeader
 * @property {() => void} initDsp
 * @property {(packets: Uint8Array[]) => { channelData: Float32Array[], samplesDecoded: number, sampleRate: number, errors: unknown[] }} decodePackets
 * @property {{ buf: Int32Array }} _errorsLength
 */

/** Its input buffer. */
const LARGEST_PACKET = 128 * 1024

/** @param {{ identification: Uint8Array, setup: Uint8Array }} headers @returns {Promise<PacketCodec>} */
export async function createCodec({ identification, setup }) {
  if (setup.length > LARGEST_PACKET) throw new Error(`The setup header of ${setup.length} bytes is longer than ${LARGEST_PACKET}.`)
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  const inner = /** @type {{ _decoder: Inner }} */ (/** @type {unknown} */ (decoder))._decoder
  quietly(() => {
    inner.sendSetupHeader(identification)
    inner.sendSetupHeader(setup)
    if (inner._errorsLength.buf[0] === 0) inner.initDsp()
  })
  if (inner._errorsLength.buf[0] !== 0) {
    decoder.free()
    throw new Error('libvorbis finds its headers wrong.')
  }
  return {
    decode(packet) {
      const { channelData, samplesDecoded, sampleRate, errors } = inner.decodePackets([packet])
      return { channels: channelData, frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    free: () => decoder.free(),
  }
}
