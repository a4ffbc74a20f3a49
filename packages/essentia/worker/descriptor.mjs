// A descriptor of a whole sound: everything that is found in it, laid out as one vector.

import { averageLoudness, framesIn, number, spectralFeatures } from './low-level.mjs'
import { rhythmFeatures } from './rhythm.mjs'
import { eventFeatures } from './sfx.mjs'
import { poolStatistic } from './statistics.mjs'
import { freesoundTonalFeatures, musicTonalFeatures } from './tonal.mjs'

/** @import { Essentia } from './essentia.mjs' */
/** @import { DescriptorPlan, Frame, Pool, Rows } from './protocol.d.mts' */

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/** @param {Essentia} essentia @param {DescriptorPlan} plan @param {Floats} samples @param {number} sampleRate @returns {Rows} */
export function describeSound(essentia, { kind, fields, dimensions }, samples, sampleRate) {
  const wanted = new Set(fields.map(({ descriptor }) => descriptor.split('.')[0]))
  const pool = kind === 'music' ? music(essentia, samples, sampleRate, wanted) : freesound(essentia, samples, sampleRate, wanted)
  const data = new Float32Array(dimensions)
  for (const { descriptor, statistic, offset, length } of fields) {
    const frames = pool.get(descriptor) ?? []
    if (frames.length === 0) continue
    for (let i = 0; i < length; i++) {
      const values = Float64Array.from(frames, (frame) => /** @type {number} */ (frame[i]))
      const value = statistic === undefined ? values[0] : poolStatistic(statistic, values)
      // What a sound does not have (the kurtosis of silence) is 0.
      data[offset + i] = Number.isFinite(value) ? /** @type {number} */ (value) : 0
    }
  }
  return { data, rows: dimensions, columns: 1 }
}

/** @param {Essentia} essentia @param {Floats} samples @param {number} sampleRate @param {ReadonlySet<string | undefined>} wanted groups @returns {Pool} */
function music(essentia, samples, sampleRate, wanted) {
  const held = essentia.hold(samples)
  /** @type {Map<string, readonly Frame[]>} */
  const pool = new Map()
  try {
    if (wanted.has('lowlevel')) {
      const spectral = spectralFeatures(essentia, held, samples, sampleRate, {
        melBands: 128,
        erb: { bands: 40, low: 40, high: 22050 },
        pitch: false,
      })
      join(pool, 'lowlevel', spectral)
      pool.set('lowlevel.average_loudness', [[averageLoudness(essentia, held, 88200, 44100)]])
      pool.set('lowlevel.dynamic_complexity', [[number(essentia.call('DynamicComplexity', held, 0.2, sampleRate), 'dynamicComplexity')]])
      const loudness = essentia.call('LoudnessEBUR128', held, held, 0.1, sampleRate, false)
      pool.set('lowlevel.loudness_ebu128.integrated', [[number(loudness, 'integratedLoudness')]])
      pool.set('lowlevel.loudness_ebu128.loudness_range', [[number(loudness, 'loudnessRange')]])
      pool.set('lowlevel.loudness_ebu128.momentary', framesIn(loudness['momentaryLoudness']))
      pool.set('lowlevel.loudness_ebu128.short_term', framesIn(loudness['shortTermLoudness']))
    }
    if (wanted.has('rhythm')) join(pool, 'rhythm', rhythmFeatures(essentia, held, sampleRate))
    if (wanted.has('tonal')) join(pool, 'tonal', musicTonalFeatures(essentia, held))
  } finally {
    held.release()
  }
  return pool
}

/** @param {Essentia} essentia @param {Floats} samples @param {number} sampleRate @param {ReadonlySet<string | undefined>} wanted groups @returns {Pool} */
function freesound(essentia, samples, sampleRate, wanted) {
  const held = essentia.hold(samples)
  /** @type {Map<string, readonly Frame[]>} */
  const pool = new Map()
  try {
    if (wanted.has('lowlevel') || wanted.has('sfx')) {
      const spectral = spectralFeatures(essentia, held, samples, sampleRate, { melBands: 96, erb: { bands: 18, low: 26, high: 9795 }, pitch: true })
      join(pool, 'lowlevel', spectral)
      pool.set('lowlevel.average_loudness', [[averageLoudness(essentia, held, 2048, 1024)]])
      pool.set('lowlevel.dynamic_complexity', [[number(essentia.call('DynamicComplexity', held, 0.2, sampleRate), 'dynamicComplexity')]])
      if (wanted.has('sfx')) join(pool, 'sfx', eventFeatures(essentia, samples, sampleRate, spectral))
    }
    if (wanted.has('rhythm')) join(pool, 'rhythm', rhythmFeatures(essentia, held, sampleRate))
    if (wanted.has('tonal')) join(pool, 'tonal', freesoundTonalFeatures(essentia, held))
  } finally {
    held.release()
  }
  return pool
}

/** @param {Map<string, readonly Frame[]>} pool @param {string} group @param {Pool} found */
function join(pool, group, found) {
  for (const [name, frames] of found) pool.set(`${group}.${name}`, frames)
}
