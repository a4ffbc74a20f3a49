// Complex numbers in two arrays, as the Fourier transforms take and give them.

export interface Spectrum {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Zeros. */
export function spectrum(length: number): Spectrum {
  return { re: new Float64Array(length), im: new Float64Array(length) }
}

/** The first `length` of them, in the same memory. */
export function beginning({ re, im }: Spectrum, length: number): Spectrum {
  return { re: re.subarray(0, length), im: im.subarray(0, length) }
}
