// Windows as parts: where they lie, what they hold, and results pooled back to the recording with its best moment.

import { mfccLoader, type SoundInput, samplesLoader, statisticsPooling, type WindowsConfig } from '@cbir/audio-stft'
import { referenceNearestNeighborsIndex } from '@cbir/conformance'
import { createRetrievalPipeline, type Part, type Tensor, vectorBatchOf } from '@cbir/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tone, wav } from '../../../tooling/test-sounds.ts'

async function partsOf(input: SoundInput, windows: WindowsConfig | null, sampleRate: number | null = null): Promise<Part<Tensor<'f32'>>[]> {
  const parts: Part<Tensor<'f32'>>[] = []
  for await (const part of samplesLoader({ windows, sampleRate }).load(input)) parts.push(part)
  return parts
}

const counting = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i)

describe('windows as parts', () => {
  it('the whole recording is one part', async () => {
    const [part, ...others] = await partsOf({ samples: counting(1000), sampleRate: 500 }, null)
    expect(others).toEqual([])
    expect(part).toMatchObject({ start: 0, end: 2, value: { dtype: 'f32', shape: [1000], axes: ['sample'] } })
  })

  it('30 seconds have 19 windows of 3 s every 1.5 s, as in the music example of findkit', async () => {
    const parts = await partsOf({ samples: counting(3000), sampleRate: 100 }, { seconds: 3, every: 1.5 })
    expect(parts.map(({ start, end }) => [start, end])).toEqual(Array.from({ length: 19 }, (_, i) => [1.5 * i, 1.5 * i + 3]))
  })

  it('a last window that is not filled is left out, or filled with zeros', async () => {
    const input = { samples: counting(25), sampleRate: 10 }
    expect((await partsOf(input, { seconds: 1 })).length).toBe(2)
    const padded = await partsOf(input, { seconds: 1, tail: 'pad' })
    expect(padded.at(-1)).toMatchObject({ start: 2, end: 2.5 })
    expect([...padded.at(-1)!.value.data]).toEqual([20, 21, 22, 23, 24, 0, 0, 0, 0, 0])
  })

  it('a recording shorter than a window has no part, or one that is filled', async () => {
    expect(await partsOf({ samples: counting(5), sampleRate: 10 }, { seconds: 1 })).toEqual([])
    expect((await partsOf({ samples: counting(5), sampleRate: 10 }, { seconds: 1, tail: 'pad' })).length).toBe(1)
  })

  it('whatever the lengths, window i is the stretch from i · every on, and with padding every sample is in one', async () => {
    const lengths = fc.record({
      samples: fc.integer({ min: 1, max: 400 }),
      window: fc.integer({ min: 1, max: 90 }),
      hop: fc.integer({ min: 1, max: 120 }),
    })
    await fc.assert(
      fc.asyncProperty(lengths, fc.constantFrom('drop' as const, 'pad' as const, 'pad-short' as const), async ({ samples, window, hop }, tail) => {
        const sampleRate = 50
        const all = counting(samples)
        const parts = await partsOf({ samples: all, sampleRate }, { seconds: window / sampleRate, every: hop / sampleRate, tail })
        const full = samples < window ? 0 : Math.floor((samples - window) / hop) + 1
        const covered = full === 0 ? 0 : (full - 1) * hop + window
        const wanted = tail === 'pad' || (tail === 'pad-short' && full === 0)
        const more = wanted && samples > Math.max(covered, full * hop) ? 1 : 0
        expect(parts.length).toBe(full + more)
        for (const [i, { value, start, end }] of parts.entries()) {
          const expected = new Float32Array(window)
          expected.set(all.subarray(i * hop, i * hop + window))
          expect(value.data).toEqual(expected)
          expect(start).toBeCloseTo((i * hop) / sampleRate, 9)
          expect(end).toBeCloseTo(Math.min(samples, i * hop + window) / sampleRate, 9)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('the parts of a file are those of its samples, at the rate of the loader', async () => {
    const samples = tone(4, 2, 16_000)
    const raw = await partsOf({ samples, sampleRate: 16_000 }, { seconds: 0.5 }, 8000)
    const file = await partsOf(wav(samples, 16_000), { seconds: 0.5 }, 8000)
    expect(file.length).toBe(4)
    for (const [i, { value }] of file.entries()) {
      expect(value.shape).toEqual([4000])
      const error = value.data.map((sample, j) => Math.abs(sample - raw[i]!.value.data[j]!))
      expect(error.reduce((a, b) => Math.max(a, b))).toBeLessThan(2 / 32768)
    }
  })

  it('results are pooled back to the recording, with its best moment', async () => {
    // Each track changes its tone every second; the query is the third second of one of them.
    const track = (i: number): Float32Array => {
      const samples = new Float32Array(4 * 22_050)
      for (let s = 0; s < 4; s++) samples.set(tone(4 * i + s, 1), s * 22_050)
      return samples
    }
    const loader = mfccLoader({ windows: { seconds: 1, every: 0.5 } })
    const index = referenceNearestNeighborsIndex({ metric: 'euclidean' })
    const tracks = createRetrievalPipeline({ loader, extractor: statisticsPooling({ features: 20, deltas: 1 }), index })
    const items = Array.from({ length: 5 }, (_, i) => ({ id: `track ${i}`, data: { samples: track(i), sampleRate: 22_050 } }))
    expect(await tracks.build(items)).toMatchObject({ items: 5, parts: 35 })
    const query = { samples: track(3).subarray(2 * 22_050, 3 * 22_050), sampleRate: 22_050 }
    const [best, second] = await tracks.findSimilar(query, 2)
    expect(best).toMatchObject({ id: 'track 3', part: { index: 4, start: 2, end: 3 } })
    expect(second!.id).not.toBe('track 3')
    await index.dispose()
  })
})

describe('statistics pooling', () => {
  it('gives all means, then all standard deviations, extremes and medians', async () => {
    const data = Float32Array.from([1, 2, 3, 6, -1, -1, 5, -3])
    const extractor = statisticsPooling({ features: 2, statistics: ['mean', 'std', 'min', 'max', 'median'] })
    const batch = await extractor.extract([{ dtype: 'f32', shape: [2, 4], data }])
    const expected = [3, 0, Math.sqrt(3.5), 3, 1, -3, 6, 5, 2.5, -1]
    expect(batch.data).toEqual(vectorBatchOf([expected]).data)
  })

  it('the slopes of a straight line are its slope, and theirs 0', async () => {
    const data = Float32Array.from({ length: 40 }, (_, i) => 0.5 * i)
    const extractor = statisticsPooling({ features: 1, statistics: ['median'], deltas: 2 })
    const { data: found } = await extractor.extract([{ dtype: 'f32', shape: [1, 40], data }])
    expect(found[1]).toBeCloseTo(0.5, 6)
    expect(found[2]).toBeCloseTo(0, 6)
  })
})
