// One message of packets through a codec: what each packet gives is joined into one array for each channel.

import { quietly } from './quiet.mjs'

/** @import { Decoded, PacketCodec, Packets } from './protocol.d.mts' */

/** A packet of which the codec complains counts -1; one without bytes is not given to it. @param {PacketCodec} codec @param {Packets} packets @returns {Decoded} */
export function runCodec(codec, { bytes, sizes }) {
  const counts = new Int32Array(sizes.length)
  /** @type {{ channels: Float32Array[], frames: number }[]} */
  const pieces = []
  let total = 0
  let width = 0
  let rate = 0
  let at = 0
  for (let i = 0; i < sizes.length; i++) {
    const size = /** @type {number} */ (sizes[i])
    if (size === 0) continue
    const packet = bytes.subarray(at, at + size)
    at += size
    try {
      const { channels, frames, sampleRate, failed } = quietly(() => codec.decode(packet))
      counts[i] = failed && frames === 0 ? -1 : frames
      if (frames > 0 && channels.length > 0) {
        pieces.push({ channels, frames })
        total += frames
        width = Math.max(width, channels.length)
        rate = sampleRate
      }
    } catch {
      counts[i] = -1
    }
  }
  const channels = Array.from({ length: width }, (_, channel) => {
    const all = new Float32Array(total)
    let to = 0
    for (const piece of pieces) {
      // A packet with fewer channels than others of its message goes on in its last one.
      const values = /** @type {Float32Array} */ (piece.channels[Math.min(channel, piece.channels.length - 1)])
      all.set(values.subarray(0, piece.frames), to)
      to += piece.frames
    }
    return all
  })
  const decoded = { channels, counts, sampleRate: rate }
  codec.finish?.(decoded)
  return decoded
}
