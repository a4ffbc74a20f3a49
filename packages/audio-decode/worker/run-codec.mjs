// One message of packets through a codec: what each packet gives is joined into one array for each channel.

import { quietly } from './quiet.mjs'

/** @import { Decoded, PacketCodec, Packets } from './protocol.d.mts' */

/** A packet of which the codec complains counts -1; one without bytes is not given to it. @param {PacketCodec} codec @param {Packets} packets @returns {Decoded} */
export function runCodec(codec, { bytes, sizes }) {
  const counts = new Int32Array(sizes.length)
  const sound = new JoinedSound()
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
        // Most packets have as many frames as the first.
        sound.append(channels, frames, frames * (sizes.length - i))
        rate = sampleRate
      }
    } catch {
      counts[i] = -1
    }
  }
  const decoded = { channels: sound.channels(), counts, sampleRate: rate }
  codec.finish?.(decoded)
  return decoded
}

/** Frames for which memory is taken before they come. */
const BELIEVED = 1 << 17

/** Grows by what packets give, whose own memory may be used for the next one. */
class JoinedSound {
  /** @type {Float32Array<ArrayBuffer>[]} */
  memory = []
  frames = 0

  /** @param {readonly Float32Array[]} channels @param {number} frames @param {number} awaited frames that are still to come, with these, about */
  append(channels, frames, awaited) {
    const needed = this.frames + frames
    const width = Math.max(this.memory.length, channels.length)
    if (width > this.memory.length || needed > /** @type {Float32Array} */ (this.memory[0]).length) {
      // What a damaged packet leads to expect is not believed beyond some half a megabyte.
      const length = Math.max(needed, Math.min(this.frames + awaited, Math.max(BELIEVED, 2 * needed)))
      this.memory = Array.from({ length: width }, (_, channel) => {
        const longer = new Float32Array(length)
        longer.set(this.last(this.memory, channel)?.subarray(0, this.frames) ?? [])
        return longer
      })
    }
    for (const [channel, to] of this.memory.entries()) {
      const values = /** @type {Float32Array} */ (this.last(channels, channel))
      to.set(values.subarray(0, frames), this.frames)
    }
    this.frames = needed
  }

  /** A packet with fewer channels than others of its message goes on in its last one. @template T @param {readonly T[]} channels @param {number} channel */
  last(channels, channel) {
    return channels[Math.min(channel, channels.length - 1)]
  }

  channels() {
    return this.memory.map((values) => values.subarray(0, this.frames))
  }
}
