// The DescriptorGenerator suite bites: every wrong generator fails exactly the groups that it breaks.

import { descriptorGeneratorGroups, descriptorGeneratorSuite, referenceDescriptorGenerator, referenceFeatureExtractor } from '@cbir/conformance'
import type { DescriptorGenerator, FeatureExtractor, Generated } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { numberWindows } from '../support/number-windows.ts'
import { block, codeOf } from './index-mutant-tools.ts'
import { outcomeOf, variant } from './run-mutants.ts'

type Numbers = readonly number[]
type Generator = DescriptorGenerator<Numbers>

interface GeneratorMutant {
  readonly name: string
  readonly breaks: readonly string[]
  readonly make: (reference: Generator) => Generator
  readonly different?: (reference: Generator) => Generator
}

/** Replaces the outcomes. */
const yielding =
  (change: (outcomes: Generated<Numbers>[]) => Generated<Numbers>[], least = 0) =>
  (generator: Generator): Generator =>
    variant(generator, {
      async *generate(source, options) {
        if (!Array.isArray(source) || source.length < least) return yield* generator.generate(source, options)
        const all: Generated<Numbers>[] = []
        for await (const outcome of generator.generate(source, options)) all.push(outcome)
        yield* change(all)
      },
    })

const MUTANTS: readonly GeneratorMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (generator) => variant(generator, { kind: 'classifier' as 'descriptor-generator' }) },
  {
    name: 'encode gives the first part alone, and says that there are more',
    breaks: ['encode'],
    make: (generator) =>
      variant(generator, {
        encode: async (...call) => {
          const found = await generator.encode(...call)
          const { dimensions, data } = found.vectors
          return found.parts.length < 4 ? found : { ...found, vectors: { dimensions, count: 1, data: data.slice(0, dimensions) } }
        },
        async *generate(...call) {
          for await (const outcome of generator.generate(...call)) {
            const { descriptors } = outcome
            if (!descriptors || descriptors.parts.length < 4) yield outcome
            else
              yield {
                ...outcome,
                descriptors: { ...descriptors, vectors: { ...descriptors.vectors, count: 1, data: descriptors.vectors.data.slice(0, 5) } },
              }
          }
        },
      }),
  },
  {
    name: 'an input without a part has no rows',
    breaks: ['encode'],
    make: (generator) =>
      variant(generator, {
        encode: (...call) =>
          generator.encode(...call).catch((error: unknown) => {
            if (codeOf(error) !== 'EMPTY') throw error
            return { vectors: { data: new Float32Array(0), count: 0, dimensions: 5 }, parts: [] }
          }),
      }),
  },
  { name: 'outcomes come in another order', breaks: ['outcomes'], make: yielding((outcomes) => outcomes.reverse(), 20) },
  { name: 'an outcome is missing (SMQTK: too few)', breaks: ['outcomes'], make: yielding((outcomes) => outcomes.slice(1), 20) },
  {
    name: 'reads its source to the end first',
    breaks: ['abort', 'outcomes'],
    make: (generator) =>
      variant(generator, {
        async *generate(source, options) {
          const all: Numbers[] = []
          for await (const input of source as Iterable<Numbers>) all.push(input)
          yield* generator.generate(all, options)
        },
      }),
  },
  {
    name: 'never reports progress',
    breaks: ['outcomes'],
    make: (generator) => variant(generator, { generate: (source, { onProgress: _, ...options } = {}) => generator.generate(source, options) }),
  },
  {
    name: 'leaves bad items out',
    breaks: ['bad items'],
    make: yielding((outcomes) => outcomes.filter(({ error }) => !error)),
  },
  {
    name: 'skips where it should throw',
    breaks: ['bad items'],
    make: (generator) => variant(generator, { generate: (source, options = {}) => generator.generate(source, { ...options, onError: 'skip' }) }),
  },
  {
    name: 'throws where it should skip',
    breaks: ['bad items'],
    make: (generator) => variant(generator, { generate: (source, options = {}) => generator.generate(source, { ...options, onError: 'throw' }) }),
  },
  {
    name: 'the producer is another one for every instance',
    breaks: ['producer'],
    make: (generator) => {
      const own = String(Math.random())
      return variant(generator, { producer: async () => own })
    },
  },
  {
    name: 'other options have the same producer',
    breaks: ['producer'],
    make: (generator) => variant(generator, { producer: async () => 'one' }),
    different: (generator) => variant(generator, { producer: async () => 'one' }),
  },
  {
    name: 'never reuses',
    breaks: ['reuse'],
    make: (generator) => variant(generator, { generate: (source, { store: _, ...options } = {}) => generator.generate(source, options) }),
  },
  {
    name: 'overwrite reuses',
    breaks: ['reuse'],
    make: (generator) => variant(generator, { generate: (source, { overwrite: _, ...options } = {}) => generator.generate(source, options) }),
  },
  {
    name: 'says that it reused what it computed',
    breaks: ['outcomes', 'reuse'],
    make: yielding((outcomes) => outcomes.map((outcome) => (outcome.descriptors ? { ...outcome, reused: true } : outcome))),
  },
  {
    name: 'ignores the signal',
    breaks: ['abort'],
    make: (generator) =>
      variant(generator, {
        generate: (source, { signal: _, ...options } = {}) => generator.generate(source, options),
        encode: (input) => generator.encode(input),
      }),
  },
  {
    name: 'an abort is skipped like a bad item',
    breaks: ['abort'],
    make: (generator) =>
      variant(generator, {
        async *generate(source, options) {
          try {
            yield* generator.generate(source, options)
          } catch (error) {
            if (codeOf(error) !== 'ABORTED' || options?.onError !== 'skip') throw error
          }
        },
      }),
  },
  {
    name: 'a long run blocks',
    breaks: ['event loop'],
    make: (generator) =>
      variant(generator, {
        async *generate(source, options) {
          if (Array.isArray(source) && source.length === 64) block(400)
          yield* generator.generate(source, options)
        },
      }),
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (generator) => variant(generator, { toConfig: () => ({ ...generator.toConfig(), config: { since: new Date(0) } }) }),
  },
]

const extractor = (): FeatureExtractor<Numbers> => referenceFeatureExtractor({ dimensions: 5 })

describe('wrong generators', () => {
  for (const { name, breaks, make, different = (generator: Generator) => generator } of MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) =>
        descriptorGeneratorSuite<Numbers>({
          runner,
          patience: 1500,
          create: () => make(referenceDescriptorGenerator(numberWindows(8), extractor())),
          inputs: (count) => Array.from({ length: count }, (_, i) => Array.from({ length: 6 }, (_, j) => i * 31 + j)),
          manyParts: () => Array.from({ length: 30 }, (_, i) => i),
          emptyInputs: [[]],
          badInputs: { 'what is no array of numbers': [1, 'two' as never] },
          different: () => different(referenceDescriptorGenerator(numberWindows(4), extractor())),
        }),
      )
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
})

test('every group is broken by a mutant', () => {
  const broken = new Set(MUTANTS.flatMap(({ breaks }) => breaks))
  expect(descriptorGeneratorGroups.map(({ name }) => name).filter((group) => !broken.has(group))).toEqual([])
})
