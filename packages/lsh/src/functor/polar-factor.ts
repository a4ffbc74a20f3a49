// The orthogonal factor of a square matrix's polar decomposition: the orthogonal matrix that is closest to it (Procrustes).

import { addScaled, divide, dot, rotate } from './row-operations.ts'
import { largestEigenvectors } from './symmetric-eigen.ts'
import type { Turns } from './turns.ts'

/** Columns whose cosine is below this are not rotated; a sweep that has met none above the other is the last one. */
const NEGLIGIBLE = 1e-14
const ORTHOGONAL = 1e-10
/** A column this much shorter than the longest is nothing but rounding. */
const VANISHING = 1e-13
const MOST_SWEEPS = 60

/**
 * The factor W · Uᵀ of M = W · S · Uᵀ, as in native/functor/polar_factor.cc: U are the eigenvectors of Mᵀ · M, mended by one-sided Jacobi rotations (Hestenes
 * 1958); where M is singular, W is completed to an orthogonal matrix. `transposed`: Mᵀ, n × n, row-major. @throws CbirError ABORTED
 */
export async function polarFactor(transposed: Float64Array, n: number, turns: Turns): Promise<Float64Array> {
  const squares = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) squares[i * n + j] = dot(transposed, i * n, transposed, j * n, n)
    if (turns.due(i * n)) await turns.pause()
  }
  // Row k: column k of U, and of M · U.
  const vectors = await largestEigenvectors(squares, n, n, turns)
  const images = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) addScaled(images, k * n, vectors[k * n + i]!, transposed, i * n, n)
    if (turns.due(n * n)) await turns.pause()
  }
  const lengths = new Float64Array(n)
  for (let i = 0; i < MOST_SWEEPS && (await sweep(images, vectors, lengths, n, turns)) > ORTHOGONAL; i++);
  await complete(images, n, VANISHING * VANISHING * lengths.reduce((a, b) => Math.max(a, b)), turns)
  const factor = new Float64Array(n * n)
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) addScaled(factor, i * n, images[k * n + i]!, vectors, k * n, n)
    if (turns.due(n * n)) await turns.pause()
  }
  return factor
}

/** Every pair of columns once. Gives the largest cosine that it met. */
async function sweep(images: Float64Array, vectors: Float64Array, lengths: Float64Array, n: number, turns: Turns): Promise<number> {
  for (let k = 0; k < n; k++) lengths[k] = dot(images, k * n, images, k * n, n)
  let most = 0
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
      most = Math.max(most, makeOrthogonal(images, vectors, lengths, n, p, q))
      if (turns.due(6 * n)) await turns.pause()
    }
  }
  return most
}

/** Rotates two columns so that they are orthogonal. Gives their cosine before; 0 where one of them is as good as nothing. */
function makeOrthogonal(images: Float64Array, vectors: Float64Array, lengths: Float64Array, n: number, p: number, q: number): number {
  const [a, b] = [lengths[p]!, lengths[q]!]
  if (Math.min(a, b) <= VANISHING * VANISHING * Math.max(a, b)) return 0
  const product = dot(images, p * n, images, q * n, n)
  const before = Math.abs(product) / (Math.sqrt(a) * Math.sqrt(b))
  if (!(before > NEGLIGIBLE)) return 0
  const zeta = (b - a) / (2 * product)
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  rotate(images, p * n, q * n, n, cosine, cosine * tangent)
  rotate(vectors, p * n, q * n, n, cosine, cosine * tangent)
  lengths[p] = Math.max(0, a - tangent * product)
  lengths[q] = b + tangent * product
  return before
}

/** Makes the columns unit vectors; those whose square is no more than `floor` become what completes the others to a basis. */
async function complete(images: Float64Array, n: number, floor: number, turns: Turns): Promise<void> {
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
        for (const other of standing) {
          addScaled(images, k * n, -dot(images, k * n, images, other * n, n), images, other * n, n)
          if (turns.due(2 * n)) await turns.pause()
        }
      }
      left = dot(images, k * n, images, k * n, n)
      if (left > 0) divide(images, k * n, n, Math.sqrt(left))
    }
    standing.push(k)
  }
}
