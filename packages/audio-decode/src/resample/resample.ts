// Resampling by name: makes the resampler of a change of rate, and runs it over a whole channel.

import { CbirError } from '@cbir/core'
import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import { FourierResampler } from './fourier-resampler.ts'
import { KernelResampler } from './kernel-resampler.ts'
import { bankOf, prepareBank } from './phase-rows.ts'
import type { Resampler } from './resampler.ts'
import { RESAMPLINGS, type Resampling } from './resampling.ts'
import { loadConvolution } from './wasm-convolution.ts'

/** Rates further apart have filters of many thousand weights. */
const MOST_CHANGE = 1000
/** Of a fraction in lowest terms, for `polyphase`, whose filter has 20 weights for each. */
const MOST_PHASES = 2 ** 20

/**
 * A resampler of one channel from `from` to `to` hertz.
 * @throws CbirError INVALID_ARGUMENT for a rate that is not a positive integer, rates that are more than a thousandfold apart, or an unknown name
 */
export function createResampler(from: number, to: number, method: Resampling): Resampler {
  const { up, down } = changeOf(from, to, method)
  if (up === down) return { piece: 2 ** 16, push: (samples) => samples, finish: async () => new Float32Array() }
  if (method === 'fft') return new FourierResampler(up, down)
  // For those that come later.
  void loadConvolution()
  // resampy gives ⌊ ⌋ samples, and librosa adds a zero.
  return new KernelResampler(bankOf(method, up, down), method.startsWith('kaiser') ? Math.floor : Math.ceil)
}

/** The change as a fraction in lowest terms. */
function changeOf(from: number, to: number, method: Resampling): { readonly up: number; readonly down: number } {
  for (const rate of [from, to]) {
    if (!Number.isInteger(rate) || rate < 1 || rate > 2 ** 31) {
      throw new CbirError('INVALID_ARGUMENT', `A sample rate must be a positive whole number of hertz, got ${rate}.`)
    }
  }
  if (!RESAMPLINGS.includes(method)) {
    throw new CbirError('INVALID_ARGUMENT', `There is no resampling ${JSON.stringify(method)}; there are ${RESAMPLINGS.join(', ')}.`)
  }
  if (Math.max(from / to, to / from) > MOST_CHANGE) {
    throw new CbirError('INVALID_ARGUMENT', `Sample rates may be ${MOST_CHANGE}-fold apart at most, got ${from} to ${to} hertz.`)
  }
  const divisor = greatestCommonDivisor(from, to)
  const up = to / divisor
  const down = from / divisor
  if (method === 'polyphase' && Math.max(up, down) > MOST_PHASES) {
    throw new CbirError('INVALID_ARGUMENT', `'polyphase' cannot change ${from} to ${to} hertz, which is ${up} / ${down}. Use 'soxr_hq'.`)
  }
  return { up, down }
}

/** Loads and computes in slices what the first piece that is pushed would else wait for. Errors: those of `createResampler`, ABORTED. */
export async function prepareResampler(from: number, to: number, method: Resampling, signal?: AbortSignal): Promise<void> {
  const { up, down } = changeOf(from, to, method)
  if (method === 'fft' || up === down) return
  await loadConvolution()
  throwIfAborted(signal)
  await prepareBank(bankOf(method, up, down), signal)
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
  await prepareResampler(from, to, method, signal)
  const resampler = createResampler(from, to, method)
  const total = Math.ceil((samples.length * to) / from)
  let all: Float32Array | undefined
  const slice = new TimeSlice()
  let at = 0
  for (const piece of pieces(samples, resampler.piece)) {
    if (slice.due()) await slice.pause()
    throwIfAborted(signal)
    const made = resampler.push(piece)
    if (made.length === 0) continue
    all ??= new Float32Array(total)
    all.set(made, at)
    at += made.length
  }
  const rest = await resampler.finish(signal)
  // What is resampled as a whole would take long to copy.
  if (rest.length === total) return rest
  all ??= new Float32Array(total)
  all.set(rest, at)
  return all
}

/** Parts of a long run. */
export function* pieces(samples: Float32Array, length: number): Generator<Float32Array> {
  for (let at = 0; at < samples.length; at += length) yield samples.subarray(at, at + length)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
