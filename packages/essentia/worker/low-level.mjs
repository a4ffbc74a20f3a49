// The low-level part of both descriptors: Essentia's two extractors of spectral features, and what these lack.

import { bandsOf, cepstrumOf, erbFilters, melFilters } from './bands.mjs'
import { framesOf, harmonicsOf, spectrumOf } from './frames.mjs'

/** @import { Essentia, Held } from './essentia.mjs' */
/** @import { Frame, Pool } from './protocol.d.mts' */

export const FRAMING = Object.freeze({ frameSize: 2048, hopSize: 1024, windowType: 'blackmanharris62' })

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/** Mean powers below which a frame is silent. */
const SILENCES = Object.entries({ '20dB': 10 ** -1, '30dB': 10 ** -1.5, '60dB': 10 ** -3 })

/** Energy bands and their edges in hertz. @type {readonly (readonly [name: string, from: number, to: number])[]} */
const ENERGY_BANDS = [
  ['low', 20, 150],
  ['middle_low', 150, 800],
  ['middle_high', 800, 4000],
  ['high', 4000, 20000],
]

/**
 * Everything that has a value in each frame. Frames are those of FRAMING. (Essentia has half of it as one algorithm, LowLevelSpectralExtractor, which adds
 * noise to silent frames.)
 * @param {Essentia} essentia @param {Held} signal @param {Floats} samples @param {number} sampleRate
 * @param {{ melBands: number, erb: { bands: number, low: number, high: number }, pitch: boolean }} kind
 * @returns {Pool}
 */
export function spectralFeatures(essentia, signal, samples, sampleRate, { melBands, erb, pitch }) {
  const { frameSize, hopSize } = FRAMING
  /** @type {Map<string, Frame[]>} */
  const pool = new Map()
  const loud = essentia.call('LowLevelSpectralEqloudExtractor', signal, frameSize, hopSize, sampleRate)
  for (const [name, value] of Object.entries(loud)) pool.set(RENAMED.get(name) ?? name, framesIn(value))

  const bins = frameSize / 2 + 1
  const filters = {
    mel40: melFilters(40, bins, sampleRate, 11000),
    mel: melFilters(melBands, bins, sampleRate, sampleRate / 2),
    erb: erbFilters(erb.bands, bins, sampleRate, erb.low, erb.high),
  }
  let previous = new Float32Array(bins)
  for (const frame of framesOf(samples, FRAMING)) {
    const spectrum = spectrumOf(essentia, frame, FRAMING)
    const melbands = bandsOf(filters.mel40, spectrum, true)
    const erbbands = bandsOf(filters.erb, spectrum, true)
    const barkbands = /** @type {Floats} */ (essentia.call('BarkBands', spectrum, 27, sampleRate)['bands'])
    /** @type {Record<string, Frame>} */
    const found = {
      melbands,
      erbbands,
      barkbands,
      [`melbands${melBands}`]: bandsOf(filters.mel, spectrum, true),
      mfcc: cepstrumOf(melbands, 13),
      gfcc: cepstrumOf(erbbands, 13),
      spectral_flux: [distance(spectrum, previous)],
      ...shapeOf(essentia, 'melbands', melbands),
      ...shapeOf(essentia, 'erbbands', erbbands),
      ...shapeOf(essentia, 'barkbands', barkbands),
      ...scalars(essentia, frame, spectrum, sampleRate),
      ...(pitch ? harmonicity(essentia, spectrum, sampleRate) : {}),
    }
    const power = frame.reduce((sum, sample) => sum + sample * sample, 0) / frameSize
    for (const [level, threshold] of SILENCES) found[`silence_rate_${level}`] = [power < threshold ? 1 : 0]
    for (const [name, value] of Object.entries(found)) {
      const frames = pool.get(name)
      if (frames) frames.push(value)
      else pool.set(name, [value])
    }
    previous = spectrum
  }
  return pool
}

