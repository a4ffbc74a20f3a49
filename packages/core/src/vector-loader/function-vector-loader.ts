// functionVectorLoader: a function that gives numbers, as a loader; with padding, cropping or pooling to one length (findkit's FunctionVectorLoader).

import type { CallOptions } from '../component/call-options.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { defineVectorLoader, labelOf } from './define-vector-loader.ts'
import type { VectorLoader } from './vector-loader.ts'

/** How unequal lengths become one. Each is a number of values; what is left out must not be needed. */
export interface FitOptions {
  /** Shorter results are filled with zeros up to this length. */
  readonly pad?: number | undefined
  /** Longer results are cut off at this length. */
  readonly crop?: number | undefined
  /** Results of any length become the means of this many equal stretches (adaptive average pooling). Not together with `pad` or `crop`. */
  readonly pool?: number | undefined
}

/**
 * A loader that calls `fn` for each item. It gives Float32Arrays; `vectorExtractor` takes them as they are. Concurrency, abort, ids and the policy
 * for bad items are the pipeline's, or those of `createDescriptorGenerator` for a list of files.
 *
 * Errors: LOAD_FAILED with the cause where `fn` throws; INVALID_ARGUMENT where a length does not fit the options.
 * @param version part of the fingerprint: change it when `fn` gives other numbers, so that stored descriptors are not reused
 * @example functionVectorLoader('lengths', (text: string) => text.split(' ').map((word) => word.length), { pad: 64, crop: 64 })
 */
export function functionVectorLoader<In>(
  name: string,
  fn: (input: In, options: CallOptions) => ArrayLike<number> | Promise<ArrayLike<number>>,
  options: FitOptions & { readonly version?: string | undefined } = {},
): VectorLoader<In, Float32Array> {
  const { pad, crop, pool, version = '1' } = options
  for (const [what, length] of Object.entries({ pad, crop, pool })) if (length !== undefined) checkPositiveInteger(length, what)
  if (pool !== undefined && (pad !== undefined || crop !== undefined)) {
    throw new CbirError('INVALID_ARGUMENT', 'pool fits every length by itself; leave pad and crop out.')
  }
  if (pad !== undefined && crop !== undefined && pad !== crop) {
    throw new CbirError('INVALID_ARGUMENT', `pad and crop together must be the same length, got ${pad} and ${crop}.`)
  }
  return defineVectorLoader<In, Float32Array>(name, {
    fingerprint: JSON.stringify({ version, pad, crop, pool }),
    async load(input, call) {
      const given = fn(input, call)
      // What is there at once is copied at once: `fn` may give the caller's own array, which the caller may change later.
      const values = isPromise(given) ? await given : given
      if (typeof values !== 'object' || values === null || typeof values.length !== 'number') {
        throw new CbirError(
          'LOAD_FAILED',
          `The function of ${name} gave ${describeType(values)} for ${labelOf(input)}; it must give an array of numbers.`,
        )
      }
      return [{ value: fit(new Float32Array(values), options, `${name} for ${labelOf(input)}`) }]
    },
  })
}

function fit(values: Float32Array, { pad, crop, pool }: FitOptions, what: string): Float32Array {
  if (pool !== undefined) {
    if (values.length === 0) throw new CbirError('EMPTY', `The result of ${what} is empty; there is nothing to pool.`)
    return poolMeans(values, pool)
  }
  const most = crop ?? pad
  const least = pad ?? crop
  if (least !== undefined && values.length < least && pad === undefined) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The result of ${what} has ${values.length} values, fewer than crop = ${crop}. Give pad as well, to fill it with zeros.`,
    )
  }
  if (most !== undefined && values.length > most && crop === undefined) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The result of ${what} has ${values.length} values, more than pad = ${pad}. Give crop as well, to cut it off.`,
    )
  }
  const length = most ?? values.length
  if (values.length === length) return values
  const fitted = new Float32Array(length)
  fitted.set(values.subarray(0, length))
  return fitted
}

/** Means over `count` stretches: the i-th from ⌊i·n/count⌋ to ⌈(i+1)·n/count⌉, so that none is empty and short inputs repeat values. */
function poolMeans(values: Float32Array, count: number): Float32Array {
  const n = values.length
  return Float32Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * n) / count)
    const to = Math.ceil(((i + 1) * n) / count)
    let sum = 0
    for (let j = from; j < to; j++) sum += values[j]!
    return sum / (to - from)
  })
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function'
}
