// Transforms of any length beside the sums that define them: every instruction set, WebAssembly, double and float.

import { describe, expect, test } from 'vitest'
import type { FramesJob } from '../src/engine.ts'
import { sparseFilters, windowOf } from '../src/index.ts'
import { definedEngine } from './support/defined-engine.ts'
import { difference, engines, largest, randomNumbers } from './support/engines.ts'

// Powers of two, all small lengths, primes below and above the general radix (Bluestein), products of every radix.
const small = Array.from({ length: 130 }, (_, i) => i + 1)
const large = [251, 509, 1000, 1021, 1023, 1155, 1250, 2048, 2310, 4096, 4099]
/** Rows: one for a large length; else more than any set of lanes takes at once, and no multiple. */
const rowsOf = (n: number): number => (n > 130 ? 1 : 35)

const bounds = { f64: 1e-15, f32: 6e-7 } as const

/** Largest difference over the root of the mean square of the spectrum. */
const relative = (a: ArrayLike<number>, b: ArrayLike<number>, n: number): number => difference(a, b) / Math.sqrt(n)

/** The other layout: rows × columns of `width` numbers each, turned. */
function turned(data: Float32Array, rows: number, columns: number, width: number): Float32Array {
  return data.map((_, i) => {
    const [place, part] = [Math.floor(i / width), i % width]
    return data[((place % rows) * columns + Math.floor(place / rows)) * width + part]!
  })
}

const oracle = new Map<number, Promise<{ rows: Float64Array; spectra: Float64Array }>>()
function expectedOf(n: number): Promise<{ rows: Float64Array; spectra: Float64Array }> {
  let known = oracle.get(n)
  if (!known) {
    const rows = randomNumbers(n * rowsOf(n), n)
    known = definedEngine.forward(rows, n, rowsOf(n), 'f64', {}).then((spectra) => ({ rows, spectra }))
    oracle.set(n, known)
  }
  return known
}

describe.each(engines)('$name', ({ engine }) => {
  test.each(['f64', 'f32'] as const)('%s: rows of any length, there and back', async (precision) => {
    for (const n of [...small, ...large]) {
      const { rows, spectra } = await expectedOf(n)
      const got = await engine.forward(rows, n, rowsOf(n), precision, {})
      // The oracle's own sums are no better than this for a prime length.
      const bound = bounds[precision] * (precision === 'f64' && n > 500 ? 40 : 4)
      expect(relative(got, spectra, n), `${n} forward`).toBeLessThan(bound)
      const back = await engine.inverse(spectra, n, rowsOf(n), precision, {})
      expect(difference(back, rows), `${n} back`).toBeLessThan(bound)
    }
  })

  test('an impulse has a flat spectrum, huge and tiny numbers keep their share', async () => {
    for (const n of [1, 2, 7, 64, 97, 1000, 4099]) {
      for (const scale of [1, 1e150, 1e-150]) {
        const row = new Float64Array(n)
        row[0] = scale
        const spectrum = await engine.forward(row, n, 1, 'f64', {})
        const flat = Float64Array.from({ length: spectrum.length }, (_, i) => (i % 2 === 0 ? scale : 0))
        expect(difference(spectrum, flat) / scale, `${n} × ${scale}`).toBeLessThan(1e-14)
      }
    }
  })

  test.each([
    [{ nFft: 64, hopLength: 16 }],
    [{ nFft: 63, hopLength: 20 }],
    [{ nFft: 1, hopLength: 1 }],
    [{ nFft: 2, hopLength: 3 }],
    [{ nFft: 3, hopLength: 50 }],
    [{ nFft: 134, hopLength: 33 }],
  ])('frames, %o: values, powers, filters, from floats and doubles', async ({ nFft, hopLength }) => {
    const doubles = randomNumbers(nFft + 43 * hopLength + 2, 5)
    const bins = Math.floor(nFft / 2) + 1
    const filters = sparseFilters(
      randomNumbers(5 * bins, 9).map((weight, i) => (i % 3 === 0 ? 0 : weight)),
      5,
      bins,
    )
    for (const samples of [doubles, Float32Array.from(doubles)]) {
      const job = { samples, offset: 0, frames: 44, nFft, hopLength, window: windowOf('hann', nFft, { periodic: false }) } as const
      const layout = 'frames'
      const kinds: Pick<FramesJob, 'value' | 'filters'>[] = [
        { value: 'complex' },
        { value: 'magnitude' },
        { value: 'power' },
        { value: 'power', filters },
      ]
      for (const kind of kinds) {
        for (const precision of ['f64', 'f32'] as const) {
          const wanted = await definedEngine.frames({ ...job, ...kind, layout, precision: 'f64' }, {})
          const got = await engine.frames({ ...job, ...kind, layout, precision }, {})
          const bound = precision === 'f64' ? 1.3e-7 : 3e-6
          expect(difference(got, wanted) / Math.max(1, largest(wanted)), `${kind.value} ${precision}`).toBeLessThan(bound)
          const byBins = await engine.frames({ ...job, ...kind, layout: 'bins', precision }, {})
          expect(byBins).toEqual(turned(got, job.frames, kind.filters ? 5 : bins, kind.value === 'complex' ? 2 : 1))
        }
      }
    }
  })

  test.each([
    [16, 4],
    [15, 4],
    [15, 22],
    [400, 160],
  ])('overlap-add, frames of %i every %i, from any sample on', async (nFft, hopLength) => {
    const frames = 53
    const spectrum = Float32Array.from(randomNumbers(2 * frames * (Math.floor(nFft / 2) + 1)))
    for (const [start, length] of [
      [0, nFft + hopLength * (frames - 1)],
      [7, 300],
      [nFft * 3, nFft + hopLength * frames],
    ] as const) {
      const job = { spectrum, frames, nFft, hopLength, window: windowOf('hamming', nFft), precision: 'f64', start, length } as const
      const got = await engine.overlapAdd(job, {})
      const wanted = await definedEngine.overlapAdd(job, {})
      expect(difference(got, wanted) / largest(wanted)).toBeLessThan(2e-7)
    }
  })

  test('decibels, products, the largest', async () => {
    for (const count of [1, 2, 7, 64, 1001]) {
      const values = Float32Array.from(randomNumbers(count), (x) => 10 ** (30 * x))
      for (const squared of [false, true]) {
        const scale = { amin: 1e-20, reference: -3, floor: -150, squared }
        const [got, wanted] = [values.slice(), values.slice()]
        await Promise.all([engine.decibels(got, scale, {}), definedEngine.decibels(wanted, scale, {})])
        expect(difference(got, wanted)).toBeLessThan(3e-5)
      }
      expect(await engine.maximum(values, {})).toBe(Math.max(...values))
      const matrix = randomNumbers(13 * count, 3)
      const rows = Float32Array.from(randomNumbers(6 * count, 4))
      const job = { rows, count: 6, matrix, outer: 13, layout: 'frames' } as const
      const wanted = await definedEngine.product(job, {})
      const got = await engine.product(job, {})
      expect(difference(got, wanted)).toBeLessThan(1e-6 * (1 + largest(wanted)))
      expect(await engine.product({ ...job, layout: 'bins' }, {})).toEqual(turned(got, 6, 13, 1))
    }
  })
})

