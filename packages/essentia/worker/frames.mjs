// Frames of a sound, as Essentia's FrameCutter cuts them by default, and their spectra.

/** @import { Essentia } from './essentia.mjs' */
/** @import { Framing } from './protocol.d.mts' */

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/**
 * Frame t is centred at sample t · hopSize, with zeros beyond the ends; the last one is the first whose centre is not before the end.
 * @param {Float32Array} samples @param {Framing} framing
 */
export function* framesOf(samples, { frameSize, hopSize }) {
  const half = Math.floor((frameSize + 1) / 2)
  for (let start = -half; ; start += hopSize) {
    const frame = new Float32Array(frameSize)
    frame.set(samples.subarray(Math.max(0, start), Math.max(0, start + frameSize)), Math.max(0, -start))
    yield frame
    if (start + Math.floor(frameSize / 2) >= samples.length || start + hopSize >= samples.length) return
  }
}

/** The magnitudes of a frame's spectrum: frameSize / 2 + 1 of them. @param {Essentia} essentia @param {Float32Array} frame @param {Framing} framing */
export function spectrumOf(essentia, frame, { frameSize, windowType }) {
  const windowed = essentia.call('Windowing', frame, true, frameSize, windowType, 0, true)
  return /** @type {Float32Array<ArrayBuffer>} */ (essentia.call('Spectrum', /** @type {Float32Array} */ (windowed['frame']), frameSize)['spectrum'])
}

/** Frequencies and magnitudes of a spectrum's peaks. @param {Essentia} essentia @param {Floats} spectrum @param {number} sampleRate @returns {[Floats, Floats]} */
export function peaksOf(essentia, spectrum, sampleRate) {
  const peaks = essentia.call('SpectralPeaks', spectrum, 1e-5, Math.min(5000, sampleRate / 2), 100, 20, 'frequency', sampleRate)
  return [/** @type {Floats} */ (peaks['frequencies']), /** @type {Floats} */ (peaks['magnitudes'])]
}

/** Those peaks that are harmonics of a pitch. @param {Essentia} essentia @param {Floats} spectrum @param {number} pitch @param {number} sampleRate @returns {[Floats, Floats]} */
export function harmonicsOf(essentia, spectrum, pitch, sampleRate) {
  const [frequencies, magnitudes] = peaksOf(essentia, spectrum, sampleRate)
  if (pitch <= 0 || frequencies.length === 0) return [new Float32Array(), new Float32Array()]
  const harmonics = essentia.call('HarmonicPeaks', frequencies, magnitudes, pitch, 20, 0.2)
  return [/** @type {Floats} */ (harmonics['harmonicFrequencies']), /** @type {Floats} */ (harmonics['harmonicMagnitudes'])]
}
