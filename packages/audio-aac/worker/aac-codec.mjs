// AAC access units by FAAD2, and Apple Lossless, as @audio/decode-aac has them.

import { decoder } from '@audio/decode-aac'

/** @import { PacketCodec } from '@cbir/audio-decode' */

/**
 * @param {{ asc?: Uint8Array, alac?: Uint8Array }} options the AudioSpecificConfig, or Apple Lossless' cookie
 * @returns {Promise<PacketCodec>}
 */
export async function createCodec(options) {
  const codec = await decoder(options)
  return {
    decode(packet) {
      const { channelData, sampleRate } = codec.decode([packet])
      return { channels: channelData, frames: channelData[0]?.length ?? 0, sampleRate }
    },
    free: () => codec.free(),
  }
}
