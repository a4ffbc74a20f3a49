// The calls: what holds for every signal, and what they refuse.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ComplexFrames,
  centredWindow,
  decibels,
  type FrameLayout,
  filteredSpectrogram,
  frameCount,
  framingOf,
  irfft,
  istft,
  matrixProduct,
  padded,
  type RealFrames,
  rfft,
  type Samples,
  type StftOptions,
  sparseFilters,
  spectrogram,
  stft,
  windowOf,
} from '../src/index.ts'
import { windowInSlices } from '../src/windows.ts'
import { difference, largest, randomNumbers } from './support/engines.ts'

const implementation = fc.constantFrom('native', 'wasm')
const signal = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }).map((values) => Float32Array.from(values))
const lengths = fc.record({ nFft: fc.integer({ min: 1, max: 70 }), hopLength: fc.integer({ min: 1, max: 40 }) })

describe('properties', () => {
  test('Parseval: a row has the energy of its spectrum', async () => {
    await fc.assert(
      fc.asyncProperty(signal, implementation, async (row, by) => {
        const { data, bins } = await rfft(row, { implementation: by })
        let energy = 0
        for (let bin = 0; bin < bins; bin++) {
          const twice = bin === 0 || 2 * bin === row.length ? 1 : 2
          energy += (twice * (data[2 * bin]! ** 2 + data[2 * bin + 1]! ** 2)) / row.length
        }
        const wanted = row.reduce((sum, x) => sum + x * x, 0)
        expect(Math.abs(energy - wanted)).toBeLessThanOrEqual(1e-12 * (1 + wanted))
      }),
    )
  })

  test('the spectrum of a sum is the sum of the spectra', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.double({ min: -9, max: 9, noNaN: true }), implementation, async (n, factor, by) => {
        const [a, b] = [randomNumbers(n, n), randomNumbers(n, n + 7)]
        const [x, y, sum] = await Promise.all([a, b, a.map((value, i) => value + factor * b[i]!)].map((row) => rfft(row, { implementation: by })))
        const expected = x!.data.map((value, i) => value + factor * y!.data[i]!)
        expect(difference(sum!.data, expected)).toBeLessThan(1e-12 * (1 + Math.abs(factor)) * n)
      }),
    )
  })

  test('the spectrum of silence is silence, whatever it is transformed beside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.uniqueArray(fc.nat(39)), implementation, async (n, silent, by) => {
        const rows = randomNumbers(40 * n, n)
        for (const row of silent) rows.fill(0, row * n, (row + 1) * n)
        const spectra = await rfft(rows, { length: n, implementation: by })
        const bins = spectra.bins
        const options = { nFft: n, hopLength: n, center: false, window: 'boxcar', implementation: by } as const
        for (const layout of ['frames', 'bins'] as const) {
          const frames = await spectrogram(rows, { ...options, layout })
          for (const row of silent) {
            for (let bin = 0; bin < bins; bin++) {
              expect(frames.data[layout === 'frames' ? row * bins + bin : bin * 40 + row]).toBe(0)
              expect(Math.abs(spectra.data[2 * (row * bins + bin)]!) + Math.abs(spectra.data[2 * (row * bins + bin) + 1]!)).toBe(0)
            }
          }
        }
      }),
    )
  })

  test('irfft(rfft(x)) = x, cut or filled to n', async () => {
    await fc.assert(
      fc.asyncProperty(signal, fc.integer({ min: 1, max: 300 }), implementation, async (row, n, by) => {
        const spectra = await rfft(row, { n, implementation: by })
        const back = await irfft(spectra, { n, implementation: by })
        expect(
          difference(
            back,
            Float64Array.from({ length: n }, (_, i) => row[i] ?? 0),
          ),
        ).toBeLessThan(1e-13)
      }),
    )
  })

  test('istft(stft(x)) = x where windows overlap', async () => {
    await fc.assert(
      fc.asyncProperty(signal, fc.integer({ min: 4, max: 90 }), implementation, fc.constantFrom('f64', 'f32'), async (x, nFft, by, precision) => {
        const options = { nFft, hopLength: Math.max(1, Math.floor(nFft / 4)), window: 'hamming', implementation: by, precision } as const
        const back = await istft(await stft(x, options), { ...options, length: x.length })
        // What no frame reaches, at the very end, stays 0.
        const covered = options.hopLength * (frameCount(x.length, framingOf(options)) - 1) + Math.floor(nFft / 2)
        expect(difference(back.subarray(0, covered), x.subarray(0, covered))).toBeLessThan(2e-6)
      }),
    )
  })

  test('frames are as many as frameCount says, and the middle of each is where it should be', async () => {
    await fc.assert(
      fc.asyncProperty(signal, lengths, fc.boolean(), implementation, async (x, { nFft, hopLength }, center, by) => {
        const options = { nFft, hopLength, center, window: 'ones', implementation: by } as const
        const frames = frameCount(x.length, framingOf(options))
        if (frames === 0) {
          await expect(stft(x, options)).rejects.toMatchObject({ code: 'EMPTY' })
          return
        }
        const spectrum = await stft(x, options)
        expect([spectrum.frames, spectrum.bins, spectrum.data.length]).toEqual([frames, Math.floor(nFft / 2) + 1, 2 * frames * spectrum.bins])
        const start = center ? -Math.floor(nFft / 2) : 0
        for (let t = 0; t < frames; t++) {
          let sum = 0
          for (let i = 0; i < nFft; i++) sum += x[t * hopLength + start + i] ?? 0
          expect(Math.abs(spectrum.data[2 * t * spectrum.bins]! - sum)).toBeLessThan(1e-5)
        }
      }),
    )
  })

  test('a spectrogram is the size of the stft, and filters are sums of it', async () => {
    const x = Float32Array.from(randomNumbers(5000))
    const options = { nFft: 300, hopLength: 77 }
    const complex = await stft(x, options)
    const power = Float64Array.from({ length: complex.data.length / 2 }, (_, i) => complex.data[2 * i]! ** 2 + complex.data[2 * i + 1]! ** 2)
    const squares = await spectrogram(x, { ...options, power: 2 })
    expect(difference(squares.data, power)).toBeLessThan(3e-7 * largest(power))
    expect(difference((await spectrogram(x, options)).data, power.map(Math.sqrt))).toBeLessThan(3e-7 * Math.sqrt(largest(power)))

    const filters = sparseFilters(
      [...new Array(151).fill(1), ...new Array(151).fill(0), ...Array.from({ length: 151 }, (_, i) => (i === 9 ? 2 : 0))],
      3,
      151,
    )
    expect(filters.weights.length).toBe(152)
    const filtered = await filteredSpectrogram(x, { ...options, power: 2, filters })
    expect(filtered.bins).toBe(3)
    for (let t = 0; t < filtered.frames; t++) {
      const frame = power.subarray(t * 151, (t + 1) * 151)
      const sum = frame.reduce((total, value) => total + value, 0)
      expect(Math.abs(filtered.data[3 * t]! - sum)).toBeLessThan(1e-6 * sum)
      expect(filtered.data[3 * t + 1]).toBe(0)
      expect(Math.abs(filtered.data[3 * t + 2]! - 2 * frame[9]!)).toBeLessThan(1e-6 * sum)
    }
    const matrix = Float64Array.of(1, 1, 0, 0, 0, -2)
    const levels = await decibels(filtered.data, { ref: 'max', topDb: 60 })
    expect(Math.max(...levels)).toBeCloseTo(0, 6)
    expect(Math.min(...levels)).toBeCloseTo(-60, 5)
    const all = await filteredSpectrogram(x, { ...options, power: 2, filters, decibels: { ref: 'max', topDb: 60 }, matrix })
    expect(all.bins).toBe(2)
    expect(difference(all.data, await matrixProduct(levels, 3, matrix))).toBeLessThan(1e-4)
  })

  test('the layout of bins: the same numbers, turned', async () => {
    const x = Float32Array.from(randomNumbers(5000))
    const filters = sparseFilters(randomNumbers(4 * 151, 5), 4, 151)
    const matrix = randomNumbers(3 * 4, 6)
    for (const by of ['native', 'wasm'] as const) {
      const options = { nFft: 300, hopLength: 77, implementation: by } as const
      for (const call of [
        (layout) => spectrogram(x, { ...options, layout }),
        (layout) => filteredSpectrogram(x, { ...options, filters, layout }),
        (layout) => filteredSpectrogram(x, { ...options, filters, decibels: { ref: 'max' }, matrix, layout }),
      ] as ((layout: FrameLayout) => Promise<RealFrames>)[]) {
        const [byFrames, byBins] = [await call('frames'), await call('bins')]
        const { frames, bins } = byFrames
        expect(byBins).toMatchObject({ frames, bins, layout: 'bins' })
        expect(byBins.data).toEqual(byFrames.data.map((_, i) => byFrames.data[(i % frames) * bins + Math.floor(i / frames)]!))
      }
    }
  })

  test('decibels of an amplitude are those of its square', async () => {
    const values = Float32Array.of(1e-9, 1e-4, 0.5, 1, 30)
    const options = { ref: 0.5, topDb: null } as const
    const amplitudes = await decibels(values, { ...options, quantity: 'amplitude' })
    const powers = await decibels(
      values.map((x) => x * x),
      { ref: 0.25, amin: 1e-10, topDb: null },
    )
    expect(difference(amplitudes, powers)).toBeLessThan(1e-4)
    expect(amplitudes[0]).toBeCloseTo(-100 + 20 * Math.log10(2), 4)
    expect((await decibels(values, { quantity: 'amplitude' }))[0]).toBeCloseTo(20 * Math.log10(30) - 80, 4)
  })
})

