// Sizes, and the values of enlarged and reduced pictures.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planGeometry } from '../src/image-geometry.ts'
import { type ImageLoaderConfig, imageLoader, type Kernel, type Resize } from '../src/index.ts'
import { loadOne, png, solid } from './load.ts'

const KERNELS: readonly Kernel[] = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']

async function sizeOf(width: number, height: number, config: ImageLoaderConfig): Promise<string> {
  const { shape } = await loadOne(imageLoader({ ...config, dtype: 'u8', layout: 'nhwc' }), await solid(width, height, [10, 100, 200]))
  return `${shape[1]}×${shape[0]}`
}

describe('sizes', () => {
  it.each<[string, Resize | null, [number, number], string]>([
    ['none', null, [30, 20], '30×20'],
    ['shorter side, landscape', { shorterSide: 10 }, [30, 20], '15×10'],
    ['shorter side, portrait', { shorterSide: 10 }, [20, 30], '10×15'],
    ['shorter side, enlarging', { shorterSide: 40 }, [30, 20], '60×40'],
    ['the longer side is rounded to the nearest pixel', { shorterSide: 256 }, [300, 178], '431×256'],
    ['exact', { exact: { width: 7, height: 50 } }, [30, 20], '7×50'],
    ['inside', { inside: { width: 15, height: 15 } }, [30, 20], '15×10'],
    ['inside, limited by the height', { inside: { width: 100, height: 10 } }, [30, 20], '15×10'],
    ['letterbox', { letterbox: { width: 15, height: 15 } }, [30, 20], '15×15'],
    ['a strip keeps at least one pixel', { inside: { width: 10, height: 10 } }, [300, 1], '10×1'],
  ])('%s', async (_, resize, [width, height], size) => {
    expect(await sizeOf(width, height, { resize })).toBe(size)
  })

  it('does not enlarge where enlarge is false', async () => {
    expect(await sizeOf(30, 20, { resize: { inside: { width: 256, height: 256 } }, enlarge: false })).toBe('30×20')
    expect(await sizeOf(30, 20, { resize: { shorterSide: 10 }, enlarge: false })).toBe('15×10')
    expect(await sizeOf(30, 20, { resize: { letterbox: { width: 64, height: 64 } }, enlarge: false })).toBe('64×64')
  })

  it('keeps the kept part inside of the picture and of the frame', () => {
    const side = fc.integer({ min: 1, max: 3000 })
    const size = fc.record({ width: side, height: side })
    const resize = fc.oneof(
      side.map((shorterSide) => ({ shorterSide })),
      size.map((inside) => ({ inside })),
      size.map((exact) => ({ exact })),
    )
    fc.assert(
      fc.property(size, fc.option(resize), fc.option(size), (source, resizeRule, crop) => {
        const { resized, kept, frame, left, top } = planGeometry(source, { resize: resizeRule, crop, enlarge: true })
        expect(kept.left + kept.width).toBeLessThanOrEqual(resized.width)
        expect(kept.top + kept.height).toBeLessThanOrEqual(resized.height)
        expect(left + kept.width).toBeLessThanOrEqual(frame.width)
        expect(top + kept.height).toBeLessThanOrEqual(frame.height)
        expect(Math.min(kept.left, kept.top, left, top)).toBeGreaterThanOrEqual(0)
        expect(Math.min(kept.width, kept.height)).toBeGreaterThanOrEqual(1)
        if (crop) expect(frame).toEqual(crop)
      }),
    )
  })
})

/** Kernels from their textbook formulas, written apart from the package's. */
const FORMULAS: Record<Exclude<Kernel, 'nearest'>, { support: number; f: (x: number) => number }> = {
  linear: { support: 1, f: (x) => Math.max(0, 1 - x) },
  cubic: { support: 2, f: (x) => (x < 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : x < 2 ? -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2 : 0) },
  mitchell: {
    support: 2,
    f: (x) => (x < 1 ? (7 * x ** 3 - 12 * x ** 2 + 16 / 3) / 6 : x < 2 ? ((-7 / 3) * x ** 3 + 12 * x ** 2 - 20 * x + 32 / 3) / 6 : 0),
  },
  lanczos2: { support: 2, f: (x) => lanczos(x, 2) },
  lanczos3: { support: 3, f: (x) => lanczos(x, 3) },
}

function lanczos(x: number, a: number): number {
  if (x === 0) return 1
  if (x >= a) return 0
  return (a * Math.sin(Math.PI * x) * Math.sin((Math.PI * x) / a)) / (Math.PI * x) ** 2
}

/** One enlarged row or column of numbers, pixel centres aligned, weights made to sum to 1 at the borders. */
function enlargeLine(line: readonly number[], size: number, kernel: Kernel): number[] {
  // A pass that changes no size is left out, as in Pillow: some kernels blur even then.
  if (size === line.length) return [...line]
  return Array.from({ length: size }, (_, i) => {
    const centre = ((i + 0.5) * line.length) / size
    if (kernel === 'nearest') return line[Math.floor(centre)]!
    const { f } = FORMULAS[kernel]
    const weights = line.map((_, k) => f(Math.abs(k + 0.5 - centre)))
    const sum = weights.reduce((a, b) => a + b, 0)
    return line.reduce((total, value, k) => total + (value * weights[k]!) / sum, 0)
  })
}

