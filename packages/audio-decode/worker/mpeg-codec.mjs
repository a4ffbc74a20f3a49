// MPEG audio (layers I to III) by mpg123. Each packet is one frame; delay and padding are cut by the caller, who knows the whole file.

import { MPEGDecoder } from 'mpg123-decoder'

/** @import { PacketCodec } from './protocol.d.mts' */

/** @returns {Promise<PacketCodec>} */
export async function createCodec() {
  const decoder = new MPEGDecoder({ enableGapless: false })
  await decoder.ready
  return {
    decode(packet) {
      const { channelData, samplesDecoded, sampleRate, errors } = decoder.decode(packet)
      return { channels: channelData, frames: samplesDecoded, sampleRate, failed: errors.length > 0 }
    },
    free: () => decoder.free(),
  }
}
