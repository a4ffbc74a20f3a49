// Plain, slow implementations of the papers' definitions, in double precision, without the tables and tricks of the package.

import { type Picture, sizeOf } from './pictures.ts'

export type Triple = [number, number, number]

export function hsvOf([r, g, b]: readonly [number, number, number]): Triple {
  const max = Math.max(r, g, b)
  const delta = max - Math.min(r, g, b)
  let degrees = 0
  if (delta > 0) {
    if (max === r) degrees = 60 * (((g - b) / delta + 6) % 6)
    else if (max === g) degrees = 60 * ((b - r) / delta + 2)
    else degrees = 60 * ((r - g) / delta + 4)
  }
  return [degrees / 360, max === 0 ? 0 : delta / max, max / 255]
}

export function labOf(rgb: readonly [number, number, number]): Triple {
  const [r, g, b] = rgb.map((byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4)) as Triple
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))]
}

export function pixelsOf({ shape, data }: Picture): Triple[] {
  return Array.from({ length: shape[0]! * shape[1]! }, (_, i) => [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!])
}

/** Hard colour histogram of a whole picture. */
export function histogramOf(colours: readonly Triple[], bins: Triple, ranges: readonly (readonly [number, number])[]): number[] {
  const out = new Array<number>(bins[0] * bins[1] * bins[2]).fill(0)
  for (const colour of colours) {
    const [i, j, k] = colour.map((value, c) => {
      const [low, high] = ranges[c]!
      return Math.min(bins[c]! - 1, Math.floor(((value - low) / (high - low)) * bins[c]!))
    }) as Triple
    out[(i * bins[1] + j) * bins[2] + k]! += 1 / colours.length
  }
  return out
}

/** Soft colour histogram: every bin looks how near each colour is to its centre (a tent of the width of a bin). */
export function softHistogramOf(
  colours: readonly Triple[],
  bins: Triple,
  ranges: readonly (readonly [number, number])[],
  circular: boolean,
): number[] {
  const tent = (value: number, c: number, bin: number): number => {
    const [low, high] = ranges[c]!
    let at = ((value - low) / (high - low)) * bins[c]! - 0.5
    if (circular && c === 0) {
      const away = Math.abs(at - bin)
      return Math.max(0, 1 - Math.min(away, bins[0] - away))
    }
    at = Math.min(bins[c]! - 1, Math.max(0, at))
    return Math.max(0, 1 - Math.abs(at - bin))
  }
  const out: number[] = []
  for (let i = 0; i < bins[0]; i++) {
    for (let j = 0; j < bins[1]; j++) {
      for (let k = 0; k < bins[2]; k++) {
        let sum = 0
        for (const [a, b, c] of colours) sum += tent(a, 0, i) * tent(b, 1, j) * tent(c, 2, k)
        out.push(sum / colours.length)
      }
    }
  }
  return out
}

export function momentsOf(values: readonly number[]): Triple {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const central = (power: number): number => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length
  return [mean, Math.sqrt(central(2)), Math.cbrt(central(3))]
}

export function lumaOf([r, g, b]: readonly [number, number, number]): number {
  return Math.round(0.299 * r + 0.587 * g + 0.114 * b)
}

/** Triangle-filtered resampling of one plane, each output pixel by itself. */
export function resampled(
  plane: (x: number, y: number) => number,
  [height, width]: readonly [number, number],
  [th, tw]: readonly [number, number],
): number[][] {
  const weights = (i: number, from: number, to: number): number[] => {
    const reach = Math.max(1, from / to)
    const centre = ((i + 0.5) * from) / to - 0.5
    const raw = Array.from({ length: from }, (_, j) => Math.max(0, 1 - Math.abs(j - centre) / reach))
    const total = raw.reduce((a, b) => a + b, 0)
    return raw.map((value) => value / total)
  }
  return Array.from({ length: th }, (_, i) => {
    const wy = weights(i, height, th)
    return Array.from({ length: tw }, (_, j) => {
      const wx = weights(j, width, tw)
      let sum = 0
      for (let y = 0; y < height; y++) if (wy[y]! > 0) for (let x = 0; x < width; x++) sum += wy[y]! * wx[x]! * plane(x, y)
      return sum
    })
  })
}

interface HogOptions {
  window: readonly [number, number]
  cell: number
  block: number
  orientations: number
  signed: boolean
  clip: number
}

