// The metrics in double precision, written straight from their definitions: the measure that every index is held against.
// Shares no code with core's metrics, so that the two can disagree.

/** A metric's name. */
export type MetricName = 'euclidean' | 'cosine' | 'angular' | 'annoy-angular' | 'inner-product' | 'manhattan' | 'histogram-intersection' | 'hamming'

type Vector = ArrayLike<number>

function sum(length: number, term: (i: number) => number): number {
  let total = 0
  for (let i = 0; i < length; i++) total += term(i)
  return total
}

const dot = (a: Vector, b: Vector): number => sum(a.length, (i) => a[i]! * b[i]!)
const norm = (a: Vector): number => Math.sqrt(dot(a, a))

/** A zero vector has no direction: its cosine with anything counts as 0. */
function cosine(a: Vector, b: Vector): number {
  const length = norm(a) * norm(b)
  return length === 0 ? 0 : Math.min(1, Math.max(-1, dot(a, b) / length))
}

const DISTANCES: Readonly<Record<MetricName, (a: Vector, b: Vector) => number>> = {
  euclidean: (a, b) => Math.sqrt(sum(a.length, (i) => (a[i]! - b[i]!) ** 2)),
  cosine: (a, b) => 1 - cosine(a, b),
  angular: (a, b) => Math.acos(cosine(a, b)) / Math.PI,
  'annoy-angular': (a, b) => Math.sqrt(2 - 2 * cosine(a, b)),
  'inner-product': (a, b) => -dot(a, b),
  manhattan: (a, b) => sum(a.length, (i) => Math.abs(a[i]! - b[i]!)),
  'histogram-intersection': (a, b) => 1 - sum(a.length, (i) => Math.min(a[i]!, b[i]!)),
  hamming: (a, b) => sum(a.length, (i) => (a[i] === b[i] ? 0 : 1)) / a.length,
}

/** All metrics that the kit knows. */
export const METRIC_NAMES: readonly MetricName[] = Object.keys(DISTANCES) as MetricName[]

/** The distance of two vectors; smaller is closer. */
export function exactDistance(metric: MetricName, a: Vector, b: Vector): number {
  return DISTANCES[metric](a, b)
}

/**
 * How far an index that computes in float32 may be from the exact distance `d`: `relative · |d|`, or what rounding of the sums can come to where
 * that is more. Under a root (or acos) one rounding of the sum weighs most near 0, so there the allowance is on the squared distance.
 */
export function allowance(metric: MetricName, a: Vector, b: Vector, d: number, relative: number): number {
  const rounding = 2 ** -23 * Math.max(8, 2 * Math.sqrt(a.length))
  const root = (scale: number): number => Math.sqrt(d * d + rounding * scale) - Math.abs(d)
  const floors: Readonly<Record<MetricName, () => number>> = {
    euclidean: () => root(dot(a, a) + dot(b, b)),
    cosine: () => rounding,
    angular: () => root(2 / Math.PI ** 2),
    'annoy-angular': () => root(2),
    'inner-product': () => rounding * norm(a) * norm(b),
    manhattan: () => rounding * sum(a.length, (i) => Math.abs(a[i]!) + Math.abs(b[i]!)),
    'histogram-intersection': () => rounding,
    hamming: () => rounding,
  }
  return Math.max(relative * Math.abs(d), floors[metric]())
}
