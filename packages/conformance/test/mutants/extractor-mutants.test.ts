// The FeatureExtractor suite bites: every wrong extractor fails exactly the groups that it breaks.

import { featureExtractorGroups, featureExtractorSuite, referenceFeatureExtractor } from '@cbir/conformance'
import { CbirError, type FeatureExtractor, type VectorBatch } from '@cbir/core'
import { Lifetime } from '@cbir/core/define'
import { describe, expect, test } from 'vitest'
import { block } from './index-mutant-tools.ts'
import { outcomeOf, variant } from './run-mutants.ts'

type Extractor = FeatureExtractor<readonly number[]>

interface ExtractorMutant {
  readonly name: string
  readonly breaks: readonly string[]
  readonly make: (reference: Extractor) => Extractor
  readonly different?: (reference: Extractor) => Extractor
}

/** Replaces the rows. */
const giving =
  (change: (batch: VectorBatch, inputs: readonly (readonly number[])[]) => VectorBatch) =>
  (extractor: Extractor): Extractor =>
    variant(extractor, {
      extract: async (inputs, options) => {
        const list = [...inputs]
        return change(await extractor.extract(inputs, options), list)
      },
    })

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

const MUTANTS: readonly ExtractorMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (extractor) => variant(extractor, { kind: 'vector-loader' as 'feature-extractor' }) },
  {
    name: 'gives a row too few in a batch of 8',
    breaks: ['rows'],
    make: giving((batch) => (batch.count === 8 ? { ...batch, count: 7, data: batch.data.subarray(batch.dimensions) } : batch)),
  },
  {
    name: 'gives NaN in a large batch',
    breaks: ['rows'],
    make: giving((batch) => (batch.count > 8 ? { ...batch, data: Float32Array.from(batch.data, () => Number.NaN) } : batch)),
  },
  {
    name: 'rows depend on what else is in the batch',
    breaks: ['rows'],
    make: giving((batch) => (batch.count === 4 ? { ...batch, data: Float32Array.from(batch.data, (x) => x * 1.01) } : batch)),
  },
  {
    name: 'rows of 4 come in the order of their size',
    breaks: ['rows'],
    make: giving((batch) => {
      if (batch.count !== 4) return batch
      const rows = [0, 1, 2, 3].map((i) => batch.data.slice(i * batch.dimensions, (i + 1) * batch.dimensions))
      return { ...batch, data: Float32Array.from(rows.sort((a, b) => a[0]! - b[0]!).flatMap((row) => [...row])) }
    }),
  },
  {
    name: 'all inputs have one row',
    breaks: ['rows'],
    make: giving((batch) => ({ ...batch, data: new Float32Array(batch.data.length).fill(1) })),
  },
  {
    name: 'the fingerprint is another one for every instance',
    breaks: ['fingerprint'],
    make: (extractor) => variant(extractor, { fingerprint: String(Math.random()) }),
  },
  {
    name: 'other options have the same fingerprint',
    breaks: ['fingerprint'],
    make: (extractor) => extractor,
    different: (extractor) => variant(extractor, { fingerprint: 'reference-extractor:6' }),
  },
  {
    name: 'a bad input becomes a row of zeros',
    breaks: ['bad input'],
    make: (extractor) =>
      variant(extractor, {
        extract: (inputs, options) =>
          extractor.extract(inputs, options).catch((error: unknown) => {
            if (!CbirError.isInstance(error, 'INVALID_ARGUMENT') && !CbirError.isInstance(error, 'NOT_FINITE')) throw error
            return { data: new Float32Array(inputs.length * 6), count: inputs.length, dimensions: 6 }
          }),
      }),
  },
  {
    name: 'a bad input is an error without a code',
    breaks: ['bad input'],
    make: (extractor) =>
      variant(extractor, {
        extract: (inputs, options) =>
          extractor.extract(inputs, options).catch((error: unknown) => {
            throw CbirError.isInstance(error, 'NOT_FINITE') ? new RangeError('bad') : error
          }),
      }),
  },
  { name: 'ignores the signal', breaks: ['abort'], make: (extractor) => variant(extractor, { extract: (inputs) => extractor.extract(inputs) }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (extractor) => variant(extractor, { dispose: async () => {} }) },
  {
    name: 'dispose does not wait',
    breaks: ['dispose'],
    make: (extractor) =>
      variant(extractor, {
        extract: async (...call) => {
          const batch = await extractor.extract(...call)
          await later()
          return batch
        },
      }),
  },
  {
    name: 'calls share one buffer for their input',
    breaks: ['concurrency'],
    make: (extractor) => {
      const lifetime = new Lifetime('mutant')
      let scratch: readonly (readonly number[])[] = []
      return variant(extractor, {
        extract: (inputs, options) =>
          lifetime.run(async () => {
            const own = inputs.map((input) => (Array.isArray(input) ? [...input] : input))
            scratch = own
            await undefined
            return extractor.extract(scratch.length === own.length ? scratch : own, options)
          }),
        dispose: () => lifetime.dispose(() => extractor.dispose()),
      })
    },
  },
  {
    name: 'a large batch blocks',
    breaks: ['event loop'],
    make: (extractor) =>
      variant(extractor, {
        extract: async (inputs, options) => {
          if (inputs.length === 32) block(400)
          return extractor.extract(inputs, options)
        },
      }),
  },
  {
    name: 'reads its inputs later than at the call',
    breaks: ['buffers'],
    make: (extractor) => {
      const lifetime = new Lifetime('mutant')
      return variant(extractor, {
        extract: (...call) =>
          lifetime.run(async () => {
            await undefined
            return extractor.extract(...call)
          }),
        dispose: () => lifetime.dispose(() => extractor.dispose()),
      })
    },
  },
  {
    name: 'answers share one buffer',
    breaks: ['buffers'],
    make: (extractor) => {
      const shared = new Map<number, Float32Array>()
      return giving((batch) => {
        if (batch.count !== 2) return batch
        const data = shared.get(2) ?? new Float32Array(batch.data.length)
        shared.set(2, data)
        data.set(batch.data)
        return { ...batch, data }
      })(extractor)
    },
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (extractor) => variant(extractor, { toConfig: () => ({ ...extractor.toConfig(), config: { since: new Date(0) } }) }),
  },
]

const inputs = (() => {
  let call = 0
  return (count: number): number[][] => {
    call++
    return Array.from({ length: count }, (_, i) => Array.from({ length: 12 }, (_, j) => Math.sin(call * 7 + i * 31 + j)))
  }
})()

describe('wrong extractors', () => {
  for (const { name, breaks, make, different = (extractor: Extractor) => extractor } of MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) =>
        featureExtractorSuite<readonly number[]>({
          runner,
          patience: 1500,
          create: () => make(referenceFeatureExtractor({ dimensions: 6 })),
          inputs,
          badInputs: { 'what is no array': 'text' as never, 'an array with a NaN': [1, Number.NaN] },
          spoil: (input) => void (input as number[]).fill(0),
          different: () => different(referenceFeatureExtractor({ dimensions: 7 })),
        }),
      )
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
})

test('every group is broken by a mutant', () => {
  const broken = new Set(MUTANTS.flatMap(({ breaks }) => breaks))
  expect(featureExtractorGroups.map(({ name }) => name).filter((group) => !broken.has(group))).toEqual([])
})
