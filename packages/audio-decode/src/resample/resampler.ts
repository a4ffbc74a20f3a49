// Resamplers: sound of one rate in, in pieces; sound of another rate out.

import { CbirError } from '@cbir/core'
import { inSlices, TimeSlice, throwIfAborted } from '@cbir/core/define'
import { fourier, type Spectrum } from './fourier.ts'
import { type Kernel, kernelOf } from './kernels.ts'
import { RESAMPLINGS, type Resampling } from './resampling.ts'

/** One channel. The output has ⌈inputs · to / from⌉ samples in all. */
export interface Resampler {
  /** Takes input; gives what can be computed so far. A call takes time in proportion to its input, so give pieces. */
  push(samples: Float32Array): Float32Array
  /** The rest. No call may follow. */
  finish(signal?: AbortSignal): Promise<Float32Array>
}

/** Input samples taken between two looks at the clock. */
const PIECE = 1 << 13
/** Weights kept at most; with more phases they are computed for every output. */
const MOST_WEIGHTS = 1 << 22

/**
 * A resampler of one channel from `from` to `to` hertz.
 * @throws CbirError INVALID_ARGUMENT for a rate that is not a positive integer, or an unknown name
 */
export function createResampler(from: number, to: number, method: Resampling): Resampler {
  for (const rate of [from, to]) {
    if (!Number.isInteger(rate) || rate < 1 || rate > 2 ** 31) {
      throw new CbirError('INVALID_ARGUMENT', `A sample rate must be a positive whole number of hertz, got ${rate}.`)
    }
  }
  if (!RESAMPLINGS.includes(method)) {
    throw new CbirError('INVALID_ARGUMENT', `There is no resampling ${JSON.stringify(method)}; there are ${RESAMPLINGS.join(', ')}.`)
  }
  const divisor = greatestCommonDivisor(from, to)
  const up = to / divisor
  const down = from / divisor
  if (up === down) return { push: (samples) => samples, finish: async () => new Float32Array() }
  if (method === 'fft') return new FourierResampler(up, down)
  // resampy gives ⌊ ⌋ samples, and librosa adds a zero.
  return new KernelResampler(bankOf(method, up, down), up, down, method.startsWith('kaiser') ? Math.floor : Math.ceil)
}

/** The weights of one change of rate. */
interface Bank {
  readonly kernel: Kernel
  /** Weights of an output. */
  readonly taps: number
  /** Row p has the weights of phase p, once it is filled; without `filled` there is one row, of the phase at hand. */
  readonly weights: Float64Array
  readonly filled: Uint8Array | undefined
}

/** Of the changes used last: files of one kind share theirs. */
const banks = new Map<string, Bank>()
const MOST_BANKS = 8

function bankOf(method: Exclude<Resampling, 'fft'>, up: number, down: number): Bank {
  const key = `${method} ${up} ${down}`
  const known = banks.get(key)
  if (known) return known
  const kernel = kernelOf(method, up, down)
  const taps = 2 * kernel.reach
  const keeps = up * taps <= MOST_WEIGHTS
  const bank = { kernel, taps, weights: new Float64Array((keeps ? up : 1) * taps), filled: keeps ? new Uint8Array(up) : undefined }
  if (!keeps) return bank
  for (const oldest of banks.keys()) if (banks.size >= MOST_BANKS) banks.delete(oldest)
  banks.set(key, bank)
  return bank
}

function fill({ kernel, taps, weights, filled }: Bank, phase: number, up: number): void {
  if (!filled || filled[phase] === 1) return
  kernel.weights(phase, up, weights.subarray(phase * taps, (phase + 1) * taps))
  filled[phase] = 1
}

/** Computes weights in slices, so that the first piece that is pushed need not. Without it they are computed where they are needed. */
export async function prepareResampler(from: number, to: number, method: Resampling, signal?: AbortSignal): Promise<void> {
  const divisor = greatestCommonDivisor(from, to)
  const up = to / divisor
  if (method === 'fft' || from === to) return
  const bank = bankOf(method, up, from / divisor)
  if (!bank.filled || bank.filled.every((done) => done === 1)) return
  await inSlices(up, 1, (phase) => fill(bank, phase, up), signal)
}

/**
 * One channel from `from` to `to` hertz, in slices of the event loop.
 * @throws CbirError INVALID_ARGUMENT, ABORTED
 */
