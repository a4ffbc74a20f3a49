// The median of a few numbers.

/** Sorts `values` in place and gives the middle one, or the mean of the two in the middle. At least one is needed. */
export function medianOf(values: Float32Array | Float64Array): number {
  values.sort()
  const middle = values.length >> 1
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2
}
