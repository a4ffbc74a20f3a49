// Opus packets by libopus.

import { OpusDecoder } from 'opus-decoder'

/** @import { PacketCodec } from './protocol.d.mts' */

/**
 * @param {{ channels: number, streamCount: number, coupledStreamCount: number, channelMappingTable: number[] }} options
 * @returns {Promise<PacketCodec>}
 */
export async function createCodec(options) {
  // What is to be skipped at the beginning is cut by the caller.
  const decoder = new OpusDecoder({ ...options, preSkip: 0, sampleRate: 48000 })
  await decoder.ready
  return {
    decode(packet) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decodeFrame(packet)
      return { channels: channelData, frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    free: () => decoder.free(),
  }
}