describe('padding', () => {
  const x = Float32Array.of(1, 2, 3)
  test.each([
    ['constant', [0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0]],
    ['edge', [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3]],
    ['reflect', [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3]],
    ['symmetric', [3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1]],
    ['linear_ramp', [0, 0.25, 0.5, 0.75, 1, 2, 3, 2.25, 1.5, 0.75, 0]],
  ] as const)('%s, as numpy.pad', (mode, expected) => {
    expect([...padded(x, 4, mode)]).toEqual(expected)
  })
  test('a single sample is reflected as itself', () => {
    expect([...padded(Float64Array.of(5), 2, 'reflect')]).toEqual([5, 5, 5, 5, 5])
  })
  test('mirrored there and back again, however far beyond the samples', () => {
    fc.assert(
      fc.property(signal, fc.integer({ min: 0, max: 900 }), (samples, pad) => {
        const { length } = samples
        for (const [mode, period] of [
          ['reflect', Math.max(1, 2 * (length - 1))],
          ['symmetric', 2 * length],
        ] as const) {
          const expected = Array.from({ length: length + 2 * pad }, (_, i) => {
            const at = (((i - pad) % period) + period) % period
            return samples[at < length ? at : (mode === 'reflect' ? period : period - 1) - at]!
          })
          expect([...padded(samples, pad, mode)]).toEqual(expected)
        }
      }),
    )
  })
})

