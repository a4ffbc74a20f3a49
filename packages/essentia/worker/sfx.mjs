// The part of the Freesound descriptor that describes a sound as an event: its envelope, its pitch's course, its harmonics.

import { envelopeOf } from './algorithm.mjs'
import { EssentiaRefusal } from './essentia.mjs'
import { number } from './low-level.mjs'

/** @import { Essentia } from './essentia.mjs' */
/** @import { Frame, Pool } from './protocol.d.mts' */

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/**
 * @param {Essentia} essentia @param {Floats} samples @param {number} sampleRate @param {Pool} spectral what `spectralFeatures` gave
 * @returns {Pool}
 */
export function eventFeatures(essentia, samples, sampleRate, spectral) {
  /** @type {Map<string, readonly Frame[]>} */
  const pool = new Map()
  /** Some are not defined for silence, or for a pitch that is always 0: then they are left out, and stand as 0 in the vector. */
  const set = (/** @type {string} */ name, /** @type {() => number} */ work) => {
    try {
      pool.set(name, [[work()]])
    } catch (error) {
      if (!(error instanceof EssentiaRefusal)) throw error
    }
  }
  const held = essentia.hold(envelopeOf(essentia, samples, sampleRate))
  const pitch = Float32Array.from(spectral.get('pitch') ?? [], (frame) => frame[0] ?? 0)
  try {
    set('duration', () => samples.length / sampleRate)
    set('effective_duration', () => number(essentia.call('EffectiveDuration', held, sampleRate, 0.1), 'effectiveDuration'))
    set('logattacktime', () => number(essentia.call('LogAttackTime', held, sampleRate, 0.2, 0.9), 'logAttackTime'))
    set('strongdecay', () => number(essentia.call('StrongDecay', held, sampleRate), 'strongDecay'))
    set('flatness', () => number(essentia.call('FlatnessSFX', held), 'flatness'))
    set('max_to_total', () => number(essentia.call('MaxToTotal', held), 'maxToTotal'))
    set('tc_to_total', () => number(essentia.call('TCToTotal', held), 'TCToTotal'))
    const slope = essentia.call('DerivativeSFX', held)
    set('der_av_after_max', () => number(slope, 'derAvAfterMax'))
    set('max_der_before_max', () => number(slope, 'maxDerBeforeMax'))
    set('temporal_decrease', () => number(essentia.call('Decrease', held, 1), 'decrease'))
    set('temporal_centroid', () => number(essentia.call('Centroid', held, 1), 'centroid'))
    const moments = /** @type {Floats} */ (essentia.call('CentralMoments', held, 'pdf', 1)['centralMoments'])
    const shape = essentia.call('DistributionShape', moments)
    for (const name of ['kurtosis', 'skewness', 'spread']) set(`temporal_${name}`, () => number(shape, name))
  } finally {
    held.release()
  }
  set('pitch_max_to_total', () => number(essentia.call('MaxToTotal', pitch), 'maxToTotal'))
  set('pitch_min_to_total', () => number(essentia.call('MinToTotal', pitch), 'minToTotal'))
  set('pitch_centroid', () => number(essentia.call('Centroid', pitch, 1), 'centroid'))
  set('pitch_after_max_to_before_max_energy_ratio', () =>
    number(essentia.call('AfterMaxToBeforeMaxEnergyRatio', pitch), 'afterMaxToBeforeMaxEnergyRatio'),
  )
  for (const name of ['inharmonicity', 'oddtoevenharmonicenergyratio', 'tristimulus']) pool.set(name, spectral.get(name) ?? [])
  return pool
}
