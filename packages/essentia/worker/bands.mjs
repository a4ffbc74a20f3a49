// Mel and ERB bands and their cepstra, with Essentia's definitions: its own algorithms make their filters anew for every frame, which takes
// a thousand times as long as the bands do.

/** @typedef {{ from: number, weights: Float64Array }} Filter the first bin, and the weights from there on */

/** HTK's mel scale. @param {number} hertz */
const mel = (hertz) => 1127.01048 * Math.log(1 + hertz / 700)
/** @param {number} mels */
const hertzOf = (mels) => 700 * (Math.exp(mels / 1127.01048) - 1)

/**
 * Triangles on the mel scale from 0 Hz to `high`, each with the sum 1 (Essentia's MelBands, `warpingFormula: 'htkMel'`, `normalize: 'unit_sum'`).
 * @param {number} count @param {number} bins @param {number} sampleRate @param {number} high @returns {Filter[]}
 */
export function melFilters(count, bins, sampleRate, high) {
  const hertzPerBin = sampleRate / 2 / (bins - 1)
  const edges = Array.from({ length: count + 2 }, (_, i) => hertzOf((mel(high) * i) / (count + 1)))
  return Array.from({ length: count }, (_, band) => {
    const [low, centre, top] = /** @type {[number, number, number]} */ (edges.slice(band, band + 3))
    const from = Math.ceil(low / hertzPerBin)
    const to = Math.ceil(top / hertzPerBin)
    const weights = Float64Array.from({ length: to - from }, (_, i) => {
      const hertz = (from + i) * hertzPerBin
      return hertz < centre ? (mel(hertz) - mel(low)) / (mel(centre) - mel(low)) : (mel(top) - mel(hertz)) / (mel(top) - mel(centre))
    })
    const sum = weights.reduce((a, b) => a + b, 0)
    return { from, weights: sum === 0 ? weights : weights.map((weight) => weight / sum) }
  })
}

/**
 * Gammatone filters of the fourth order by their responses (Slaney 1993, Ellis 2009; Essentia's ERBBands with width 1).
 * @param {number} count @param {number} bins @param {number} sampleRate @param {number} low @param {number} high @returns {Filter[]}
 */
export function erbFilters(count, bins, sampleRate, low, high) {
  const [quality, narrowest] = [9.26449, 24.7]
  const offset = quality * narrowest
  return Array.from({ length: count }, (_, band) => {
    const step = (count - band) / count
    const centre = -offset + Math.exp(step * (Math.log(low + offset) - Math.log(high + offset))) * (high + offset)
    const decay = (1.019 * 2 * Math.PI * (centre / quality + narrowest)) / sampleRate
    const angle = (2 * Math.PI * centre) / sampleRate
    const radius = Math.exp(-decay)
    // The zeros are real; the poles are a pair of conjugates, of the fourth order.
    const zeros = [3 + 2 ** 1.5, 3 - 2 ** 1.5].flatMap((root) =>
      [1, -1].map((sign) => radius * (Math.cos(angle) + sign * Math.sqrt(root) * Math.sin(angle))),
    )
    const response = (/** @type {number} */ turn, /** @type {boolean} */ conjugated) => {
      const [re, im] = [Math.cos(turn), Math.sin(turn)]
      const [poleRe, poleIm] = [radius * Math.cos(angle), radius * Math.sin(angle)]
      const toPole = Math.hypot(re - poleRe, im - poleIm)
      const toOther = conjugated ? Math.hypot(re - poleRe, im + poleIm) : toPole
      return zeros.reduce((product, zero) => product * Math.hypot(re - zero, im), 1) / (toPole * toOther) ** 4
    }
    const peak = response(angle, true)
    // Essentia takes the pole twice in place of the pair.
    const weights = Float64Array.from({ length: bins }, (_, bin) => response((Math.PI * bin) / (bins - 1), false) / peak)
    return { from: 0, weights }
  })
}

/** Each filter's sum over the spectrum, or over its squares. @param {readonly Filter[]} filters @param {Float32Array} spectrum @param {boolean} squared */
export function bandsOf(filters, spectrum, squared) {
  return Float32Array.from(filters, ({ from, weights }) => {
    let sum = 0
    for (let i = 0; i < weights.length; i++) {
      const magnitude = spectrum[from + i] ?? 0
      sum += /** @type {number} */ (weights[i]) * (squared ? magnitude * magnitude : magnitude)
    }
    return sum
  })
}

/** The first `count` coefficients of the orthonormal DCT-II of decibels (20 · log10, at least -200 dB). @param {Float32Array} bands @param {number} count */
export function cepstrumOf(bands, count) {
  const levels = Array.from(bands, (band) => 20 * Math.log10(Math.max(band, 1e-10)))
  return Float32Array.from({ length: count }, (_, k) => {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / levels.length)
    return scale * levels.reduce((sum, level, i) => sum + level * Math.cos((Math.PI * k * (i + 0.5)) / levels.length), 0)
  })
}
