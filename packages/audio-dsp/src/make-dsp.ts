// The calls of this package over whatever engine the platform has.

import { CbirError } from '@cbir/core'
import { inSlices, throwIfAborted } from '@cbir/core/define'
import { checkChoice, checkInteger } from './check-options.ts'
import type { BinValue, DspOptions, Engine, FrameLayout, Implementation, Precision, ProductJob } from './engine.ts'
import { checkedFilters, type SparseFilters } from './filters.ts'
import { type FramingOptions, framed, framingInSlices } from './framing.ts'
import { type Memory, samplesLike } from './memory.ts'
import { checkSamples, type Samples } from './samples.ts'

/** Complex spectra of frames. Bin b of frame t is `data[2 · (t · bins + b)]` (re) and the number after it (im); with layout `'bins'`, `data[2 · (b · frames + t)]`. */
export interface ComplexFrames {
  readonly data: Float32Array
  readonly frames: number
  readonly bins: number
  /** Default `'frames'`. */
  readonly layout?: FrameLayout | undefined
}

/** A number for each bin (or filter, or coefficient) of each frame: bin b of frame t is `data[t · bins + b]`; with layout `'bins'`, `data[b · frames + t]`. */
export interface RealFrames {
  readonly data: Float32Array
  readonly frames: number
  readonly bins: number
  /** Default `'frames'`. */
  readonly layout?: FrameLayout | undefined
}

/** Spectra of rows in doubles: bin b of row r is `data[2 · (r · bins + b)]` (re) and the number after it (im). */
export interface ComplexRows {
  readonly data: Float64Array
  readonly rows: number
  readonly bins: number
}

export interface StftOptions extends FramingOptions, DspOptions {
  /** Whether the bins of a frame stand together, `'frames'` (default), or the frames of a bin, `'bins'`: librosa's (bins, frames). */
  readonly layout?: FrameLayout | undefined
}

export interface SpectrogramOptions extends StftOptions {
  /** 1: magnitudes |X| (default). 2: powers |X|². */
  readonly power?: 1 | 2 | undefined
}

export interface DecibelOptions {
  /** What 0 dB is: a number, or the largest value. Default 1. */
  readonly ref?: number | 'max' | undefined
  /** Smaller values, and a smaller `ref`, count as this. In the quantity that is given. Default 1e-10, of amplitudes 1e-5. */
  readonly amin?: number | undefined
  /** How far below the loudest a value can be; null for no limit. Default 80. */
  readonly topDb?: number | null | undefined
  /** What the values are. Default `'power'`. */
  readonly quantity?: 'power' | 'amplitude' | undefined
}

export interface FilteredSpectrogramOptions extends SpectrogramOptions {
  /** The filter bank, over nFft/2 + 1 bins: `sparseFilters(…)`. */
  readonly filters: SparseFilters
  /** Decibels of what the filters give. */
  readonly decibels?: DecibelOptions | undefined
  /** A matrix of `outputs` × filters.rows, row-major, that every frame is then multiplied with: a DCT gives MFCCs. */
  readonly matrix?: Float64Array | undefined
}

export interface IstftOptions extends DspOptions, Omit<FramingOptions, 'padMode'> {
  /** Samples of the answer: cut, or filled with zeros. Default: what the frames cover, without the padding that `center` put there. */
  readonly length?: number | undefined
}

export interface RfftOptions extends DspOptions {
  /** Numbers in a row. Default: all are one row. */
  readonly length?: number | undefined
  /** Length of the transform: rows are cut, or filled with zeros. Default `length`. */
  readonly n?: number | undefined
}

export interface IrfftOptions extends DspOptions {
  /** Length of the transform and of the rows that come back. Default 2 · (bins − 1). */
  readonly n?: number | undefined
}