export async function resample(
  samples: Float32Array,
  options: { readonly from: number; readonly to: number; readonly method?: Resampling | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Float32Array> {
  const { from, to, method = 'soxr_hq', signal } = options
  const resampler = createResampler(from, to, method)
  await prepareResampler(from, to, method, signal)
  const all = new Float32Array(Math.ceil((samples.length * to) / from))
  const slice = new TimeSlice()
  let at = 0
  for (const piece of pieces(samples)) {
    if (slice.due()) await slice.pause()
    throwIfAborted(signal)
    const made = resampler.push(piece)
    all.set(made, at)
    at += made.length
  }
  all.set(await resampler.finish(signal), at)
  return all
}

/** Parts of a long run, each of which is pushed in well under ten milliseconds. */
export function* pieces(samples: Float32Array): Generator<Float32Array> {
  for (let at = 0; at < samples.length; at += PIECE) yield samples.subarray(at, at + PIECE)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

class KernelResampler implements Resampler {
  private readonly bank: Bank
  private readonly up: number
  private readonly down: number
  private readonly round: (value: number) => number
  /** Input from sample `start` on, of which `held` are there; as doubles, so that the inner loop need not convert each of them hundreds of times. */
  private input: Float64Array
  private start: number
  private held: number
  private taken = 0
  private made = 0
  /** The next output lies `phase / up` after input sample `sample`. */
  private sample = 0
  private phase = 0

  constructor(bank: Bank, up: number, down: number, round: (value: number) => number) {
    const { reach } = bank.kernel
    this.bank = bank
    this.up = up
    this.down = down
    this.round = round
    // Before the sound there are zeros.
    this.start = 1 - reach
    this.held = reach - 1
    this.input = new Float64Array(this.held + PIECE)
  }

  push(samples: Float32Array): Float32Array {
    this.append(samples, samples.length)
    this.taken += samples.length
    return this.produce(Number.POSITIVE_INFINITY)
  }

  async finish(): Promise<Float32Array> {
    const total = this.round((this.taken * this.up) / this.down)
    // After the sound there are zeros.
    this.append(undefined, this.bank.kernel.reach + 1)
    const rest = this.produce(total)
    const missing = Math.ceil((this.taken * this.up) / this.down) - this.made
    if (missing === 0) return rest
    const padded = new Float32Array(rest.length + missing)
    padded.set(rest)
    return padded
  }

  private append(samples: Float32Array | undefined, count: number): void {
    const gone = Math.min(this.held, this.sample - this.bank.kernel.reach + 1 - this.start)
    if (this.held + count > this.input.length) {
      const kept = this.input.subarray(Math.max(0, gone), this.held)
      const target = kept.length + count > this.input.length ? new Float64Array(2 * (kept.length + count)) : this.input
      target.set(kept)
      this.input = target
      this.held = kept.length
      this.start += Math.max(0, gone)
    }
    if (samples) this.input.set(samples, this.held)
    else this.input.fill(0, this.held, this.held + count)
    this.held += count
  }

  /** All outputs whose input is there, up to `limit` in all. */
  private produce(limit: number): Float32Array {
    const { up, down, bank, input } = this
    const { kernel, taps, weights, filled } = bank
    const last = this.start + this.held - 1 - kernel.reach
    const ahead = last - this.sample
    if (ahead < 0 || this.made >= limit) return new Float32Array()
    const possible = Math.floor(((ahead + 1) * up - this.phase - 1) / down) + 1
    const count = Math.max(0, Math.min(possible, limit - this.made))
    const output = new Float32Array(count)
    const whole = Math.floor(down / up)
    const rest = down % up
    let { phase, sample } = this
    for (let m = 0; m < count; m++) {
      const row = filled ? phase * taps : 0
      if (filled) fill(bank, phase, up)
      else kernel.weights(phase, up, weights)
      output[m] = dot(weights, row, input, sample - kernel.reach + 1 - this.start, taps)
      sample += whole
      phase += rest
      if (phase >= up) {
        phase -= up
        sample++
      }
    }
    this.phase = phase
    this.sample = sample
    this.made += count
    return output
  }
}

/** Four sums that do not wait for each other. `count` is even. */
function dot(weights: Float64Array, row: number, input: Float64Array, at: number, count: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < count; i += 4) {
    a += weights[row + i]! * input[at + i]!
    b += weights[row + i + 1]! * input[at + i + 1]!
    c += weights[row + i + 2]! * input[at + i + 2]!
    d += weights[row + i + 3]! * input[at + i + 3]!
  }
  for (; i < count; i++) a += weights[row + i]! * input[at + i]!
  return a + b + (c + d)
}

/** The whole sound's spectrum, cut off or filled up with zeros. */
class FourierResampler implements Resampler {
  private readonly up: number
  private readonly down: number
  private readonly parts: Float32Array[] = []
  private length = 0

  constructor(up: number, down: number) {
    this.up = up
    this.down = down
  }

  push(samples: Float32Array): Float32Array {
    this.parts.push(samples.slice())
    this.length += samples.length
    return new Float32Array()
  }

  async finish(signal?: AbortSignal): Promise<Float32Array> {
    const { length } = this
    const wanted = Math.ceil((length * this.up) / this.down)
    if (length === 0) return new Float32Array()
    const x: Spectrum = { re: new Float64Array(length), im: new Float64Array(length) }
    let at = 0
    for (const part of this.parts.splice(0)) {
      x.re.set(part, at)
      at += part.length
    }
    const before = await fourier(x, signal)
    const lowest = Math.min(length, wanted)
    const after: Spectrum = { re: new Float64Array(wanted), im: new Float64Array(wanted) }
    const half = Math.floor(lowest / 2)
    for (let k = 0; k <= half; k++) {
      // The bin at the lower Nyquist frequency stands for both signs on the side where it is the highest.
      const share = k > 0 && 2 * k === lowest ? (wanted < length ? 2 : 0.5) : 1
      const re = before.re[k]! * share
      const im = before.im[k]! * share
      after.re[k] = re
      // The conjugate, so that one more forward transform is the inverse.
      after.im[k] = 2 * k === wanted ? 0 : -im
      if (k > 0 && 2 * k !== wanted) {
        after.re[wanted - k] = re
        after.im[wanted - k] = im
      }
    }
    const { re } = await fourier(after, signal)
    return Float32Array.from(re, (value) => value / length)
  }
}
