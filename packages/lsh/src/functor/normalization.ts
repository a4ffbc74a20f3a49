// What a vector is divided by before it is projected.

/** `none`, or the sum of the absolute values (`l1`), or the length (`l2`). A norm of 0 counts as 1. */
export type Normalization = 'none' | 'l1' | 'l2'

export const NORMALIZATIONS: readonly Normalization[] = ['none', 'l1', 'l2']

/** The factor that normalises data[at … at + dimensions). The sums run over every fourth number, as in native code, so that both round alike. */
export function scaleOf(normalize: Normalization, data: Float32Array, at: number, dimensions: number): number {
  if (normalize === 'none') return 1
  const sums = [0, 0, 0, 0]
  for (let i = 0; i < dimensions; i++) {
    const x = data[at + i]!
    sums[i & 3]! += normalize === 'l1' ? Math.abs(x) : x * x
  }
  const sum = sums[0]! + sums[1]! + (sums[2]! + sums[3]!)
  const norm = normalize === 'l1' ? sum : Math.sqrt(sum)
  return norm > 0 ? 1 / norm : 1
}
