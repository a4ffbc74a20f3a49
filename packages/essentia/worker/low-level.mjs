// The low-level part of both descriptors: Essentia's two extractors of spectral features, and what these lack.

import { bandsOf, cepstrumOf, erbFilters, melFilters } from './bands.mjs'
import { framesOf, spectrumOf } from './frames.mjs'

/** @import { Essentia, Held } from './essentia.mjs' */
/** @import { Frame, Pool } from './protocol.d.mts' */

export const FRAMING = Object.freeze({ frameSize: 2048, hopSize: 1024, windowType: 'blackmanharris62' })

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/**
 * Everything that has a value in each frame. Frames are those of FRAMING.
 * @param {Essentia} essentia @param {Held} signal @param {Floats} samples @param {number} sampleRate
 * @param {{ melBands: number, erb: { bands: number, low: number, high: number } }} kind
 * @returns {Pool}
 */
export function spectralFeatures(essentia, signal, samples, sampleRate, { melBands, erb }) {
  const { frameSize, hopSize } = FRAMING
  /** @type {Map<string, Frame[]>} */
  const pool = new Map()
  const plain = essentia.call('LowLevelSpectralExtractor', signal, frameSize, hopSize, sampleRate)
  for (const [name, value] of Object.entries(plain)) pool.set(name, framesIn(value))
  const loud = essentia.call('LowLevelSpectralEqloudExtractor', signal, frameSize, hopSize, sampleRate)
  for (const [name, value] of Object.entries(loud)) pool.set(RENAMED.get(name) ?? name, framesIn(value))

  const bins = frameSize / 2 + 1
  const mel40 = melFilters(40, bins, sampleRate, 11000)
  const melMany = melFilters(melBands, bins, sampleRate, sampleRate / 2)
  const erbs = erbFilters(erb.bands, bins, sampleRate, erb.low, erb.high)
  const add = (/** @type {string} */ name, /** @type {Frame} */ frame) => {
    const frames = pool.get(name)
    if (frames) frames.push(frame)
    else pool.set(name, [frame])
  }
  for (const frame of framesOf(samples, FRAMING)) {
    const spectrum = spectrumOf(essentia, frame, FRAMING)
    const melbands = bandsOf(mel40, spectrum, true)
    const erbbands = bandsOf(erbs, spectrum, true)
    add('melbands', melbands)
    add(`melbands${melBands}`, bandsOf(melMany, spectrum, true))
    add('erbbands', erbbands)
    add('gfcc', cepstrumOf(erbbands, 13))
    add('spectral_entropy', [number(essentia.call('Entropy', spectrum), 'entropy')])
    for (const [name, bands] of /** @type {const} */ ([
      ['melbands', melbands],
      ['erbbands', erbbands],
    ])) {
      for (const [shape, value] of Object.entries(shapeOf(essentia, bands))) add(`${name}_${shape}`, [value])
    }
  }
  return pool
}

const RENAMED = new Map([
  ['sccoeffs', 'spectral_contrast_coeffs'],
  ['scvalleys', 'spectral_contrast_valleys'],
])

/** @param {Essentia} essentia @param {Floats} bands */
function shapeOf(essentia, bands) {
  const moments = /** @type {Floats} */ (essentia.call('CentralMoments', bands, 'pdf', bands.length - 1)['centralMoments'])
  const shape = essentia.call('DistributionShape', moments)
  return {
    kurtosis: number(shape, 'kurtosis'),
    spread: number(shape, 'spread'),
    skewness: number(shape, 'skewness'),
    flatness_db: number(essentia.call('FlatnessDB', bands), 'flatnessDB'),
    crest: number(essentia.call('Crest', bands), 'crest'),
  }
}

/** Numbers over time, or vectors over time. @param {unknown} value @returns {Frame[]} */
export function framesIn(value) {
  if (value instanceof Float32Array) return Array.from(value, (one) => [one])
  return /** @type {Frame[]} */ (value)
}

/** @param {Readonly<Record<string, unknown>>} result @param {string} name @returns {number} */
export function number(result, name) {
  return /** @type {number} */ (result[name])
}

/**
 * How near the mean loudness is to the loudest: 0 for sounds of large dynamics, 1 for such of hardly any.
 * @param {Essentia} essentia @param {Held} signal @param {number} frameSize @param {number} hopSize
 */
export function averageLoudness(essentia, signal, frameSize, hopSize) {
  const levels = /** @type {Floats} */ (essentia.call('LevelExtractor', signal, frameSize, hopSize)['loudness'])
  if (levels.length === 0) return 0
  const loudest = levels.reduce((a, b) => Math.max(a, b), 1e-4)
  const mean = levels.reduce((sum, level) => sum + Math.max(level / loudest, 1e-4), 0) / levels.length
  const decibels = 10 * Math.log10(mean)
  return 0.5 + 0.5 * Math.tanh(-1 + (2 * (decibels + 5)) / 3)
}
