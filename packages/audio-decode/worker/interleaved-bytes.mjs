// Samples as FLAC counts them for its MD5: signed integers, little-endian, channels interleaved, whole bytes.

/** @param {readonly Float32Array[]} channels @param {number} bitsPerSample at most 24 @returns {Uint8Array} */
export function interleavedBytes(channels, bitsPerSample) {
  const width = Math.ceil(bitsPerSample / 8)
  const count = channels.length
  const frames = channels[0]?.length ?? 0
  const scale = 2 ** (bitsPerSample - 1)
  const bytes = new Uint8Array(frames * count * width)
  for (let c = 0; c < count; c++) {
    const values = /** @type {Float32Array} */ (channels[c])
    let at = c * width
    for (let i = 0; i < frames; i++, at += count * width) {
      const value = Math.round(/** @type {number} */ (values[i]) * scale)
      bytes[at] = value
      if (width > 1) bytes[at + 1] = value >> 8
      if (width > 2) bytes[at + 2] = value >> 16
    }
  }
  return bytes
}