// Longer than a range of a thread, and than what the module holds at once.
test.each(engines)('$name: the layout of bins holds the numbers of that of frames, however many there are', async ({ engine }) => {
  for (const [nFft, value] of [
    [2048, 'complex'],
    [1023, 'power'],
    [16, 'complex'],
  ] as const) {
    for (const precision of ['f64', 'f32'] as const) {
      const hopLength = 3
      const frames = Math.floor(2_500_000 / nFft / (value === 'complex' ? 2 : 1)) + 3
      const samples = Float32Array.from(randomNumbers(nFft + hopLength * (frames - 1), nFft))
      const job = { samples, offset: 0, frames, nFft, hopLength, window: windowOf('hann', nFft), precision, value } as const
      const [byFrames, byBins] = await Promise.all((['frames', 'bins'] as const).map((layout) => engine.frames({ ...job, layout }, {})))
      const expected = turned(byFrames!, frames, Math.floor(nFft / 2) + 1, value === 'complex' ? 2 : 1)
      expect(difference(byBins!, expected), `${nFft} ${precision}`).toBe(0)
    }
  }
})

describe('engines agree', () => {
  test('to the last bit of most stored values, and all to an ulp of float', async () => {
    const samples = Float32Array.from(randomNumbers(30_000, 11))
    for (const nFft of [512, 1000, 1023, 521]) {
      const job = {
        samples,
        offset: 0,
        frames: 100,
        nFft,
        hopLength: 200,
        window: windowOf('hann', nFft),
        precision: 'f64',
        value: 'complex',
        layout: 'frames',
      } as const
      const [first, ...others] = await Promise.all(engines.map(({ engine }) => engine.frames(job, {})))
      for (const other of others) {
        const differing = first!.reduce((count, x, i) => count + (x === other[i] ? 0 : 1), 0)
        expect(differing).toBeLessThan(first!.length / 1000)
        expect(difference(first!, other)).toBeLessThan(1e-6)
      }
    }
  })
})
