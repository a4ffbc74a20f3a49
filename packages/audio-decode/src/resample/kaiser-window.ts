// The Kaiser window (Kaiser 1974).

/** The modified Bessel function of the first kind and order 0, by its series. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k)
    sum += term
  }
  return sum
}

/** A Kaiser window at `x` between -1 and 1; 0 outside. `scale` is I₀(beta). */
export function kaiser(x: number, beta: number, scale: number): number {
  const inside = 1 - x * x
  return inside < 0 ? 0 : besselI0(beta * Math.sqrt(inside)) / scale
}

export function sinc(x: number): number {
  if (x === 0) return 1
  const angle = Math.PI * x
  return Math.sin(angle) / angle
}
