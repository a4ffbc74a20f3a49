// The modified Bessel function I₀, of which Kaiser's window is made.

/** I₀(x) = Σ (x²/4)ᵏ / k!², to about an ulp for |x| < 700 (beyond, double overflows). Abramowitz and Stegun, 9.6.12. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let sum = 1
  // What the sum has lost by rounding (Neumaier 1974).
  let lost = 0
  let term = 1
  // All terms are positive, and none that is still to come is larger than one that is so small beside the sum.
  for (let k = 1; term > sum * 1e-20; k++) {
    term *= quarter / (k * k)
    const next = sum + term
    if (next === Number.POSITIVE_INFINITY) return next
    lost += sum >= term ? sum - next + term : term - next + sum
    sum = next
  }
  return sum + lost
}
