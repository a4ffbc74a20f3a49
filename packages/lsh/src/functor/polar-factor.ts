// The orthogonal factor of a square matrix's polar decomposition: the orthogonal matrix that is closest to it (Procrustes).

import type { Turns } from './turns.ts'

/** Columns count as orthogonal where the cosine between them is below this. */
const ORTHOGONAL = 1e-12
/** A column this much shorter than the longest is nothing but rounding. */
const VANISHING = 1e-13
const MOST_SWEEPS = 60

/**
 * By one-sided Jacobi rotations (Hestenes 1958), as in native/functor/polar_factor.cc: the columns of M · U are made orthogonal, then M = W · S · Uᵀ and the
 * factor is W · Uᵀ; where M is singular, W is completed to an orthogonal matrix. Each call begins with the U of the one before.
 */
export class PolarFactor {
  private readonly n: number
  /** Row *k*: column *k* of M · U, and of U. */
  private readonly images: Float64Array
  private readonly vectors: Float64Array
  private readonly lengths: Float64Array

  constructor(n: number) {
    this.n = n
    this.images = new Float64Array(n * n)
    this.vectors = new Float64Array(n * n)
    this.lengths = new Float64Array(n)
    for (let i = 0; i < n; i++) this.vectors[i * n + i] = 1
  }

  /** `transposed`: Mᵀ, n × n, row-major. @throws CbirError ABORTED */
  async of(transposed: Float64Array, turns: Turns): Promise<Float64Array> {
    const { n, images, vectors, lengths } = this
    for (let k = 0; k < n; k++) {
      const image = images.subarray(k * n, (k + 1) * n).fill(0)
      for (let i = 0; i < n; i++) addScaled(image, 0, vectors[k * n + i]!, transposed, i * n, n)
      if (turns.due(n * n)) await turns.pause()
    }
    for (let i = 0; i < MOST_SWEEPS && !(await this.sweep(turns)); i++);
    await this.complete(VANISHING * VANISHING * lengths.reduce((a, b) => Math.max(a, b)), turns)
    const factor = new Float64Array(n * n)
    for (let k = 0; k < n; k++) {
      for (let i = 0; i < n; i++) addScaled(factor, i * n, images[k * n + i]!, vectors, k * n, n)
      if (turns.due(n * n)) await turns.pause()
    }
    return factor
  }

  /** Every pair once. True where all were orthogonal already. */
  private async sweep(turns: Turns): Promise<boolean> {
    const { n, images, lengths } = this
    for (let k = 0; k < n; k++) lengths[k] = dot(images, k * n, images, k * n, n)
    let settled = true
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (this.makeOrthogonal(p, q)) settled = false
        if (turns.due(8 * n)) await turns.pause()
      }
    }
    return settled
  }

  private makeOrthogonal(p: number, q: number): boolean {
    const { n, images, vectors, lengths } = this
    const product = dot(images, p * n, images, q * n, n)
    const [a, b] = [lengths[p]!, lengths[q]!]
    if (!(Math.abs(product) > ORTHOGONAL * Math.sqrt(a) * Math.sqrt(b))) return false
    if (Math.min(a, b) <= VANISHING * VANISHING * Math.max(a, b)) return false
    const zeta = (b - a) / (2 * product)
    const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
    const cosine = 1 / Math.sqrt(1 + tangent * tangent)
    rotate(images, p * n, q * n, n, cosine, cosine * tangent)
    rotate(vectors, p * n, q * n, n, cosine, cosine * tangent)
    lengths[p] = Math.max(0, a - tangent * product)
    lengths[q] = b + tangent * product
    return true
  }

  /** Makes the columns unit vectors; those no longer than √floor become what completes the others to a basis. */
  private async complete(floor: number, turns: Turns): Promise<void> {
    const { n, images } = this
    const missing: number[] = []
    const standing: number[] = []
    for (let k = 0; k < n; k++) {
      const square = dot(images, k * n, images, k * n, n)
      if (square > floor) {
        divide(images, k * n, n, Math.sqrt(square))
        standing.push(k)
      } else missing.push(k)
    }
    let axis = 0
    for (const k of missing) {
      // Unit vectors of the space, made orthogonal to all that stand (twice, for accuracy): one at least keeps 1/n of its square.
      for (let left = 0; left * 2 * n < 1; axis = (axis + 1) % n) {
        images.fill(0, k * n, (k + 1) * n)
        images[k * n + axis] = 1
        for (let pass = 0; pass < 2; pass++) {
          for (const other of standing) addScaled(images, k * n, -dot(images, k * n, images, other * n, n), images, other * n, n)
        }
        left = dot(images, k * n, images, k * n, n)
        if (left > 0) divide(images, k * n, n, Math.sqrt(left))
        if (turns.due(4 * n * standing.length)) await turns.pause()
      }
      standing.push(k)
    }
  }
}

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

/** Rows p and q of n numbers become c·p − s·q and s·p + c·q. */
export function rotate(x: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const a = x[p + i]!
    const b = x[q + i]!
    x[p + i] = c * a - s * b
    x[q + i] = s * a + c * b
  }
}

function divide(x: Float64Array, at: number, n: number, by: number): void {
  for (let i = 0; i < n; i++) x[at + i]! /= by
}
