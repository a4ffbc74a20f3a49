// NumPy's rounding.

/** The nearest integer; of two, the even one. */
export const roundHalfEven = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))
