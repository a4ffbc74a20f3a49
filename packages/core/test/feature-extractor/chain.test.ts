import { describe, expect, it } from 'vitest'
import {
  CbirError,
  chain,
  chainPlugin,
  createRegistry,
  defineFeatureExtractor,
  type FeatureExtractor,
  type FeatureExtractorDriver,
  vectorExtractor,
  vectorExtractorPlugin,
} from '../../src/index.ts'

/** Multiplies by `factor` and repeats each vector once, so that order and dimensions show. */
function twice(dimensions: number, factor: number, more: Partial<FeatureExtractorDriver<Float32Array>> = {}): FeatureExtractor<Float32Array> {
  return defineFeatureExtractor<Float32Array>('twice', {
    dimensions: 2 * dimensions,
    fingerprint: String(factor),
    extract(inputs) {
      const data = Float32Array.from(inputs.flatMap((vector) => [...vector, ...vector].map((value) => value * factor)))
      return { data, count: inputs.length, dimensions: 2 * dimensions }
    },
    ...more,
  })
}

const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected
const inputs = [Float32Array.of(1), Float32Array.of(2)]

describe('chain', () => {
  it('gives the vectors of each extractor to the next, row by row', async () => {
    const chained = chain(vectorExtractor(1), twice(1, 10), twice(2, 3))
    expect(chained.dimensions).toBe(4)
    const { data, count, dimensions } = await chained.extract(inputs)
    expect([count, dimensions]).toEqual([2, 4])
    expect([...data]).toEqual([30, 30, 30, 30, 60, 60, 60, 60])
    expect(await chained.extract([])).toEqual({ data: new Float32Array(0), count: 0, dimensions: 4 })
  })

  it('has the batch size of the first, the space of the last, and a fingerprint of all in their order', () => {
    const first = twice(1, 1, { batchSize: 7, space: 'first' })
    const last = twice(2, 2, { batchSize: 9, space: 'last' })
    expect(chain(first, last)).toMatchObject({ batchSize: 7, space: 'last' })
    expect('space' in chain(first, twice(2, 2))).toBe(false)
    const prints = [chain(first, last), chain(last, first), chain(first, last, last), chain(first, twice(2, 3))].map(({ fingerprint }) => fingerprint)
    expect(new Set(prints).size).toBe(4)
    expect(chain(first, last).fingerprint).toBe(prints[0])
  })

  it('needs two extractors', () => {
    expect(() => chain(vectorExtractor(1))).toThrow(/two extractors/)
  })

  it('passes on what an extractor throws, and refuses what does not fit', async () => {
    const failing = twice(1, 1, {
      extract() {
        throw new Error('no such layer')
      },
    })
    await expect(chain(vectorExtractor(1), failing).extract(inputs)).rejects.toSatisfy(
      (error: unknown) => CbirError.isInstance(error, 'EXTRACT_FAILED') && (error.cause as Error).message === 'no such layer',
    )
    await expect(chain(twice(1, 1), vectorExtractor(3)).extract(inputs)).rejects.toSatisfy(code('DIMENSION_MISMATCH'))
    const infinite = twice(1, Number.POSITIVE_INFINITY)
    await expect(chain(infinite, twice(2, 1)).extract(inputs)).rejects.toSatisfy(code('NOT_FINITE'))
  })

  it('can be aborted between two extractors', async () => {
    const controller = new AbortController()
    const first = twice(1, 1, {
      extract() {
        controller.abort('enough')
        return { data: new Float32Array(4), count: 2, dimensions: 2 }
      },
    })
    let asked = 0
    const second = twice(2, 1, {
      extract() {
        asked++
        return { data: new Float32Array(8), count: 2, dimensions: 4 }
      },
    })
    await expect(chain(first, second).extract(inputs, { signal: controller.signal })).rejects.toSatisfy(code('ABORTED'))
    expect(asked).toBe(0)
  })

  it('disposes itself, not the extractors that it was given', async () => {
    let closed = 0
    const parts = [twice(1, 1, { close: () => void closed++ }), twice(2, 1, { close: () => void closed++ })] as const
    const chained = chain(...parts)
    await chained.dispose()
    await expect(chained.extract(inputs)).rejects.toSatisfy(code('DISPOSED'))
    expect(closed).toBe(0)
    expect((await parts[0].extract(inputs)).count).toBe(2)
  })

  it('comes from a configuration and goes back to it', async () => {
    const registry = createRegistry([chainPlugin, vectorExtractorPlugin])
    const written = { type: 'chain', config: { extractors: [2, 2].map((dimensions) => ({ type: 'vector-extractor', config: { dimensions } })) } }
    const made = await registry.fromConfig(written, 'feature-extractor')
    expect(made.toConfig()).toEqual(await registry.parse(written))
    expect([...(await made.extract([Float32Array.of(1, 2)])).data]).toEqual([1, 2])
    expect(() => chain(vectorExtractor(1), twice(1, 1)).toConfig()).toThrow(/cannot be written/)
    const one = { type: 'chain', config: { extractors: [{ type: 'vector-extractor', config: { dimensions: 2 } }] } }
    await expect(registry.fromConfig(one, 'feature-extractor')).rejects.toSatisfy(code('INVALID_ARGUMENT'))
  })
})
