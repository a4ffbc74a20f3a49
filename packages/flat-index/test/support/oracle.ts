// The oracle: the distances of the design's table, in double precision, one pair at a time. Shares no code with core.

import type { Metric } from '@cbir/core'

const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0)

function cosine(a: readonly number[], b: readonly number[]): number {
  const lengths = Math.hypot(...a) * Math.hypot(...b)
  return lengths === 0 ? 0 : Math.min(1, Math.max(-1, sum(a.map((x, i) => x * b[i]!)) / lengths))
}

export const oracle: Readonly<Record<Metric, (a: readonly number[], b: readonly number[]) => number>> = {
  euclidean: (a, b) => Math.sqrt(sum(a.map((x, i) => (x - b[i]!) ** 2))),
  cosine: (a, b) => 1 - cosine(a, b),
  angular: (a, b) => Math.acos(cosine(a, b)) / Math.PI,
  'annoy-angular': (a, b) => Math.sqrt(2 - 2 * cosine(a, b)),
  'inner-product': (a, b) => -sum(a.map((x, i) => x * b[i]!)),
  manhattan: (a, b) => sum(a.map((x, i) => Math.abs(x - b[i]!))),
  'histogram-intersection': (a, b) => 1 - sum(a.map((x, i) => Math.min(x, b[i]!))),
  hamming: (a, b) => a.filter((x, i) => x !== b[i]).length / a.length,
}

/** What a distance may be off: float32's rounding, and under angles what the arc makes of the last digit of a cosine. */
export const allowance = (distance: number): number => 1e-6 * Math.max(1, Math.abs(distance))