/** The calls; see the README for what each of them gives. */
export interface Dsp {
  stft(samples: Samples, options?: StftOptions): Promise<ComplexFrames>
  spectrogram(samples: Samples, options?: SpectrogramOptions): Promise<RealFrames>
  filteredSpectrogram(samples: Samples, options: FilteredSpectrogramOptions): Promise<RealFrames>
  istft(spectrum: ComplexFrames, options?: IstftOptions): Promise<Float32Array>
  decibels(values: Float32Array, options?: DecibelOptions & DspOptions): Promise<Float32Array>
  matrixProduct(rows: Float32Array, inner: number, matrix: Float64Array, options?: DspOptions): Promise<Float32Array>
  rfft(values: Samples, options?: RfftOptions): Promise<ComplexRows>
  irfft(spectra: ComplexRows, options?: IrfftOptions): Promise<Float64Array>
}

/** Finds the engine that an option asks for. @throws CbirError NOT_USABLE */
export type EngineFor = (implementation: Implementation) => Engine

/** Samples that istft gives at most, 4 GB: half a day at 22 050 Hz. */
const MAX_SAMPLES = 2 ** 30

const PRECISIONS: readonly Precision[] = ['f64', 'f32']
const LAYOUTS: readonly FrameLayout[] = ['frames', 'bins']
const IMPLEMENTATIONS: readonly Implementation[] = ['auto', 'native', 'wasm']

