// Windows by the names of scipy.signal.get_window, written as SciPy writes them, so that the numbers are the same to an ulp of double.

import { CbirError } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { besselI0 } from './bessel.ts'
import { checkInteger } from './check-options.ts'

/** Windows without a parameter. `boxcar`, `ones` and `rectangular` are one; so are `hann` and `hanning`. */
export type WindowName =
  | 'hann'
  | 'hanning'
  | 'hamming'
  | 'blackman'
  | 'blackmanharris'
  | 'nuttall'
  | 'flattop'
  | 'bartlett'
  | 'triang'
  | 'parzen'
  | 'bohman'
  | 'cosine'
  | 'barthann'
  | 'boxcar'
  | 'ones'
  | 'rectangular'
  | 'tukey'

/**
 * A window: its name; its name and parameter (`['kaiser', beta]`, `['gaussian', standard deviation in samples]`, `['tukey', tapered share]`,
 * `['general_hamming', alpha]`, `['general_gaussian', power, sigma]`, `['exponential', decay in samples]`); a number, which is a beta of kaiser; or its values.
 */
export type WindowSpec =
  | WindowName
  | readonly ['kaiser', number]
  | readonly ['gaussian', number]
  | readonly ['tukey', number]
  | readonly ['general_hamming', number]
  | readonly ['general_gaussian', number, number]
  | readonly ['exponential', number]
  | number
  | Float32Array
  | Float64Array

export interface WindowOptions {
  /** `true` (the default) for a window that goes on without a seam when it is repeated, as spectra want it; `false` for a symmetric one. */
  readonly periodic?: boolean | undefined
}

/** Values that are made between two looks at the clock. */
const SLICE_VALUES = 1 << 13

const { PI, cos, sin, exp, abs, sqrt } = Math

/** The values of a window of some length: the i-th of them. */
type Shape = (i: number) => number

/** Σ aₖ cos(kφ) over φ from −π to π: the family of hann, blackman and others. As SciPy's general_cosine. */
function cosines(n: number, a: readonly number[]): Shape {
  const step = (2 * PI) / (n - 1)
  return (i) => {
    // linspace ends exactly at π.
    const phi = i === n - 1 ? PI : i * step - PI
    let sum = 0
    for (let k = 0; k < a.length; k++) sum += a[k]! * cos(k * phi)
    return sum
  }
}

const flat = (): Shape => () => 1

const generalHamming = (n: number, alpha: number): Shape => cosines(n, [alpha, 1 - alpha])

function tukey(n: number, alpha: number): Shape {
  if (alpha <= 0) return flat()
  if (alpha >= 1) return generalHamming(n, 0.5)
  const width = Math.floor((alpha * (n - 1)) / 2)
  return (i) => {
    if (i <= width) return 0.5 * (1 + cos(PI * (-1 + (2 * i) / alpha / (n - 1))))
    if (i < n - width - 1) return 1
    return 0.5 * (1 + cos(PI * (-2 / alpha + 1 + (2 * i) / alpha / (n - 1))))
  }
}

function parzen(n: number): Shape {
  return (i) => {
    const x = abs(i - (n - 1) / 2)
    const share = x / (n / 2)
    return x <= (n - 1) / 4 ? 1 - 6 * share ** 2 + 6 * share ** 3 : 2 * (1 - share) ** 3
  }
}

function bohman(n: number): Shape {
  return (i) => {
    if (i === 0 || i === n - 1) return 0
    const x = abs(-1 + (2 * i) / (n - 1))
    return (1 - x) * cos(PI * x) + (1 / PI) * sin(PI * x)
  }
}

function barthann(n: number): Shape {
  return (i) => {
    const x = abs(i / (n - 1) - 0.5)
    return 0.62 - 0.48 * x + 0.38 * cos(2 * PI * x)
  }
}

function triang(n: number): Shape {
  const half = n % 2 === 0 ? (k: number) => (2 * k - 1) / n : (k: number) => (2 * k) / (n + 1)
  const middle = Math.floor((n + 1) / 2)
  return (i) => half(i < middle ? i + 1 : n - i)
}

const bartlett =
  (n: number): Shape =>
  (i) =>
    i <= (n - 1) / 2 ? (2 * i) / (n - 1) : 2 - (2 * i) / (n - 1)

function kaiser(n: number, beta: number): Shape {
  const alpha = (n - 1) / 2
  const scale = besselI0(beta)
  return (i) => besselI0(beta * sqrt(1 - ((i - alpha) / alpha) ** 2)) / scale
}

const generalGaussian =
  (n: number, power: number, sigma: number): Shape =>
  (i) =>
    exp(-0.5 * abs((i - (n - 1) / 2) / sigma) ** (2 * power))

const gaussian =
  (n: number, deviation: number): Shape =>
  (i) =>
    exp(-((i - (n - 1) / 2) ** 2) / (2 * deviation * deviation))

const exponential =
  (n: number, decay: number): Shape =>
  (i) =>
    exp(-abs(i - (n - 1) / 2) / decay)

