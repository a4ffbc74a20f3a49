// The rhythm part of both descriptors.

import { framesIn, number } from './low-level.mjs'

/** @import { Essentia, Held } from './essentia.mjs' */
/** @import { Frame, Pool } from './protocol.d.mts' */

/** Edges of the bands of the beats' loudness, in hertz: those of Essentia. */
const BANDS = Float32Array.of(20, 150, 400, 3200, 7000, 22000)

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/** @param {Essentia} essentia @param {Held} signal @param {number} sampleRate @returns {Pool} */
export function rhythmFeatures(essentia, signal, sampleRate) {
  /** @type {Map<string, readonly Frame[]>} */
  const pool = new Map()
  const rhythm = essentia.call('RhythmExtractor2013', signal, 208, 'degara', 40)
  const ticks = /** @type {Floats} */ (rhythm['ticks'])
  pool.set('bpm', [[number(rhythm, 'bpm')]])
  pool.set('beats_count', [[ticks.length]])
  const histogram = essentia.call('BpmHistogramDescriptors', /** @type {Floats} */ (rhythm['bpmIntervals']))
  for (const which of ['first', 'second']) {
    for (const what of ['BPM', 'Weight', 'Spread']) {
      pool.set(`bpm_histogram_${which}_peak_${what.toLowerCase()}`, [[number(histogram, `${which}Peak${what}`)]])
    }
  }
  pool.set('bpm_histogram', [/** @type {Floats} */ (histogram['histogram'])])
  pool.set('onset_rate', [[number(essentia.call('OnsetRate', signal), 'onsetRate')]])
  pool.set('danceability', [[number(essentia.call('Danceability', signal, 8800, 310, sampleRate, 1.1), 'danceability')]])
  if (ticks.length > 0) {
    const beats = essentia.call('BeatsLoudness', signal, 0.05, 0.1, ticks, BANDS, sampleRate)
    pool.set('beats_loudness', framesIn(beats['loudness']))
    pool.set('beats_loudness_band_ratio', framesIn(beats['loudnessBandRatio']))
  }
  return pool
}
