// The metrics: what each name means, as a sum over coordinates and a finishing step.

import { CbirError } from '../errors/cbir-error.ts'

/**
 * How far two vectors are from each other; smaller is closer, never NaN.
 *
 * | name | distance |
 * |---|---|
 * | `euclidean` | √Σ(a−b)² |
 * | `cosine` | 1 − cos(a, b), in [0, 2]; 1 where a vector is zero |
 * | `angular` | acos(cos(a, b)) / π, in [0, 1]; ½ where a vector is zero |
 * | `annoy-angular` | √(2 − 2cos(a, b)), in [0, 2]; √2 where a vector is zero |
 * | `inner-product` | −⟨a, b⟩ |
 * | `manhattan` | Σ\|a−b\| |
 * | `histogram-intersection` | 1 − Σmin(a, b) |
 * | `hamming` | share of coordinates that differ, in [0, 1] |
 */
export type Metric = 'euclidean' | 'cosine' | 'angular' | 'annoy-angular' | 'inner-product' | 'manhattan' | 'histogram-intersection' | 'hamming'

/** The sum over coordinates that a metric is made from. */
export type CoordinateSum = 'squared-difference' | 'absolute-difference' | 'product' | 'minimum' | 'differing'

export interface MetricDefinition {
  readonly sum: CoordinateSum
  /** Whether the finishing step reads the squared norms. */
  readonly usesNorms: boolean
  /** The distance from the sum, the squared norms Σa² and Σb², and the number of coordinates. */
  readonly finish: (sum: number, squaredNormA: number, squaredNormB: number, dimensions: number) => number
}

/** Cosine from a dot product and squared norms: 0 where a vector is zero; exactly 1 for a vector and itself, as √(x·x) is x. */
function cosineOf(dot: number, squaredNormA: number, squaredNormB: number): number {
  if (squaredNormA === 0 || squaredNormB === 0) return 0
  return Math.max(-1, Math.min(1, dot / Math.sqrt(squaredNormA * squaredNormB)))
}

export const METRICS: Readonly<Record<Metric, MetricDefinition>> = {
  euclidean: { sum: 'squared-difference', usesNorms: false, finish: Math.sqrt },
  cosine: { sum: 'product', usesNorms: true, finish: (dot, a, b) => 1 - cosineOf(dot, a, b) },
  angular: { sum: 'product', usesNorms: true, finish: (dot, a, b) => Math.acos(cosineOf(dot, a, b)) / Math.PI },
  'annoy-angular': { sum: 'product', usesNorms: true, finish: (dot, a, b) => Math.sqrt(2 - 2 * cosineOf(dot, a, b)) },
  'inner-product': { sum: 'product', usesNorms: false, finish: (dot) => 0 - dot },
  manhattan: { sum: 'absolute-difference', usesNorms: false, finish: (sum) => sum },
  'histogram-intersection': { sum: 'minimum', usesNorms: false, finish: (sum) => 1 - sum },
  hamming: { sum: 'differing', usesNorms: false, finish: (sum, _a, _b, dimensions) => sum / dimensions },
}

/** The names of all metrics. */
export const METRIC_NAMES: readonly Metric[] = Object.keys(METRICS) as Metric[]

const TERMS: Readonly<Record<CoordinateSum, (a: number, b: number) => number>> = {
  'squared-difference': (a, b) => (a - b) * (a - b),
  'absolute-difference': (a, b) => Math.abs(a - b),
  product: (a, b) => a * b,
  minimum: (a, b) => (a < b ? a : b),
  differing: (a, b) => (a === b ? 0 : 1),
}

/**
 * The distance of two vectors in double precision. For one pair; an index scans with kernels of its own.
 * @throws CbirError INVALID_ARGUMENT (unknown metric), DIMENSION_MISMATCH
 */
export function distance(metric: Metric, a: ArrayLike<number>, b: ArrayLike<number>): number {
  const definition = METRICS[metric] as MetricDefinition | undefined
  if (!definition) throw new CbirError('INVALID_ARGUMENT', `There is no metric "${metric}". The metrics are ${METRIC_NAMES.join(', ')}.`)
  if (a.length !== b.length)
    throw new CbirError('DIMENSION_MISMATCH', `The vectors have ${a.length} and ${b.length} dimensions; they must have the same.`)
  const term = TERMS[definition.sum]
  let sum = 0
  let squaredNormA = 0
  let squaredNormB = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!
    const y = b[i]!
    sum += term(x, y)
    squaredNormA += x * x
    squaredNormB += y * y
  }
  return definition.finish(sum, squaredNormA, squaredNormB, a.length)
}