const named: Readonly<Record<WindowName, (n: number) => Shape>> = {
  hann: (n) => generalHamming(n, 0.5),
  hanning: (n) => generalHamming(n, 0.5),
  hamming: (n) => generalHamming(n, 0.54),
  blackman: (n) => cosines(n, [0.42, 0.5, 0.08]),
  blackmanharris: (n) => cosines(n, [0.35875, 0.48829, 0.14128, 0.01168]),
  nuttall: (n) => cosines(n, [0.3635819, 0.4891775, 0.1365995, 0.0106411]),
  flattop: (n) => cosines(n, [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368]),
  bartlett,
  triang,
  parzen,
  bohman,
  cosine: (n) => (i) => sin((PI / n) * (i + 0.5)),
  barthann,
  boxcar: flat,
  ones: flat,
  rectangular: flat,
  tukey: (n) => tukey(n, 0.5),
}

/** By name: which numbers a window takes, and what each must be. */
const parametric: Readonly<Record<string, { readonly numbers: number; readonly positive: boolean; make(n: number, a: number, b: number): Shape }>> = {
  kaiser: { numbers: 1, positive: false, make: kaiser },
  gaussian: { numbers: 1, positive: true, make: gaussian },
  tukey: { numbers: 1, positive: false, make: tukey },
  general_hamming: { numbers: 1, positive: false, make: generalHamming },
  general_gaussian: { numbers: 2, positive: true, make: generalGaussian },
  exponential: { numbers: 1, positive: true, make: exponential },
}

/**
 * The window as `n` doubles. Names, parameters and values are those of `scipy.signal.get_window` (SciPy 1.10) and so of librosa.
 * @throws CbirError INVALID_ARGUMENT: an unknown name, a parameter that is not finite (or not positive, for a width), `n` below 1, own values of another
 * length; NOT_FINITE: own values that are not numbers
 * @example windowOf('hann', 1024); windowOf(['kaiser', 8], 1024)
 */
export function windowOf(spec: WindowSpec, n: number, options: WindowOptions = {}): Float64Array {
  const shape = shapeOf(spec, n, options)
  const window = new Float64Array(n)
  fill(window, shape, 0, n)
  return window
}

/** `windowOf(spec, winLength)` with zeros on both sides, as many on the left as fit into half of what is left over: librosa's `pad_center`. */
export function centredWindow(spec: WindowSpec, winLength: number, nFft: number): Float64Array {
  const { window, inside, shape } = prepareWindow(spec, winLength, nFft)
  fill(inside, shape, 0, winLength)
  return window
}

/** As {@link centredWindow}: refused at once, and made in slices where it is long. */
export function windowInSlices(spec: WindowSpec, winLength: number, nFft: number, signal?: AbortSignal): () => Promise<Float64Array> {
  const { window, inside, shape } = prepareWindow(spec, winLength, nFft)
  return async () => {
    await inSlices(winLength, SLICE_VALUES, (from, to) => fill(inside, shape, from, to), signal)
    return window
  }
}

interface Prepared {
  readonly window: Float64Array
  /** Its middle, which the shape is for. */
  readonly inside: Float64Array
  readonly shape: Shape
}

function prepareWindow(spec: WindowSpec, winLength: number, nFft: number): Prepared {
  const shape = shapeOf(spec, winLength, {})
  if (winLength > nFft) {
    throw new CbirError('INVALID_ARGUMENT', `The window has ${winLength} samples, and the frame (nFft) ${nFft} only. Make winLength at most nFft.`)
  }
  const window = new Float64Array(nFft)
  const begin = Math.floor((nFft - winLength) / 2)
  return { window, inside: window.subarray(begin, begin + winLength), shape }
}

function fill(window: Float64Array, shape: Shape, from: number, to: number): void {
  for (let i = from; i < to; i++) window[i] = shape(i)
}

function ownShape(values: Float32Array | Float64Array, n: number): Shape {
  if (values.length !== n) throw new CbirError('INVALID_ARGUMENT', `The given window has ${values.length} values; ${n} were expected (winLength).`)
  const window = Float64Array.from(values)
  if (!window.every(Number.isFinite)) throw new CbirError('NOT_FINITE', 'The given window holds NaN or ±Infinity.')
  return (i) => window[i]!
}

function shapeOf(spec: WindowSpec, n: number, options: WindowOptions): Shape {
  checkInteger('The length of a window', n, 1)
  if (spec instanceof Float32Array || spec instanceof Float64Array) return ownShape(spec, n)
  const make = makerOf(spec)
  if (n === 1) return flat()
  // A periodic window is a symmetric one of one value more, without its last.
  return make(options.periodic === false ? n : n + 1)
}

function makerOf(spec: Exclude<WindowSpec, Float32Array | Float64Array>): (n: number) => Shape {
  if (typeof spec === 'string' && Object.hasOwn(named, spec)) return named[spec]
  const [name, ...numbers] = typeof spec === 'number' ? ['kaiser', spec] : Array.isArray(spec) ? (spec as unknown[]) : [spec]
  const shape = typeof name === 'string' && Object.hasOwn(parametric, name) ? parametric[name] : undefined
  if (!shape) {
    const known = [...Object.keys(named), ...Object.keys(parametric).map((each) => `['${each}', …]`)]
    throw new CbirError('INVALID_ARGUMENT', `There is no window ${JSON.stringify(spec)}. Known are ${known.join(', ')}.`)
  }
  const fits = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && (!shape.positive || value > 0)
  if (numbers.length !== shape.numbers || !numbers.every(fits)) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `The window ${name} takes ${shape.numbers} ${shape.positive ? 'positive' : 'finite'} number(s); given was ${JSON.stringify(spec)}.`,
    )
  }
  const [a = 0, b = 0] = numbers as number[]
  return (n) => shape.make(n, a, b)
}
