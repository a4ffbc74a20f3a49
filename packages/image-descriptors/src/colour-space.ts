// Colour spaces: runs of sRGB bytes to HSV or CIE L*a*b*, with tables in place of powers and divisions.

/** `hsv`: hue, saturation, value (Smith 1978). `lab`: CIE 1976 L*a*b* of sRGB (IEC 61966-2-1) under D65. */
export type ColourSpace = 'hsv' | 'lab'

/** Converts `count` pixels that begin at byte `from`; writes three numbers a pixel to the start of `out`. */
export type Convert = (rgb: Uint8Array, from: number, count: number, out: Float32Array) => void

export const CONVERT: Readonly<Record<ColourSpace, Convert>> = { hsv: toHsv, lab: toLab }

/** The smallest and largest value of each channel over all sRGB colours (those of L*a*b* rounded outwards). Hue is a circle: 1 is 0 again. */
export const RANGES: Readonly<Record<ColourSpace, readonly (readonly [number, number])[]>> = {
  hsv: [
    [0, 1],
    [0, 1],
    [0, 1],
  ],
  lab: [
    [0, 100],
    [-87, 99],
    [-108, 95],
  ],
}

const RECIPROCAL = Float64Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : 1 / i))

/** Hue in turns, 0 ≤ h < 1 (0 for greys), saturation and value in 0 … 1. */
function toHsv(rgb: Uint8Array, from: number, count: number, out: Float32Array): void {
  for (let i = from, o = 0, end = from + count * 3; i < end; i += 3, o += 3) {
    const r = rgb[i]!
    const g = rgb[i + 1]!
    const b = rgb[i + 2]!
    const max = Math.max(r, g, b)
    const min = Math.min(r, g, b)
    const range = max - min
    let sextant = 0
    if (range > 0) {
      if (max === r) sextant = (g - b) * RECIPROCAL[range]! + (g < b ? 6 : 0)
      else if (max === g) sextant = (b - r) * RECIPROCAL[range]! + 2
      else sextant = (r - g) * RECIPROCAL[range]! + 4
    }
    out[o] = sextant / 6
    out[o + 1] = range * RECIPROCAL[max]!
    out[o + 2] = max / 255
  }
}

/** sRGB byte to linear light, 0 … 1. */
const LINEAR = Float64Array.from({ length: 256 }, (_, i) => (i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4))

// sRGB primaries to XYZ, each row divided by its sum, which is the D65 white: so white is exactly L* 100, a* 0, b* 0.
const TO_XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
].map(([r, g, b]) => [r! / (r! + g! + b!), g! / (r! + g! + b!), b! / (r! + g! + b!)])

const [[XR, XG, XB], [YR, YG, YB], [ZR, ZG, ZB]] = TO_XYZ as [Triple, Triple, Triple]
type Triple = [number, number, number]

// The CIE function f, read from a table with linear interpolation: at this size L*, a* and b* are right to .001.
const STEPS = 8192
const F = Float64Array.from({ length: STEPS + 2 }, (_, i) => {
  const t = i / STEPS
  return t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29
})

function cieF(t: number): number {
  const at = t * STEPS
  const i = at | 0
  const below = F[i]!
  return below + (F[i + 1]! - below) * (at - i)
}

/** L* in 0 … 100, a* and b* in about -108 … 99. */
function toLab(rgb: Uint8Array, from: number, count: number, out: Float32Array): void {
  for (let i = from, o = 0, end = from + count * 3; i < end; i += 3, o += 3) {
    const r = LINEAR[rgb[i]!]!
    const g = LINEAR[rgb[i + 1]!]!
    const b = LINEAR[rgb[i + 2]!]!
    const x = cieF(XR * r + XG * g + XB * b)
    const y = cieF(YR * r + YG * g + YB * b)
    const z = cieF(ZR * r + ZG * g + ZB * b)
    out[o] = 116 * y - 16
    out[o + 1] = 500 * (x - y)
    out[o + 2] = 200 * (y - z)
  }
}
