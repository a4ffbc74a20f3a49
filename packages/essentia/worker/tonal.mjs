// The tonal part of both descriptors.

import { keyFrame, scaleFrame } from './keys.mjs'
import { framesIn, number } from './low-level.mjs'

/** @import { Essentia, Held } from './essentia.mjs' */
/** @import { Frame, Pool } from './protocol.d.mts' */

const [FRAME, HOP] = [4096, 2048]

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/** With a tuning that is estimated from the sound. @param {Essentia} essentia @param {Held} signal @returns {Pool} */
export function musicTonalFeatures(essentia, signal) {
  const tuning = tuningOf(essentia, signal)
  const frequency = tuning.at(-1)?.[0] ?? 440
  const { pool, result } = tonalFeatures(essentia, signal, frequency)
  pool.set('tuning_frequency', [[frequency]])
  const hpcp = meanOf(/** @type {Floats[]} */ (result['hpcp']))
  for (const profile of ['temperley', 'krumhansl', 'edma']) {
    const key = keyOf(essentia, hpcp, profile)
    pool.set(`key_${profile}.key`, [keyFrame(String(key['key']))])
    pool.set(`key_${profile}.scale`, [scaleFrame(String(key['scale']))])
    pool.set(`key_${profile}.strength`, [[number(key, 'strength')]])
  }
  const fine = meanOf(/** @type {Floats[]} */ (result['hpcp_highres']))
  pool.set('tuning_diatonic_strength', [[number(keyOf(essentia, fine, 'diatonic'), 'strength')]])
  const temperament = essentia.call('HighResolutionFeatures', fine, 24)
  pool.set('tuning_equal_tempered_deviation', [[number(temperament, 'equalTemperedDeviation')]])
  pool.set('tuning_nontempered_energy_ratio', [[number(temperament, 'nonTemperedEnergyRatio')]])
  const loudest = hpcp.indexOf(Math.max(...hpcp))
  pool.set('thpcp', [hpcp.map((_, i) => /** @type {number} */ (hpcp[(i + loudest) % hpcp.length]))])
  return pool
}

/** With 440 Hz for A. @param {Essentia} essentia @param {Held} signal @returns {Pool} */
export function freesoundTonalFeatures(essentia, signal) {
  const { pool, result } = tonalFeatures(essentia, signal, 440)
  pool.set('tuning_frequency', tuningOf(essentia, signal))
  pool.set('key_key', [keyFrame(String(result['key_key']))])
  pool.set('key_scale', [scaleFrame(String(result['key_scale']))])
  pool.set('key_strength', [[number(result, 'key_strength')]])
  pool.set(
    'hpcp_crest',
    eachFrame(result['hpcp'], (hpcp) => number(essentia.call('Crest', hpcp), 'crest')),
  )
  return pool
}

/** @param {Essentia} essentia @param {Held} signal @param {number} tuning */
function tonalFeatures(essentia, signal, tuning) {
  const result = essentia.call('TonalExtractor', signal, FRAME, HOP, tuning)
  /** @type {Map<string, readonly Frame[]>} */
  const pool = new Map()
  pool.set('hpcp', framesIn(result['hpcp']))
  pool.set(
    'hpcp_entropy',
    eachFrame(result['hpcp'], (hpcp) => number(essentia.call('Entropy', hpcp), 'entropy')),
  )
  pool.set('chords_strength', framesIn(result['chords_strength']))
  pool.set('chords_histogram', [/** @type {Floats} */ (result['chords_histogram'])])
  pool.set('chords_number_rate', [[number(result, 'chords_number_rate')]])
  pool.set('chords_changes_rate', [[number(result, 'chords_changes_rate')]])
  pool.set('chords_key', [keyFrame(String(result['chords_key']))])
  pool.set('chords_scale', [scaleFrame(String(result['chords_scale']))])
  return { pool, result }
}

/** @param {unknown} frames @param {(frame: Floats) => number} work @returns {Frame[]} */
function eachFrame(frames, work) {
  return /** @type {Floats[]} */ (frames).map((frame) => [work(frame)])
}

/** @param {Essentia} essentia @param {Held} signal */
function tuningOf(essentia, signal) {
  return framesIn(essentia.call('TuningFrequencyExtractor', signal, FRAME, HOP)['tuningFrequency'])
}

/** @param {Essentia} essentia @param {Floats} pcp @param {string} profile */
function keyOf(essentia, pcp, profile) {
  return essentia.call('Key', pcp, 4, 36, profile, 0.6, false, true, true)
}

/** The mean over time, its largest number 1. @param {readonly Floats[]} frames @returns {Floats} */
function meanOf(frames) {
  const mean = new Float64Array(frames[0]?.length ?? 0)
  for (const frame of frames) for (let i = 0; i < mean.length; i++) mean[i] = /** @type {number} */ (mean[i]) + /** @type {number} */ (frame[i])
  const loudest = mean.reduce((a, b) => Math.max(a, b), 0)
  return Float32Array.from(mean, (value) => (loudest === 0 ? 0 : value / loudest))
}