export function makeDsp(engineFor: EngineFor): Dsp {
  const prepare = (options: DspOptions): { readonly precision: Precision; readonly engine: Engine } => {
    const { precision = 'f64', implementation = 'auto' } = options
    checkChoice('precision', precision, PRECISIONS)
    checkChoice('implementation', implementation, IMPLEMENTATIONS)
    throwIfAborted(options.signal)
    return { precision, engine: engineFor(implementation) }
  }

  const framesOf = async (samples: Samples, value: BinValue, options: StftOptions, given?: SparseFilters, memory?: Memory): Promise<RealFrames> => {
    const framing = framingInSlices(options, options.signal)
    const layout = layoutOf(options)
    const bins = binsOf(framing.nFft)
    const filters = given && checkedFilters(given, bins)
    const { precision, engine } = prepare(options)
    const cut = framed(samples, framing, engine.scratch)
    const { nFft, hopLength } = framing
    const window = await framing.window()
    const data = await engine.frames({ ...cut, nFft, hopLength, window, precision, value, layout, filters, memory }, options)
    engine.scratch.giveBack(cut.samples)
    return { data, frames: cut.frames, bins: filters ? filters.rows : bins, layout }
  }

  /** In the place of the values. */
  const decibelsOf = async (values: Float32Array, options: DecibelOptions, engine: Engine, call: DspOptions): Promise<void> => {
    const { ref = 1, quantity = 'power', topDb = 80 } = options
    const squared = quantity === 'amplitude'
    checkChoice('quantity', quantity, ['power', 'amplitude'])
    const amin = options.amin ?? (squared ? 1e-5 : 1e-10)
    if (!(amin > 0 && Number.isFinite(amin))) throw new CbirError('INVALID_ARGUMENT', `amin must be a positive number; given was ${amin}.`)
    if (ref !== 'max' && !Number.isFinite(ref)) throw new CbirError('INVALID_ARGUMENT', `ref must be a number or 'max'; given was ${String(ref)}.`)
    if (topDb !== null && !(topDb >= 0)) throw new CbirError('INVALID_ARGUMENT', `topDb must be a number from 0 on, or null; given was ${topDb}.`)
    if (values.length === 0) return
    const power = (value: number): number => (squared ? value * value : value)
    if (power(amin) < 2 ** -1022) throw new CbirError('INVALID_ARGUMENT', `amin ${amin} is too small: its power is below the smallest normal number.`)
    const dB = (value: number): number => 10 * Math.log10(Math.max(power(amin), power(Math.abs(value))))
    const largest = ref === 'max' || topDb !== null ? await engine.maximum(values, { signal: call.signal }) : 0
    const top = squared ? dB(largest) : 10 * Math.log10(Math.max(amin, largest))
    // A number counts by its magnitude; the largest of negative powers is `amin`.
    const reference = ref === 'max' ? top : dB(ref)
    const floor = topDb === null ? Number.NEGATIVE_INFINITY : top - reference - topDb
    await engine.decibels(values, { amin: power(amin), reference, floor, squared }, call)
  }

  const productOf = (rows: Float32Array, inner: number, matrix: Float64Array, layout: FrameLayout): ProductJob => ({
    rows,
    count: rows.length / inner,
    matrix,
    outer: matrix.length / inner,
    layout,
  })

  return {
    stft: (samples, options = {}) => framesOf(samples, 'complex', options),

    async spectrogram(samples, options = {}) {
      return framesOf(samples, binValueOf(options), options)
    },

    async filteredSpectrogram(samples, options) {
      const { decibels, filters } = options
      const matrix = options.matrix && checkedMatrix(options.matrix, filters.rows)
      const layout = layoutOf(options)
      const { engine } = prepare(options)
      // A product takes whole frames, which nobody else sees.
      const [how, memory] = matrix ? [{ ...options, layout: 'frames' as const }, engine.scratch] : [options, undefined]
      const spectrum = await framesOf(samples, binValueOf(options), how, filters, memory)
      const { data, frames, bins } = spectrum
      const call = { signal: options.signal }
      if (decibels) await decibelsOf(data, decibels, engine, call)
      if (!matrix) return spectrum
      const product = await engine.product(productOf(data, bins, matrix, layout), call)
      engine.scratch.giveBack(data)
      return { data: product, frames, bins: matrix.length / bins, layout }
    },

    async istft(spectrum, options = {}) {
      const { data, frames, bins } = spectrum
      if (spectrum.layout === 'bins')
        throw new CbirError('INVALID_ARGUMENT', "istft takes frames one after another: make the spectrum with `layout: 'frames'`.")
      checkInteger('frames', frames, 1, Number.MAX_SAFE_INTEGER)
      const framing = framingInSlices({ ...options, nFft: options.nFft ?? 2 * (bins - 1) }, options.signal)
      const { nFft, hopLength, center } = framing
      if (!(data instanceof Float32Array) || binsOf(nFft) !== bins || data.length !== 2 * frames * bins) {
        throw new CbirError(
          'DIMENSION_MISMATCH',
          `A spectrum of ${frames} frames of ${binsOf(nFft)} bins (nFft ${nFft}) is a Float32Array of ${2 * frames * binsOf(nFft)} numbers; given were ${bins} bins and ${data.length} numbers.`,
        )
      }
      const { precision, engine } = prepare(options)
      const start = center ? Math.floor(nFft / 2) : 0
      const whole = nFft + hopLength * (frames - 1)
      const length = options.length ?? Math.max(0, whole - 2 * start)
      checkInteger('length (samples of the answer, which hopLength and the frames decide where it is not given)', length, 0, MAX_SAMPLES)
      return withCopy(data, engine, async (own) => {
        const window = await framing.window()
        return engine.overlapAdd({ spectrum: own, frames, nFft, hopLength, window, precision, start, length }, options)
      })
    },

    async decibels(values, options = {}) {
      const { engine } = prepare(options)
      const own = values.slice()
      // The loudest amplitude may be a negative one.
      const absolute = (from: number, to: number): void => {
        for (let i = from; i < to; i++) own[i] = Math.abs(own[i]!)
      }
      if (options.quantity === 'amplitude') await inSlices(own.length, 1 << 16, absolute, options.signal)
      await decibelsOf(own, options, engine, options)
      return own
    },

    async matrixProduct(rows, inner, matrix, options = {}) {
      checkInteger('inner', inner, 1)
      if (rows.length % inner !== 0) throw new CbirError('DIMENSION_MISMATCH', `${rows.length} numbers are no rows of ${inner}.`)
      const ownMatrix = checkedMatrix(matrix, inner)
      const { engine } = prepare(options)
      return withCopy(rows, engine, (own) => engine.product(productOf(own, inner, ownMatrix, 'frames'), options))
    },

    async rfft(values, options = {}) {
      checkSamples(values, 'The values')
      const length = options.length ?? values.length
      if (values.length === 0) throw new CbirError('EMPTY', 'There are no values to transform.')
      checkInteger('length', length, 1)
      if (values.length % length !== 0) throw new CbirError('DIMENSION_MISMATCH', `${values.length} numbers are no rows of ${length}.`)
      const n = options.n ?? length
      checkInteger('n', n, 1)
      const rows = values.length / length
      const { precision, engine } = prepare(options)
      const kept = Math.min(n, length)
      const own = new Float64Array(rows * n)
      for (let row = 0; row < rows; row++) own.set(values.subarray(row * length, row * length + kept), row * n)
      await checkFinite(own, options.signal)
      const data = await engine.forward(own, n, rows, precision, options)
      return { data, rows, bins: binsOf(n) }
    },

    async irfft(spectra, options = {}) {
      const { data, rows, bins } = spectra
      const n = options.n ?? Math.max(1, 2 * (bins - 1))
      checkInteger('n', n, 1)
      if (!(data instanceof Float64Array) || binsOf(n) !== bins || data.length !== 2 * rows * bins || rows < 1) {
        throw new CbirError(
          'DIMENSION_MISMATCH',
          `Spectra of ${rows} rows of ${n} numbers are a Float64Array of ${2 * rows * binsOf(n)} numbers, ${binsOf(n)} bins; given were ${bins} bins and ${data.length} numbers.`,
        )
      }
      const { precision, engine } = prepare(options)
      return withCopy(data, engine, async (own) => {
        await checkFinite(own, options.signal)
        return engine.inverse(own, n, rows, precision, options)
      })
    },
  }
}

