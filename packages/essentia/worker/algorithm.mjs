// One algorithm over a sound: over the whole of it, or over its frames.

import { framesOf, harmonicsOf, peaksOf, spectrumOf } from './frames.mjs'
import { keyFrame, scaleFrame } from './keys.mjs'

/** @import { Essentia, Held, Output } from './essentia.mjs' */
/** @import { AlgorithmPlan, Frame, Rows } from './protocol.d.mts' */

/** Outputs of whole sounds whose numbers stand side by side, not one after another in time. */
const VECTORS = new Set(['chords_histogram', 'dfa', 'histogram'])

/** @typedef {Float32Array<ArrayBuffer>} Floats */

/** @param {Essentia} essentia @param {AlgorithmPlan} plan @param {Floats} samples @param {number} sampleRate @returns {Rows} */
export function runAlgorithm(essentia, plan, samples, sampleRate) {
  const parameters = plan.parameters.map((value) =>
    Array.isArray(value) ? Float32Array.from(value) : /** @type {number | boolean | string} */ (value),
  )
  /** @param {...(Held | Floats)} inputs */
  const call = (...inputs) => essentia.call(plan.name, ...inputs, ...parameters)
  if (plan.input === 'signal' || plan.input === 'stereo' || plan.input === 'envelope') {
    const given = plan.input === 'envelope' ? envelopeOf(essentia, samples, sampleRate) : samples
    const held = essentia.hold(given)
    try {
      const result = plan.input === 'stereo' ? call(held, held) : call(held)
      return stacked(plan.outputs.map((name) => [name, framesOfOutput(name, output(result, name))]))
    } finally {
      held.release()
    }
  }
  /** @type {[string, Frame[]][]} */
  const outputs = plan.outputs.map((name) => [name, []])
  for (const frame of framesOf(samples, plan.framing)) {
    const result = call(...inputsOf(essentia, plan, frame, sampleRate))
    for (const [name, frames] of outputs) frames.push(frameOf(output(result, name)))
  }
  return stacked(outputs)
}

/** @param {Essentia} essentia @param {Floats} samples @param {number} sampleRate */
export function envelopeOf(essentia, samples, sampleRate) {
  return /** @type {Floats} */ (essentia.call('Envelope', samples, true, 10, 1500, sampleRate)['signal'])
}

/** @param {Essentia} essentia @param {AlgorithmPlan} plan @param {Floats} frame @param {number} sampleRate @returns {Floats[]} */
function inputsOf(essentia, { input, framing }, frame, sampleRate) {
  if (input === 'frame') return [frame]
  const spectrum = spectrumOf(essentia, frame, framing)
  if (input === 'spectrum') return [spectrum]
  if (input === 'moments') return [/** @type {Floats} */ (essentia.call('CentralMoments', spectrum, 'pdf', sampleRate / 2)['centralMoments'])]
  if (input === 'peaks') return peaksOf(essentia, spectrum, sampleRate)
  const highest = Math.min(22050, sampleRate / 2)
  const pitch = essentia.call('PitchYinFFT', spectrum, framing.frameSize, true, highest, 20, sampleRate, 1)['pitch']
  return harmonicsOf(essentia, spectrum, /** @type {number} */ (pitch), sampleRate)
}

/** @param {Record<string, Output>} result @param {string} name */
function output(result, name) {
  const value = result[name]
  if (value === undefined) throw new Error(`there is no output ${name}`)
  return value
}

/** @param {Output} value @returns {Frame} */
function frameOf(value) {
  return typeof value === 'number' ? [value] : /** @type {Floats} */ (value)
}

/** @param {string} name @param {Output} value @returns {Frame[]} */
function framesOfOutput(name, value) {
  if (typeof value === 'number') return [[value]]
  if (typeof value === 'string') return [name.includes('scale') ? scaleFrame(value) : keyFrame(value)]
  if (value instanceof Float32Array) return VECTORS.has(name) ? [value] : Array.from(value, (number) => [number])
  return /** @type {Floats[]} */ (value)
}

/** The outputs below each other, time from left to right. @param {readonly (readonly [string, readonly Frame[]])[]} outputs @returns {Rows} */
function stacked(outputs) {
  const columns = outputs[0]?.[1].length ?? 0
  for (const [name, frames] of outputs) {
    if (frames.length === columns && frames.every((frame) => frame.length === frames[0]?.length)) continue
    const lengths = outputs.map(([other, { length }]) => `${other} ${length}`).join(', ')
    throw new RangeError(
      frames.length === columns
        ? `${name} has another length in every frame, so it has no rows of features`
        : `the outputs have different numbers of frames (${lengths}): choose some of them by \`outputs\``,
    )
  }
  // An output without a frame is a row of no columns.
  const rows = outputs.reduce((sum, [, frames]) => sum + (frames[0]?.length ?? 1), 0)
  const data = new Float32Array(rows * columns)
  let first = 0
  for (const [, frames] of outputs) {
    for (const [t, frame] of frames.entries())
      for (let r = 0; r < frame.length; r++) data[(first + r) * columns + t] = /** @type {number} */ (frame[r])
    first += frames[0]?.length ?? 1
  }
  return { data, rows, columns }
}
