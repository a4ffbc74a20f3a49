// Rows of matrices in one array: what the eigen solver and the polar factor are made of. Each names where its rows begin.

/** Σ x[at + i] · y[from + i] */
export function dot(x: Float64Array, at: number, y: Float64Array, from: number, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum += x[at + i]! * y[from + i]!
  return sum
}

/** x[at + i] += a · y[from + i] */
export function addScaled(x: Float64Array, at: number, a: number, y: Float64Array, from: number, n: number): void {
  for (let i = 0; i < n; i++) x[at + i]! += a * y[from + i]!
}

/** Rows p and q become c·p − s·q and s·p + c·q. */
export function rotate(x: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const a = x[p + i]!
    const b = x[q + i]!
    x[p + i] = c * a - s * b
    x[q + i] = s * a + c * b
  }
}

/** x[at + i] /= by */
export function divide(x: Float64Array, at: number, n: number, by: number): void {
  for (let i = 0; i < n; i++) x[at + i]! /= by
}
