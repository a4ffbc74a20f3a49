// Sounds that tests make themselves.

/** A tone of some harmonics with noise, `seconds` long; every `seed` sounds otherwise. */
export function tone(seed: number, seconds = 1, sampleRate = 22050): Float32Array {
  const pitch = 110 * 2 ** ((seed % 24) / 12)
  let state = (seed + 1) * 2654435761
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const t = i / sampleRate
    const wave = Math.sin(2 * Math.PI * pitch * t) + 0.5 * Math.sin(4 * Math.PI * pitch * t + seed) + 0.2 * Math.sin(10 * Math.PI * pitch * t)
    return 0.3 * wave * (1 + 0.5 * Math.sin(2 * Math.PI * 2 * t)) + 0.02 * (state / 2 ** 31 - 1)
  })
}

/** A wav file of 16-bit samples. */
export function wav(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples.length)
  const view = new DataView(bytes.buffer)
  const text = (at: number, letters: string): void => {
    for (let i = 0; i < letters.length; i++) bytes[at + i] = letters.charCodeAt(i)
  }
  text(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, 2 * sampleRate, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, 2 * samples.length, true)
  samples.forEach((sample, i) => {
    view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true)
  })
  return bytes
}