/** Numbers of a frame or its spectrum. @param {Essentia} essentia @param {Floats} frame @param {Floats} spectrum @param {number} sampleRate */
function scalars(essentia, frame, spectrum, sampleRate) {
  /** @type {Record<string, Frame>} */
  const found = {}
  /** @param {string} name @param {string} output @param {string} algorithm @param {...(Floats | number | string | boolean)} args */
  const add = (name, output, algorithm, ...args) => {
    found[name] = [number(essentia.call(algorithm, ...args), output)]
  }
  const squares = spectrum.map((magnitude) => magnitude * magnitude)
  add('zerocrossingrate', 'zeroCrossingRate', 'ZeroCrossingRate', frame, 0)
  add('hfc', 'hfc', 'HFC', spectrum, sampleRate, 'Masri')
  add('pitch_salience', 'pitchSalience', 'PitchSalience', spectrum, 5000, 100, sampleRate)
  add('spectral_complexity', 'spectralComplexity', 'SpectralComplexity', spectrum, 0.005, sampleRate)
  add('spectral_decrease', 'decrease', 'Decrease', squares, sampleRate / 2)
  add('spectral_energy', 'energy', 'Energy', spectrum)
  add('spectral_entropy', 'entropy', 'Entropy', spectrum)
  add('spectral_rms', 'rms', 'RMS', spectrum)
  add('spectral_rolloff', 'rollOff', 'RollOff', spectrum, 0.85, sampleRate)
  add('spectral_strongpeak', 'strongPeak', 'StrongPeak', spectrum)
  for (const [band, from, to] of ENERGY_BANDS) add(`spectral_energyband_${band}`, 'energyBand', 'EnergyBand', spectrum, sampleRate, from, to)
  return found
}

/** Pitch and what is known of its harmonics. @param {Essentia} essentia @param {Floats} spectrum @param {number} sampleRate @returns {Record<string, Frame>} */
function harmonicity(essentia, spectrum, sampleRate) {
  const yin = essentia.call('PitchYinFFT', spectrum, FRAMING.frameSize, true, 22050, 20, sampleRate, 1)
  const [frequencies, magnitudes] = harmonicsOf(essentia, spectrum, number(yin, 'pitch'), sampleRate)
  return {
    pitch: [number(yin, 'pitch')],
    pitch_instantaneous_confidence: [number(yin, 'pitchConfidence')],
    inharmonicity: [number(essentia.call('Inharmonicity', frequencies, magnitudes), 'inharmonicity')],
    oddtoevenharmonicenergyratio: [number(essentia.call('OddToEvenHarmonicEnergyRatio', frequencies, magnitudes), 'oddToEvenHarmonicEnergyRatio')],
    tristimulus: /** @type {Floats} */ (essentia.call('Tristimulus', frequencies, magnitudes)['tristimulus']),
  }
}

/** @param {Floats} a @param {Floats} b */
function distance(a, b) {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2
  return Math.sqrt(sum)
}

const RENAMED = new Map([
  ['sccoeffs', 'spectral_contrast_coeffs'],
  ['scvalleys', 'spectral_contrast_valleys'],
])

/** @param {Essentia} essentia @param {string} name @param {Floats} bands @returns {Record<string, Frame>} */
function shapeOf(essentia, name, bands) {
  const moments = /** @type {Floats} */ (essentia.call('CentralMoments', bands, 'pdf', bands.length - 1)['centralMoments'])
  const shape = essentia.call('DistributionShape', moments)
  return {
    [`${name}_kurtosis`]: [number(shape, 'kurtosis')],
    [`${name}_spread`]: [number(shape, 'spread')],
    [`${name}_skewness`]: [number(shape, 'skewness')],
    [`${name}_flatness_db`]: [number(essentia.call('FlatnessDB', bands), 'flatnessDB')],
    [`${name}_crest`]: [number(essentia.call('Crest', bands), 'crest')],
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
