// Gram polynomials: orthogonal over given points, so that least squares needs no system of equations (Gram 1883; Forsythe 1957).

/** A monic polynomial in x. */
export interface GramPolynomial {
  /** At each point. */
  readonly values: Float64Array
  /** Weights of x⁰, x¹, … */
  readonly powers: Float64Array
  /** Sum of the squared values. */
  readonly square: number
}

/** `points` points, 1 apart, around 0. */
export function equallySpaced(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => i - (points - 1) / 2)
}

/** The polynomials of degree 0 to `degree` over the points `x`, of which more than `degree` must differ. */
export function gramPolynomials(x: Float64Array, degree: number): GramPolynomial[] {
  const points = x.length
  const polynomials: GramPolynomial[] = []
  for (let k = 0; k <= degree; k++) {
    const values = new Float64Array(points).fill(1)
    const powers = new Float64Array(k + 1)
    if (k === 0) powers[0] = 1
    else {
      // p(k) = (x − a) p(k−1) − b p(k−2); a is 0 where the points lie symmetric.
      const last = polynomials[k - 1]!
      const before = polynomials[k - 2]
      const a = last.values.reduce((sum, value, i) => sum + x[i]! * value * value, 0) / last.square
      const b = before ? last.square / before.square : 0
      for (let i = 0; i < points; i++) values[i] = (x[i]! - a) * last.values[i]! - (before ? b * before.values[i]! : 0)
      for (let j = 0; j < k; j++) {
        powers[j + 1]! += last.powers[j]!
        powers[j]! -= a * last.powers[j]!
      }
      for (let j = 0; before && j < before.powers.length; j++) powers[j]! -= b * before.powers[j]!
    }
    polynomials.push({ values, powers, square: values.reduce((sum, value) => sum + value * value, 0) })
  }
  return polynomials
}