const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)))

describe('enlarging', () => {
  it.each(KERNELS)('with %s agrees with the kernel computed in double precision', async (kernel) => {
    const sides = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.nat(9), fc.nat(9))
    await fc.assert(
      fc.asyncProperty(
        sides.chain(([w, h, dw, dh]) => fc.tuple(fc.constant([w, h, dw, dh] as const), fc.uint8Array({ minLength: w * h, maxLength: w * h }))),
        async ([[w, h, dw, dh], grey]) => {
          const width = w + dw
          const height = h + dh
          const pixels = [...grey].flatMap((v) => [v, 255 - v, 0])
          const tensor = await loadOne(imageLoader({ resize: { exact: { width, height } }, kernel }), await png(Uint8Array.from(pixels), w, h))
          const rows = Array.from({ length: h }, (_, y) => enlargeLine([...grey.subarray(y * w, y * w + w)], width, kernel).map(byte))
          for (let x = 0; x < width; x++) {
            const column = enlargeLine(
              rows.map((row) => row[x]!),
              height,
              kernel,
            )
            for (let y = 0; y < height; y++) {
              const [red, green, blue] = tensor.data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)
              // Both round to bytes after each pass; a sum that lies on a half may go either way, and the second pass may carry that on.
              expect(Math.abs(red! - byte(column[y]!))).toBeLessThanOrEqual(2)
              expect(Math.abs(green! - (255 - byte(column[y]!)))).toBeLessThanOrEqual(2)
              expect(blue).toBe(0)
            }
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('puts pixel centres where Pillow puts them', async () => {
    // Pillow 8-bit: Image.resize((8, 1), BILINEAR) of the row 0, 40, 80, 120: by hand, position (i + ½) / 2 − ½.
    const row = Uint8Array.from([0, 40, 80, 120].flatMap((v) => [v, v, v]))
    const tensor = await loadOne(
      imageLoader({ resize: { exact: { width: 8, height: 1 } }, kernel: 'linear', channels: 'grey' }),
      await png(row, 4, 1),
    )
    expect([...tensor.data]).toEqual([0, 10, 30, 50, 70, 90, 110, 120])
  })

  it('gives the part of a crop exactly as it is in the whole', async () => {
    const pixels = Uint8Array.from({ length: 13 * 11 * 3 }, (_, i) => (i * 7919) % 256)
    const file = await png(pixels, 13, 11)
    for (const kernel of KERNELS) {
      const resize = { exact: { width: 31, height: 29 } }
      const whole = await loadOne(imageLoader({ resize, kernel }), file)
      const part = await loadOne(imageLoader({ resize, kernel, crop: { width: 11, height: 9 } }), file)
      for (let y = 0; y < 9; y++) {
        const at = ((y + 10) * 31 + 10) * 3
        expect(part.data.subarray(y * 33, y * 33 + 33)).toEqual(whole.data.subarray(at, at + 33))
      }
    }
  })
})

describe('reducing', () => {
  it('averages with the triangle filter over the source pixels', async () => {
    // 12 → 4 pixels: the triangle reaches 3 source pixels to each side of its centre; libvips repeats the border pixels beyond the border.
    // (From a factor of 4 on it first averages whole boxes, and leaves at least a factor of 2 to the kernel.)
    const line = [0, 0, 0, 240, 240, 240, 10, 20, 30, 200, 100, 50]
    const tensor = await loadOne(
      imageLoader({ resize: { exact: { width: 4, height: 1 } }, channels: 'grey' }),
      await png(Uint8Array.from(line.flatMap((v) => [v, v, v])), 12, 1),
    )
    for (const [i, centre] of [1.5, 4.5, 7.5, 10.5].entries()) {
      let sum = 0
      let weights = 0
      for (let k = -3; k < 15; k++) {
        const weight = Math.max(0, 1 - Math.abs(k + 0.5 - centre) / 3)
        sum += weight * line[Math.min(11, Math.max(0, k))]!
        weights += weight
      }
      // One step of a byte for its rounding, one for its fixed-point weights.
      expect(Math.abs(tensor.data[i]! - sum / weights)).toBeLessThanOrEqual(2)
    }
  })

  it.each(KERNELS)('leaves a picture of one colour alone with %s', async (kernel) => {
    const file = await solid(64, 48, [12, 130, 250])
    for (const resize of [{ exact: { width: 17, height: 9 } }, { exact: { width: 100, height: 7 } }, { exact: { width: 90, height: 90 } }]) {
      const { data } = await loadOne(imageLoader({ resize, kernel }), file)
      for (let i = 0; i < data.length; i += 3) expect([data[i], data[i + 1], data[i + 2]]).toEqual([12, 130, 250])
    }
  })
})
