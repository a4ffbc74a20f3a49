import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CbirError, type FitOptions, functionVectorLoader, type VectorLoader } from '../../src/index.ts'

async function only<In>(loader: VectorLoader<In, Float32Array>, input: In): Promise<number[]> {
  const parts: number[][] = []
  for await (const part of loader.load(input)) parts.push([...part.value])
  expect(parts).toHaveLength(1)
  return parts[0]!
}

const identity = (options: FitOptions): VectorLoader<number[], Float32Array> =>
  functionVectorLoader('identity', (values: number[]) => values, options)

describe('functionVectorLoader', () => {
  it('pads, crops, and does both', async () => {
    expect(await only(identity({}), [1, 2, 3])).toEqual([1, 2, 3])
    expect(await only(identity({ pad: 5 }), [1, 2, 3])).toEqual([1, 2, 3, 0, 0])
    expect(await only(identity({ crop: 2 }), [1, 2, 3])).toEqual([1, 2])
    expect(await only(identity({ pad: 4, crop: 4 }), [1, 2, 3])).toEqual([1, 2, 3, 0])
    expect(await only(identity({ pad: 2, crop: 2 }), [1, 2, 3])).toEqual([1, 2])
  })

  it('says which option is missing where a length does not fit', async () => {
    await expect(only(identity({ pad: 2 }), [1, 2, 3])).rejects.toThrow(/Give crop as well/)
    await expect(only(identity({ crop: 4 }), [1, 2, 3])).rejects.toThrow(/Give pad as well/)
    expect(() => identity({ pool: 2, pad: 3 })).toThrow(/pool fits every length/)
    expect(() => identity({ pad: 0 })).toThrow(/pad must be a positive integer/)
    expect(() => identity({ pad: 2, crop: 3 })).toThrow(/same length/)
  })

  it('pools any length to means of equal stretches', async () => {
    expect(await only(identity({ pool: 2 }), [1, 3, 5, 7])).toEqual([2, 6])
    expect(await only(identity({ pool: 3 }), [4])).toEqual([4, 4, 4])
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 20 }),
        async (values, pool) => {
          const pooled = await only(identity({ pool }), values)
          expect(pooled).toHaveLength(pool)
          expect(Math.min(...pooled)).toBeGreaterThanOrEqual(Math.min(...values))
          expect(Math.max(...pooled)).toBeLessThanOrEqual(Math.max(...values))
          if (values.length % pool === 0) {
            const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length
            expect(mean(pooled)).toBeCloseTo(mean(values), 3)
          }
        },
      ),
    )
  })

  it('wraps what the function throws, and refuses what is no list of numbers', async () => {
    const failing = functionVectorLoader('failing', () => {
      throw new Error('no such disc')
    })
    await expect(only(failing, 'a.wav')).rejects.toSatisfy(
      (error: unknown) =>
        CbirError.isInstance(error, 'LOAD_FAILED') &&
        /"a.wav".*no such disc/.test(error.message) &&
        (error.cause as Error).message === 'no such disc',
    )
    const wrong = functionVectorLoader('wrong', () => 7 as unknown as number[])
    await expect(only(wrong, 'x')).rejects.toThrow(/must give an array of numbers/)
  })

  it('has another fingerprint for other options and another version', () => {
    const prints = [
      identity({}),
      identity({ pad: 3 }),
      identity({ crop: 3 }),
      identity({ pool: 3 }),
      functionVectorLoader('identity', (v: number[]) => v, { version: '2' }),
    ]
    expect(new Set(prints.map((loader) => loader.fingerprint)).size).toBe(prints.length)
  })
})