/** HOG, every block and cell computed from the pixels again. */
export function hogReference(source: Picture, { window, cell, block, orientations, signed, clip }: HogOptions): number[] {
  const size = sizeOf(source)
  const planes = [0, 1, 2].map((c) => resampled((x, y) => source.data[(y * size[1] + x) * 3 + c]!, size, window))
  const [height, width] = window
  const at = (c: number, x: number, y: number): number => planes[c]![Math.min(height - 1, Math.max(0, y))]![Math.min(width - 1, Math.max(0, x))]!
  const turnOf = signed ? 2 * Math.PI : Math.PI
  const out: number[] = []
  for (let by = 0; by + block <= height / cell; by++) {
    for (let bx = 0; bx + block <= width / cell; bx++) {
      const values = new Array<number>(block * block * orientations).fill(0)
      const side = block * cell
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const px = bx * cell + x
          const py = by * cell + y
          const gradients = [0, 1, 2].map((c) => [at(c, px + 1, py) - at(c, px - 1, py), at(c, px, py + 1) - at(c, px, py - 1)] as const)
          const strengths = gradients.map(([gx, gy]) => Math.hypot(gx, gy))
          const strength = Math.max(...strengths)
          const [dx, dy] = gradients[strengths.indexOf(strength)]!
          if (strength === 0) continue
          const angle = (Math.atan2(dy, dx) + turnOf) % turnOf
          const gauss = Math.exp(-((x - (side - 1) / 2) ** 2 + (y - (side - 1) / 2) ** 2) / (2 * (side / 2) ** 2))
          for (let cy = 0; cy < block; cy++) {
            for (let cx = 0; cx < block; cx++) {
              const near = Math.max(0, 1 - Math.abs((x + 0.5) / cell - 0.5 - cx)) * Math.max(0, 1 - Math.abs((y + 0.5) / cell - 0.5 - cy))
              for (let o = 0; o < orientations; o++) {
                const away = Math.abs((angle / turnOf) * orientations - 0.5 - o)
                const share = Math.max(0, 1 - Math.min(away, orientations - away))
                values[(cy * block + cx) * orientations + o]! += near * share * strength * gauss
              }
            }
          }
        }
      }
      const first = 1 / (Math.hypot(...values) + 0.1 * values.length)
      const cut = values.map((value) => Math.min(clip, value * first))
      const second = 1 / (Math.hypot(...cut) + 1e-3)
      out.push(...cut.map((value) => value * second))
    }
  }
  return out
}

/** Histogram of riu2 or u2 patterns of one ring over a whole picture, the circle computed with sines for each pixel. */
export function lbpReference(source: Picture, radius: number, points: number, mapping: 'riu2' | 'u2'): number[] {
  const [height, width] = sizeOf(source)
  const grey = pixelsOf(source).map(lumaOf)
  const at = (x: number, y: number): number => grey[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))]!
  const out = new Array<number>(mapping === 'riu2' ? points + 2 : points * (points - 1) + 3).fill(0)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bits = Array.from({ length: points }, (_, p) => {
        const px = radius * Math.cos((2 * Math.PI * p) / points)
        const py = -radius * Math.sin((2 * Math.PI * p) / points)
        const left = Math.floor(px + 1e-9)
        const top = Math.floor(py + 1e-9)
        const fx = px - left
        const fy = py - top
        const upper = at(x + left, y + top) * (1 - fx) + at(x + left + 1, y + top) * fx
        const lower = at(x + left, y + top + 1) * (1 - fx) + at(x + left + 1, y + top + 1) * fx
        return upper * (1 - fy) + lower * fy - at(x, y) >= -1e-6
      })
      const ones = bits.filter(Boolean).length
      const changes = bits.filter((bit, p) => bit !== bits[(p + 1) % points]).length
      let bin: number
      if (changes > 2) bin = out.length - 1
      else if (mapping === 'riu2' || ones === 0) bin = ones
      else if (ones === points) bin = out.length - 2
      else bin = 1 + (ones - 1) * points + bits.findIndex((bit, p) => bit && !bits[(p + points - 1) % points])
      out[bin]! += 1 / (height * width)
    }
  }
  return out
}

/** DCT hash straight from the definition of the two-dimensional DCT-II. */
export function hashReference(source: Picture, size: number): number[] {
  const dimensions = sizeOf(source)
  const grey = pixelsOf(source).map(lumaOf)
  const side = 4 * size
  const small = resampled((x, y) => grey[y * dimensions[1] + x]!, dimensions, [side, side])
  const coefficients: number[] = []
  for (let v = 1; v <= size; v++) {
    for (let u = 1; u <= size; u++) {
      let sum = 0
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          sum += small[y]![x]! * Math.cos((Math.PI * u * (2 * x + 1)) / (2 * side)) * Math.cos((Math.PI * v * (2 * y + 1)) / (2 * side))
        }
      }
      coefficients.push((2 / side) * sum)
    }
  }
  const sorted = [...coefficients].sort((a, b) => a - b)
  const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  return coefficients.map((value) => (value > median ? 1 : 0))
}
