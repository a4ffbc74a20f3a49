// Eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then the implicit QL method, as in native/functor/symmetric_eigen.cc.

import { CbirError } from '@cbir/core'
import { addScaled, dot, rotate } from './row-operations.ts'
import type { Turns } from './turns.ts'

const MOST_STEPS = 60

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Number *i* stands between *i* and *i* + 1. */
  readonly below: Float64Array
  /** Of the reflection I − u·uᵀ/weight whose *u* stands in row *i* of the matrix; 0 where there is none. */
  readonly weights: Float64Array
}

/**
 * The eigenvectors of the `wanted` largest eigenvalues, the largest first: `wanted` rows of `n`. Of each, the number that is largest in size is positive.
 * `matrix` (n × n, row-major; its lower triangle counts) is used up. After Martin, Reinsch, Wilkinson: Handbook for Automatic Computation II, 1971.
 * @throws CbirError ABORTED
 */
export async function largestEigenvectors(matrix: Float64Array, n: number, wanted: number, turns: Turns): Promise<Float64Array> {
  const t = await reduce(matrix, n, turns)
  const vectors = new Float64Array(n * n)
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1
  await diagonalize(t, vectors, n, turns)
  const order = Array.from(t.diagonal.keys()).sort((a, b) => t.diagonal[b]! - t.diagonal[a]! || a - b)
  const largest = new Float64Array(wanted * n)
  for (let k = 0; k < wanted; k++) {
    const v = largest.subarray(k * n, (k + 1) * n)
    v.set(vectors.subarray(order[k]! * n, (order[k]! + 1) * n))
    for (let i = 1; i < n; i++) {
      if (t.weights[i] === 0) continue
      addScaled(v, 0, -dot(matrix, i * n, v, 0, i) / t.weights[i]!, matrix, i * n, i)
      if (turns.due(2 * i)) await turns.pause()
    }
    let top = 0
    for (let i = 1; i < n; i++) if (Math.abs(v[i]!) > Math.abs(v[top]!)) top = i
    if (v[top]! < 0) for (let i = 0; i < n; i++) v[i] = -v[i]!
  }
  return largest
}

/** matrix = Q · T · Qᵀ, Q = H(n−1) · … · H(1). */
async function reduce(matrix: Float64Array, n: number, turns: Turns): Promise<Tridiagonal> {
  const t = { diagonal: new Float64Array(n), below: new Float64Array(n), weights: new Float64Array(n) }
  const p = new Float64Array(n)
  for (let i = n - 1; i >= 1; i--) {
    const u = matrix.subarray(i * n, i * n + i)
    const last = u[i - 1]!
    const others = dot(u, 0, u, 0, i - 1)
    t.below[i - 1] = last
    if (others === 0) continue
    const length = Math.sqrt(last * last + others)
    const image = last >= 0 ? -length : length
    const weight = length * length - last * image
    t.below[i - 1] = image
    t.weights[i] = weight
    u[i - 1] = last - image
    p.fill(0, 0, i)
    for (let j = 0; j < i; j++) {
      const row = j * n
      const uj = u[j]!
      let sum = matrix[row + j]! * uj
      for (let k = 0; k < j; k++) {
        const x = matrix[row + k]!
        sum += x * u[k]!
        p[k]! += x * uj
      }
      p[j]! += sum
      if (turns.due(2 * j)) await turns.pause()
    }
    for (let j = 0; j < i; j++) p[j]! /= weight
    addScaled(p, 0, -dot(u, 0, p, 0, i) / (2 * weight), u, 0, i)
    for (let j = 0; j < i; j++) {
      const row = j * n
      const uj = u[j]!
      const pj = p[j]!
      for (let k = 0; k <= j; k++) matrix[row + k]! -= uj * p[k]! + pj * u[k]!
      if (turns.due(2 * j)) await turns.pause()
    }
  }
  for (let i = 0; i < n; i++) t.diagonal[i] = matrix[i * n + i]!
  return t
}

/** Makes T diagonal; row *k* of `vectors`, the unit matrix at first, becomes T's eigenvector *k*. */
async function diagonalize({ diagonal: d, below: e }: Tridiagonal, vectors: Float64Array, n: number, turns: Turns): Promise<void> {
  let rounding = 0
  for (let i = 0; i < n; i++) rounding = Math.max(rounding, (Math.abs(d[i]!) + Math.abs(e[i]!)) * Number.EPSILON)
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      // What is left between two parts of the matrix is no more than its rounding.
      let m = l
      while (m + 1 < n && Math.abs(e[m]!) > rounding) m++
      if (m === l) break
      if (step === MOST_STEPS) throw new CbirError('ADAPTER_FAULT', 'The eigenvalues of the covariance could not be found.')
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
      g = d[m]! - d[l]! + e[l]! / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1))
      let [s, c, p, i] = [1, 1, 0, m - 1]
      for (; i >= l; i--) {
        const f = s * e[i]!
        const b = c * e[i]!
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1]! -= p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        g = d[i + 1]! - p
        const q = (d[i]! - g) * s + 2 * c * b
        p = s * q
        d[i + 1] = g + p
        g = c * q - b
        rotate(vectors, i * n, (i + 1) * n, n, c, s)
        if (turns.due(4 * n)) await turns.pause()
      }
      if (i >= l) continue
      d[l]! -= p
      e[l] = g
      e[m] = 0
    }
  }
}
