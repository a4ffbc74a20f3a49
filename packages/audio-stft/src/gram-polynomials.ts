// Gram polynomials: orthogonal over equally spaced points, so that least squares needs no system of equations (Savitzky and Golay 1964; Gram 1883).

/** A monic polynomial in x = (i − (points − 1)/2) / unit. */
export interface GramPolynomial {
  /** At each point. */
  readonly values: Float64Array
  /** Weights of x⁰, x¹, … */
  readonly powers: Float64Array
  /** Sum of the squared values. */
  readonly square: number
}

/** The polynomials of degree 0 to `degree` over `points` points; `degree` must be below `points`. */
export function gramPolynomials(points: number, degree: number, unit = 1): GramPolynomial[] {
  const x = Float64Array.from({ length: points }, (_, i) => (i - (points - 1) / 2) / unit)
  const polynomials: GramPolynomial[] = []
  for (let k = 0; k <= degree; k++) {
    const values = new Float64Array(points).fill(1)
    const powers = new Float64Array(k + 1)
    if (k === 0) powers[0] = 1
    else {
      // The points lie symmetric, so p(k) = x p(k−1) − b p(k−2).
      const last = polynomials[k - 1]!
      const before = polynomials[k - 2]
      const b = before ? last.square / before.square : 0
      for (let i = 0; i < points; i++) values[i] = x[i]! * last.values[i]! - (before ? b * before.values[i]! : 0)
      for (let j = 0; j < k; j++) powers[j + 1]! += last.powers[j]!
      for (let j = 0; before && j < before.powers.length; j++) powers[j]! -= b * before.powers[j]!
    }
    polynomials.push({ values, powers, square: values.reduce((sum, value) => sum + value * value, 0) })
  }
  return polynomials
}
