// The modified Bessel function I₀, of which Kaiser's window is made.

/** I₀(x) = Σ (x²/4)ᵏ / k!², to about an ulp for |x| < 700 (beyond, double overflows). Abramowitz and Stegun, 9.6.12. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4
  const terms = [1]
  let term = 1
  for (let k = 1; term > terms[0]! * 1e-20 || k * k < quarter; k++) {
    term *= quarter / (k * k)
    if (!Number.isFinite(term)) return Number.POSITIVE_INFINITY
    terms.push(term)
    if (term < 1e-320) break
  }
  // Small terms first: what is lost is below an ulp of the sum.
  return terms.sort((a, b) => a - b).reduce((sum, each) => sum + each, 0)
}
