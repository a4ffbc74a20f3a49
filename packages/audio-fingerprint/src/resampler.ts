// Resampler: a sound of any rate at the working rate, by a windowed sinc that is looked up between two input samples.

import { SAMPLE_RATE } from './working-format.ts'

/** Zero crossings of the sinc on each side. */
const CROSSINGS = 10
/** Positions between two input samples that the filter is tabulated for; the nearest is taken, which puts errors below −60 dB. */
const PHASES = 512
/** Where the low-pass ends, as a share of the lower of the two rates. */
const CUT_OFF = 0.475

/** Takes chunks of a sound and gives it resampled. How it is cut into chunks does not matter. */
export class Resampler {
  private readonly step: number
  private readonly reach: number
  private readonly filters: Float32Array
  private kept = new Float32Array(0)
  /** Where in the input `kept` begins; before the first sample there is silence. */
  private keptFrom: number
  private taken = 0
  private given = 0

  /** `sampleRate` of what is put in. */
  constructor(sampleRate: number) {
    this.step = sampleRate / SAMPLE_RATE
    const cut = CUT_OFF * Math.min(1, 1 / this.step)
    this.reach = Math.ceil(CROSSINGS / (2 * cut))
    this.filters = filtersOf(cut, this.reach)
    this.keptFrom = -this.reach
    this.kept = new Float32Array(this.reach)
  }

  /** What can be told of the output once these samples are known. */
  push(samples: Float32Array): Float32Array {
    if (this.step === 1) return samples
    const joined = new Float32Array(this.kept.length + samples.length)
    joined.set(this.kept)
    joined.set(samples, this.kept.length)
    this.taken += samples.length
    return this.take(joined, this.taken)
  }

  /** What is left: beyond the last sample there is silence. */
  end(): Float32Array {
    if (this.step === 1) return new Float32Array(0)
    const joined = new Float32Array(this.kept.length + 2 * this.reach)
    joined.set(this.kept)
    return this.take(joined, this.taken + this.reach)
  }

  /** `until`: the input is known before this sample. */
  private take(input: Float32Array, until: number): Float32Array {
    const { step, reach, filters, keptFrom } = this
    const width = 2 * reach
    const last = Math.floor((until - reach - 1) / step)
    const count = Math.max(0, last - this.given + 1)
    const out = new Float32Array(count)
    for (let n = 0; n < count; n++) {
      const position = (this.given + n) * step
      let whole = Math.floor(position)
      let phase = Math.round((position - whole) * PHASES)
      if (phase === PHASES) {
        phase = 0
        whole++
      }
      const from = whole - reach + 1 - keptFrom
      const filter = phase * width
      let sum = 0
      for (let i = 0; i < width; i++) sum += filters[filter + i]! * input[from + i]!
      out[n] = sum
    }
    this.given += count
    const needed = Math.max(keptFrom, Math.min(until, Math.floor(this.given * step) - reach + 1))
    this.kept = input.slice(needed - keptFrom, until - keptFrom)
    this.keptFrom = needed
    return out
  }
}

/** For each phase the weights of `reach` samples before and after, so that a constant stays as it is. */
function filtersOf(cut: number, reach: number): Float32Array {
  const width = 2 * reach
  const filters = new Float32Array(PHASES * width)
  for (let phase = 0; phase < PHASES; phase++) {
    const weights = Float64Array.from({ length: width }, (_, i) => {
      const t = i - reach + 1 - phase / PHASES
      const window = Math.abs(t) < reach ? 0.5 + 0.5 * Math.cos((Math.PI * t) / reach) : 0
      return window * (t === 0 ? 2 * cut : Math.sin(2 * Math.PI * cut * t) / (Math.PI * t))
    })
    const sum = weights.reduce((a, b) => a + b, 0)
    for (let i = 0; i < width; i++) filters[phase * width + i] = weights[i]! / sum
  }
  return filters
}
