// The low-pass filters of resampling, as weights of input samples for a place between two of them.

import { besselI0, kaiser, sinc } from './kaiser-window.ts'
import { LazyTable } from './lazy-table.ts'
import type { Resampling } from './resampling.ts'

/** What an output sample is made of. */
export interface Kernel {
  /** Input samples on either side. */
  readonly reach: number
  /**
   * Weights for an output that lies `phase / up` after input sample n: `into[j]` is that of sample n - reach + 1 + j.
   */
  weights(phase: number, up: number, into: Float64Array): void
  /** What weights are read from, which can be computed beforehand. */
  readonly table?: LazyTable | undefined
}

/** For a change of rate by `up / down`, which have no common divisor. */
export function kernelOf(method: Exclude<Resampling, 'fft'>, up: number, down: number): Kernel {
  switch (method) {
    // The rejection that 20 and 28 bits ask for, in dB.
    case 'soxr_hq':
      return soxrKernel(126, up, down)
    case 'soxr_vhq':
      return soxrKernel(175, up, down)
    case 'kaiser_best':
      return resampyKernel({ zeros: 50, precision: 13, beta: 12.984585251, rolloff: 0.91734737126 }, up, down)
    case 'kaiser_fast':
      return resampyKernel({ zeros: 24, precision: 9, beta: 9.90322, rolloff: 0.868212 }, up, down)
    case 'polyphase':
      return polyphaseKernel(up, down)
  }
}

/** Where libsoxr's HQ and VHQ begin to damp, of the lower Nyquist frequency. */
const PASS_BAND = 0.913

/** Entries of the table per input sample. Linear interpolation between them is then right to about 1e-8. */
const FINE = 4096

/** A sinc with a Kaiser window: damping `rejection` dB from the lower Nyquist frequency on. */
function soxrKernel(rejection: number, up: number, down: number): Kernel {
  // In cycles per input sample.
  const nyquist = Math.min(1, up / down) / 2
  const width = (1 - PASS_BAND) * nyquist
  const cutoff = nyquist - width / 2
  const beta = 0.1102 * (rejection - 8.7)
  const half = (rejection - 7.95) / (14.36 * width) / 2
  const reach = Math.ceil(half)
  const scale = besselI0(beta)
  const at = (t: number): number => 2 * cutoff * sinc(2 * cutoff * t) * kaiser(t / half, beta, scale)
  // With many phases the weights are not kept, so they must be cheap.
  const table = up > MANY ? new LazyTable((reach + 1) * FINE + 2, (i) => at(i / FINE)) : undefined
  const value = table ? (t: number): number => interpolate(table.values, Math.abs(t) * FINE) : at
  return {
    reach,
    table,
    weights(phase, total, into) {
      table?.computeTo(table.length)
      const fraction = phase / total
      let sum = 0
      for (let j = 0; j < 2 * reach; j++) sum += into[j] = value(fraction + reach - 1 - j)
      // A constant stays what it is, exactly.
      for (let j = 0; j < 2 * reach; j++) into[j]! /= sum
    },
  }
}

/** Phases above which weights are computed anew for every output. */
const MANY = 4096

function interpolate(table: Float64Array, at: number): number {
  const below = Math.floor(at)
  if (below + 1 >= table.length) return 0
  return table[below]! + (at - below) * (table[below + 1]! - table[below]!)
}

interface ResampyFilter {
  /** Zero crossings on either side. */
  readonly zeros: number
  /** Two to this power table entries between two of them. */
  readonly precision: number
  readonly beta: number
  readonly rolloff: number
}

/** resampy's `interpn`: a table of half a windowed sinc, read with a step that is rounded down to whole entries, and interpolated linearly. */
function resampyKernel({ zeros, precision, beta, rolloff }: ResampyFilter, up: number, down: number): Kernel {
  const perZero = 2 ** precision
  const length = zeros * perZero + 1
  const scale = Math.min(1, up / down)
  const peak = besselI0(beta)
  const entry = (i: number): number => {
    const at = Math.min(i, length - 1)
    return scale * rolloff * sinc((rolloff * at) / perZero) * kaiser(at / (length - 1), beta, peak)
  }
  // With many phases all entries are needed; with few, a small part of the hundred thousands.
  const table = up > MANY ? new LazyTable(length + 1, entry) : undefined
  const value = table ? (i: number): number => table.values[i]! : entry
  const step = Math.trunc(scale * perZero)
  const reach = Math.floor(length / step)
  /** Weights outwards from a distance of `distance` input samples. */
  const wing = (distance: number, put: (i: number, weight: number) => void): void => {
    const index = scale * distance * perZero
    const offset = Math.trunc(index)
    const eta = index - offset
    const count = Math.floor((length - offset) / step)
    for (let i = 0; i < count; i++) {
      const at = offset + i * step
      const here = value(at)
      put(i, here + eta * (value(at + 1) - here))
    }
  }
  return {
    reach,
    table,
    weights(phase, total, into) {
      table?.computeTo(table.length)
      into.fill(0)
      wing(phase / total, (i, weight) => {
        into[reach - 1 - i] = weight
      })
      wing(1 - phase / total, (i, weight) => {
        into[reach + i] = weight
      })
    },
  }
}

/** `firwin(20 · max(up, down) + 1, 1 / max(up, down), window=('kaiser', 5))`, times `up`. */
function polyphaseKernel(up: number, down: number): Kernel {
  const highest = Math.max(up, down)
  const half = 10 * highest
  const beta = 5
  const scale = besselI0(beta)
  let sum = 0
  const table = new LazyTable(2 * half + 1, (i) => {
    const weight = (sinc((i - half) / highest) / highest) * kaiser((i - half) / half, beta, scale)
    sum += weight
    return weight
  })
  const reach = Math.ceil(half / up) + 1
  return {
    reach,
    table,
    weights(phase, _total, into) {
      table.computeTo(table.length)
      for (let j = 0; j < 2 * reach; j++) {
        const at = half + phase + (reach - 1 - j) * up
        into[j] = at >= 0 && at <= 2 * half ? (table.values[at]! / sum) * up : 0
      }
    },
  }
}
