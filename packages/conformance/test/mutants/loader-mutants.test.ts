// The VectorLoader suite bites: every wrong loader fails exactly the groups that it breaks.

import { referenceVectorLoader, vectorLoaderGroups, vectorLoaderSuite } from '@cbir/conformance'
import { CbirError, type Part, type VectorLoader } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { block } from './index-mutant-tools.ts'
import { outcomeOf, variant } from './run-mutants.ts'

type Loader = VectorLoader<readonly number[], Float32Array>

interface LoaderMutant {
  readonly name: string
  readonly breaks: readonly string[]
  readonly make: (reference: Loader) => Loader
  readonly different?: (reference: Loader) => Loader
}

/** Replaces each part. */
const giving =
  (change: (part: Part<Float32Array>, i: number) => Part<Float32Array>) =>
  (loader: Loader): Loader =>
    variant(loader, {
      async *load(...call) {
        let i = 0
        for await (const part of loader.load(...call)) yield change(part, i++)
      },
    })

const MUTANTS: readonly LoaderMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (loader) => variant(loader, { kind: 'feature-extractor' as 'vector-loader' }) },
  { name: 'parts without a value', breaks: ['parts'], make: giving(({ start, end }) => ({ start, end }) as Part<Float32Array>) },
  { name: 'a part ends before it starts', breaks: ['parts'], make: giving(({ value, start, end }) => ({ value, start: end, end: start })) },
  { name: 'places go back', breaks: ['parts'], make: giving(({ value, start = 0, end = 0 }) => ({ value, start: -end, end: -start })) },
  { name: 'places are NaN', breaks: ['parts'], make: giving(({ value, end }) => ({ value, start: Number.NaN, end })) },
  {
    name: 'gives only the first part',
    breaks: ['parts'],
    make: (loader) =>
      variant(loader, {
        async *load(...call) {
          for await (const part of loader.load(...call)) {
            yield part
            if (!call[1]?.signal?.aborted) return
          }
        },
      }),
  },
  {
    name: 'a stream that was left early is stuck',
    breaks: ['parts'],
    make: (loader) => {
      let stuck = false
      return variant(loader, {
        async *load(input, options) {
          if (stuck) return
          let done = false
          try {
            yield* loader.load(input, options)
            done = true
          } catch (error) {
            done = true
            throw error
          } finally {
            stuck = !done
          }
        },
      })
    },
  },
  {
    name: 'the fingerprint is another one for every instance',
    breaks: ['fingerprint'],
    make: (loader) => variant(loader, { fingerprint: String(Math.random()) }),
  },
  {
    name: 'other options have the same fingerprint',
    breaks: ['fingerprint'],
    make: (loader) => loader,
    different: (loader) => variant(loader, { fingerprint: 'reference-loader:8' }),
  },
  { name: 'all contents have one uuid', breaks: ['fingerprint'], make: (loader) => variant(loader, { contentUuid: async () => '0'.repeat(40) }) },
  {
    name: 'the content uuid is no SHA-1',
    breaks: ['fingerprint'],
    make: (loader) => variant(loader, { contentUuid: async (input) => input.join() }),
  },
  {
    name: 'a bad input has no parts',
    breaks: ['bad input'],
    make: (loader) =>
      variant(loader, {
        async *load(...call) {
          try {
            yield* loader.load(...call)
          } catch (error) {
            if (!CbirError.isInstance(error, 'LOAD_FAILED')) throw error
          }
        },
      }),
  },
  {
    name: 'a bad input is an error without a code',
    breaks: ['bad input'],
    make: (loader) =>
      variant(loader, {
        async *load(...call) {
          try {
            yield* loader.load(...call)
          } catch (error) {
            throw CbirError.isInstance(error, 'LOAD_FAILED') ? new TypeError('bad') : error
          }
        },
      }),
  },
  { name: 'ignores the signal', breaks: ['abort'], make: (loader) => variant(loader, { load: (input) => loader.load(input) }) },
  {
    name: 'looks at the signal only before it begins',
    breaks: ['abort'],
    make: (loader) => variant(loader, { load: (input, options) => loader.load(input, options?.signal?.aborted ? options : {}) }),
  },
  {
    name: 'loads at once share one buffer for their input',
    breaks: ['concurrency'],
    make: (loader) => {
      let scratch: readonly number[] = []
      return variant(loader, {
        async *load(input, options) {
          if (!Array.isArray(input) || !input.every((value) => typeof value === 'number')) return yield* loader.load(input, options)
          scratch = input
          await undefined
          yield* loader.load(scratch, options)
        },
      })
    },
  },
  {
    name: 'loading blocks',
    breaks: ['event loop'],
    make: (loader) => {
      let loads = 0
      return variant(loader, {
        async *load(...call) {
          loads++
          if (loads === 17) block(400)
          yield* loader.load(...call)
        },
      })
    },
  },
  {
    name: 'gives the same array to everyone',
    breaks: ['ownership'],
    make: (loader) => {
      const given = new Map<string, Float32Array>()
      return giving((part) => {
        const key = part.value.join()
        const value = given.get(key) ?? part.value
        given.set(key, value)
        return { ...part, value }
      })(loader)
    },
  },
  {
    name: 'takes back memory that someone still holds',
    breaks: ['ownership'],
    make: (loader) => {
      let first: Float32Array | undefined
      return variant(
        giving((part) => {
          first ??= part.value
          return part
        })(loader),
        {
          release(value) {
            value.fill(0)
            first?.fill(0)
          },
        },
      )
    },
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (loader) => variant(loader, { toConfig: () => ({ ...loader.toConfig(), config: { since: new Date(0) } }) }),
  },
]

const inputs = (count: number): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: 20 }, (_, j) => i * 31 + j))

describe('wrong loaders', () => {
  for (const { name, breaks, make, different = (loader: Loader) => loader } of MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) =>
        vectorLoaderSuite<readonly number[], Float32Array>({
          runner,
          patience: 1500,
          create: () => make(referenceVectorLoader({ window: 8 })),
          inputs,
          manyParts: () => inputs(1)[0]!,
          badInputs: { 'what is no array': 'text' as never, 'an array with a text': [1, 'two' as never] },
          spoil: (value) => void value.fill(-1),
          different: () => different(referenceVectorLoader({ window: 9 })),
        }),
      )
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
})

test('every group is broken by a mutant', () => {
  const broken = new Set(MUTANTS.flatMap(({ breaks }) => breaks))
  expect(vectorLoaderGroups.map(({ name }) => name).filter((group) => !broken.has(group))).toEqual([])
})