describe('calls are refused', () => {
  const x = Float32Array.from(randomNumbers(1000))
  const spectrum = (): Promise<ComplexFrames> => stft(x, { nFft: 64 })
  const cases: [string, () => Promise<unknown>, string][] = [
    ['nothing', () => stft(new Float32Array(0)), 'EMPTY'],
    ['less than a frame', () => stft(x, { center: false }), 'EMPTY'],
    ['no samples', () => stft([1, 2, 3] as unknown as Samples), 'INVALID_ARGUMENT'],
    ['whole numbers', () => stft(new Int16Array(9) as unknown as Samples), 'INVALID_ARGUMENT'],
    ['nFft 0', () => stft(x, { nFft: 0 }), 'INVALID_ARGUMENT'],
    ['nFft beyond all', () => stft(x, { nFft: 2 ** 23 }), 'INVALID_ARGUMENT'],
    ['hop 0', () => stft(x, { hopLength: 0 }), 'INVALID_ARGUMENT'],
    ['hop 1.5', () => stft(x, { hopLength: 1.5 }), 'INVALID_ARGUMENT'],
    ['hop NaN', () => stft(x, { hopLength: Number.NaN }), 'INVALID_ARGUMENT'],
    ['a window longer than the frame', () => stft(x, { nFft: 64, winLength: 65 }), 'INVALID_ARGUMENT'],
    ['a window of another length', () => stft(x, { nFft: 64, window: new Float64Array(63) }), 'INVALID_ARGUMENT'],
    ['a window of NaN', () => stft(x, { nFft: 2, window: Float64Array.of(1, Number.NaN) }), 'NOT_FINITE'],
    ['an unknown window', () => stft(x, { window: 'toString' as 'hann' }), 'INVALID_ARGUMENT'],
    ['a parameter too few', () => stft(x, { window: 'kaiser' as 'hann' }), 'INVALID_ARGUMENT'],
    ['a deviation of 0', () => stft(x, { window: ['gaussian', 0] }), 'INVALID_ARGUMENT'],
    ['an unknown padding', () => stft(x, { padMode: 'wrap' as 'edge' }), 'INVALID_ARGUMENT'],
    ['an unknown precision', () => stft(x, { precision: 'f16' as 'f32' }), 'INVALID_ARGUMENT'],
    ['an unknown implementation', () => stft(x, { implementation: 'cuda' as 'wasm' }), 'INVALID_ARGUMENT'],
    ['an unknown layout', () => stft(x, { layout: 'columns' as 'bins' }), 'INVALID_ARGUMENT'],
    ['another power', () => spectrogram(x, { power: 3 as 2 }), 'INVALID_ARGUMENT'],
    ['filters for other bins', () => filteredSpectrogram(x, { nFft: 64, filters: sparseFilters([1, 2], 1, 2) }), 'DIMENSION_MISMATCH'],
    [
      'filters that contradict themselves',
      () => filteredSpectrogram(x, { nFft: 2, filters: { ...sparseFilters([1, 2], 1, 2), firstBins: Uint32Array.of(2 ** 31) } }),
      'INVALID_ARGUMENT',
    ],
    [
      'a matrix of no rows',
      () => filteredSpectrogram(x, { nFft: 2, filters: sparseFilters([1, 2], 1, 2), matrix: new Float64Array(0) }),
      'DIMENSION_MISMATCH',
    ],
    ['a spectrum of another length', async () => istft(await spectrum(), { nFft: 80 }), 'DIMENSION_MISMATCH'],
    ['a spectrum by bins', async () => istft(await stft(x, { nFft: 64, layout: 'bins' })), 'INVALID_ARGUMENT'],
    ['a spectrum of no frames', () => istft({ data: new Float32Array(0), frames: 0, bins: 33 }), 'INVALID_ARGUMENT'],
    ['a spectrum of NaN', async () => istft({ ...(await spectrum()), data: (await spectrum()).data.fill(Number.NaN) }), 'NOT_FINITE'],
    ['a negative length', async () => istft(await spectrum(), { length: -1 }), 'INVALID_ARGUMENT'],
    ['half a row', () => rfft(x, { length: 999 }), 'DIMENSION_MISMATCH'],
    ['no row', () => rfft(new Float64Array(0)), 'EMPTY'],
    ['a row of NaN', () => rfft(Float64Array.of(1, Number.NaN)), 'NOT_FINITE'],
    ['bins of another length', () => irfft({ data: new Float64Array(6), rows: 1, bins: 3 }, { n: 6 }), 'DIMENSION_MISMATCH'],
    ['a negative amin', () => decibels(x, { amin: -1 }), 'INVALID_ARGUMENT'],
    ['an amin whose square is nothing', () => decibels(x, { amin: 1e-200, quantity: 'amplitude' }), 'INVALID_ARGUMENT'],
    ['a topDb below 0', () => decibels(x, { topDb: -1 }), 'INVALID_ARGUMENT'],
    ['NaN decibels', () => decibels(Float32Array.of(Number.NaN), { topDb: null }), 'NOT_FINITE'],
    ['half a product', () => matrixProduct(x, 3, new Float64Array(3)), 'DIMENSION_MISMATCH'],
  ]
  test.each(cases)('%s', async (_, call, code) => {
    await expect(call()).rejects.toMatchObject({ code })
  })

  test.each(['native', 'wasm'] as const)('a sample that is no number, wherever it is: %s', async (by) => {
    for (const length of [1000, 300_000]) {
      for (const at of [0, 499, length - 1]) {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
          for (const samples of [new Float32Array(length), new Float64Array(length)]) {
            samples[at] = bad
            for (const options of [{ nFft: 256 }, { nFft: 16, hopLength: 333, center: false }, { nFft: 255, padMode: 'constant' }] as StftOptions[]) {
              await expect(stft(samples, { ...options, implementation: by })).rejects.toMatchObject({
                code: 'NOT_FINITE',
                message: expect.stringContaining(`Sample ${at} `),
              })
            }
          }
        }
      }
    }
  })
})