/**
 * A call with a private copy, made at once whatever its size: the caller may change its array as soon as it has its promise. What is checked of the
 * numbers is checked afterwards, by threads or in slices.
 */
async function withCopy<T extends Samples, R>(values: T, { scratch }: Engine, call: (own: T) => Promise<R>): Promise<R> {
  const own = samplesLike(values, values.length, scratch) as T
  own.set(values)
  const answer = await call(own)
  scratch.giveBack(own)
  return answer
}

/** Bins of a real transform of n numbers: n/2 + 1, rounded down. */
export function binsOf(n: number): number {
  return Math.floor(n / 2) + 1
}

function binValueOf(options: SpectrogramOptions): BinValue {
  const { power = 1 } = options
  checkChoice('power', power, [1, 2])
  return power === 1 ? 'magnitude' : 'power'
}

function layoutOf({ layout = 'frames' }: StftOptions): FrameLayout {
  checkChoice('layout', layout, LAYOUTS)
  return layout
}

function checkedMatrix(matrix: Float64Array, inner: number): Float64Array {
  if (!(matrix instanceof Float64Array) || matrix.length === 0 || matrix.length % inner !== 0) {
    throw new CbirError('DIMENSION_MISMATCH', `The matrix must be a Float64Array of whole rows of ${inner} numbers; it has ${matrix?.length}.`)
  }
  const own = matrix.slice()
  checkAllFinite(own)
  return own
}

/** In slices. */
function checkFinite(values: Float64Array, signal: AbortSignal | undefined): Promise<void> {
  return inSlices(values.length, 1 << 16, (from, to) => checkAllFinite(values, from, to), signal)
}

function checkAllFinite(values: Float64Array, from = 0, to: number = values.length): void {
  for (let i = from; i < to; i++) {
    if (!Number.isFinite(values[i]!)) throw new CbirError('NOT_FINITE', `Number ${i} is NaN or ±Infinity.`)
  }
}
