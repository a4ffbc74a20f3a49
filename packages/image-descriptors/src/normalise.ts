// Normalisations of a vector or a part of it, in place. A part of zeros stays as it is.

/** Scales non-negative numbers so that their sum is `sum`. */
export function scaleToSum(values: Float32Array, sum: number): void {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  if (total > 0) scale(values, sum / total)
}

/** Scales so that the euclidean length is `length`. */
export function scaleToLength(values: Float32Array, length: number): void {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!
  if (squares > 0) scale(values, length / Math.sqrt(squares))
}

/**
 * Takes the square root of each (non-negative) number. The euclidean distance between two histograms treated like this is √2 × their
 * Hellinger distance, which does not let the few largest bins decide alone (Arandjelović & Zisserman, "Three things everyone should know to
 * improve object retrieval", 2012).
 */
export function takeRoots(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.sqrt(values[i]!)
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor
}