describe('a call', () => {
  test.each(['native', 'wasm'] as const)('%s: has its own copy, stops when told to, and lets others have their turn', async (by) => {
    const x = Float32Array.from(randomNumbers(200_000))
    const options = { nFft: 2048, hopLength: 64, implementation: by } as const
    const wanted = await stft(x.slice(), options)
    const given = x.slice()
    const call = stft(given, options)
    structuredClone(given.buffer, { transfer: [given.buffer] })
    expect(difference((await call).data, wanted.data)).toBe(0)

    const reason = new Error('enough')
    const already = AbortSignal.abort(reason)
    await expect(stft(x, { ...options, signal: already })).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
    const controller = new AbortController()
    const stopped = stft(x, { ...options, signal: controller.signal })
    setImmediate(() => controller.abort(reason))
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', cause: reason })

    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const seen: number[] = []
    await stft(x, { ...options, onProgress: ({ done, total }) => seen.push(done / total!) })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
    expect(seen.at(-1)).toBe(1)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  })

  test('a long window is made in slices, and is the same', async () => {
    for (const [spec, winLength, nFft] of [
      ['hann', 20_000, 20_001],
      [['kaiser', 9], 1 << 18, 1 << 18],
      [Float32Array.from(randomNumbers(9000)), 9000, 9100],
    ] as const) {
      let turns = 0
      const timer = setInterval(() => turns++, 1)
      const window = await windowInSlices(spec, winLength, nFft)()
      clearInterval(timer)
      expect(difference(window, centredWindow(spec, winLength, nFft))).toBe(0)
      if (winLength > 100_000) expect(turns).toBeGreaterThan(0)
    }
    const signal = AbortSignal.abort()
    await expect(windowInSlices(['kaiser', 9], 1 << 18, 1 << 18, signal)()).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('windows are symmetric where they are not periodic, and periodic where they are', () => {
    for (const spec of [
      'hann',
      'blackman',
      'bartlett',
      'triang',
      'parzen',
      'bohman',
      'cosine',
      'barthann',
      'flattop',
      ['kaiser', 5],
      ['tukey', 0.3],
    ] as const) {
      for (const n of [1, 2, 9, 10]) {
        const symmetric = windowOf(spec, n + 1, { periodic: false })
        expect(difference(symmetric, [...symmetric].reverse()), `${spec} ${n}`).toBeLessThan(1e-12)
        if (n > 1) expect(difference(windowOf(spec, n), symmetric.subarray(0, n))).toBe(0)
      }
    }
    expect([...windowOf('hann', 4)]).toEqual([0, 0.5, 1, 0.5])
    expect([...windowOf(['tukey', 0], 3)]).toEqual([1, 1, 1])
  })
})
