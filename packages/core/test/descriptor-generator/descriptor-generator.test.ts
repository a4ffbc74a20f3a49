import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryDataElement } from '../../src/data-element/memory-data-element.ts'
import { memoryDescriptorSet } from '../../src/descriptor-set/memory-descriptor-set.ts'
import {
  CbirError,
  createDescriptorGenerator,
  type DataElement,
  type DescriptorSet,
  defineFeatureExtractor,
  defineVectorLoader,
  type FeatureExtractor,
  type Generated,
  type GenerateOptions,
  type Part,
  type VectorLoader,
} from '../../src/index.ts'

const element = (text: string): DataElement => memoryDataElement(new TextEncoder().encode(text))

/** Loads words: one part for each word of the text. `bad` cannot be loaded; waiting makes loads finish out of order. */
function wordLoader(log: string[] = []): VectorLoader<DataElement, string> {
  return defineVectorLoader<DataElement, string>('words', {
    fingerprint: '1',
    async load(input) {
      const text = new TextDecoder().decode(await input.bytes())
      log.push(text)
      await delay(text.length % 3)
      if (text.startsWith('bad')) throw new Error(`cannot read ${text}`)
      return text
        .split(' ')
        .filter(Boolean)
        .map((value, i): Part<string> => ({ value, start: i, end: i + 1 }))
    },
  })
}

/** Two numbers a word: its length and its first letter. `nan` gives NaN. */
function wordExtractor(batchSize = 4, log: number[] = []): FeatureExtractor<string> {
  return defineFeatureExtractor<string>('letters', {
    dimensions: 2,
    fingerprint: '1',
    batchSize,
    extract(words) {
      log.push(words.length)
      const data = Float32Array.from(words.flatMap((word) => [word === 'nan' ? Number.NaN : word.length, word.charCodeAt(0)]))
      return { data, count: words.length, dimensions: 2 }
    },
  })
}

const expected = (text: string): number[] =>
  text
    .split(' ')
    .filter(Boolean)
    .flatMap((word) => [word.length, word.charCodeAt(0)])

async function run(
  texts: readonly string[],
  options: GenerateOptions = {},
  loader = wordLoader(),
  extractor = wordExtractor(),
): Promise<Generated<DataElement>[]> {
  const outcomes: Generated<DataElement>[] = []
  for await (const outcome of createDescriptorGenerator(loader, extractor).generate(texts.map(element), options)) outcomes.push(outcome)
  return outcomes
}

describe('DescriptorGenerator', () => {
  it('gives one outcome for each item, in their order, whatever fails', async () => {
    const text = fc.array(fc.constantFrom('a', 'bb', 'ccc', 'nan'), { maxLength: 6 }).map((words) => words.join(' '))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(text, fc.constantFrom('bad', 'bad one')), { maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (texts, batch, reuse) => {
          const store = reuse ? memoryDescriptorSet() : undefined
          const outcomes = await run(texts, { onError: 'skip', store, concurrency: 3 }, wordLoader(), wordExtractor(batch))
          expect(outcomes).toHaveLength(texts.length)
          for (const [i, outcome] of outcomes.entries()) {
            const source = texts[i]!
            const words = source.split(' ').filter(Boolean)
            if (source.startsWith('bad')) expect((outcome.error as CbirError).code).toBe('LOAD_FAILED')
            else if (words.length === 0) expect((outcome.error as CbirError).code).toBe('EMPTY')
            else if (words.includes('nan')) expect((outcome.error as CbirError).code).toBe('NOT_FINITE')
            else {
              expect([...outcome.descriptors!.vectors.data]).toEqual(expected(source))
              expect(outcome.descriptors!.parts).toEqual(words.map((_, index) => ({ index, start: index, end: index + 1 })))
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('ends with the first error under the policy throw, after the outcomes before it', async () => {
    const seen: string[] = []
    const generator = createDescriptorGenerator(wordLoader(), wordExtractor(1))
    await expect(
      (async () => {
        for await (const { input } of generator.generate(['a', 'bb', 'bad', 'ccc'].map(element)))
          seen.push(new TextDecoder().decode(await input.bytes()))
      })(),
    ).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'LOAD_FAILED'))
    expect(seen).toEqual(['a', 'bb'])
  })

  it('computes equal content once in a run and not at all in the next', async () => {
    const store = memoryDescriptorSet()
    const log: string[] = []
    const texts = ['a b', 'c', 'a b', 'a b', 'dd ee ff', 'c', 'a b']
    const first = await run(texts, { store, concurrency: 5 }, wordLoader(log), wordExtractor(1))
    expect([...log].sort()).toEqual(['a b', 'c', 'dd ee ff'])
    expect(first.map(({ reused }) => reused)).toEqual([false, false, true, true, false, true, true])
    const second = await run(texts, { store }, wordLoader(log))
    expect(log).toHaveLength(3)
    expect(second.every(({ reused }) => reused)).toBe(true)
    expect(second.map(({ descriptors }) => descriptors)).toEqual(first.map(({ descriptors }) => descriptors))
    await run(texts, { store, overwrite: true }, wordLoader(log))
    expect(log.length).toBeGreaterThanOrEqual(6)
  })

  it('does not hang when many equal items are under way at once, and gives a failure to each of them', async () => {
    const texts = Array.from({ length: 60 }, (_, i) => ['same', 'bad same', `x${i}`][i % 3]!)
    for (const batch of [1, 3, 50]) {
      const outcomes = await run(texts, { store: memoryDescriptorSet(), onError: 'skip', concurrency: 16 }, wordLoader(), wordExtractor(batch))
      expect(outcomes.filter(({ error }) => error)).toHaveLength(20)
    }
  })

  it('recomputes an item of which the store has some parts only', async () => {
    const store = memoryDescriptorSet()
    await run(['a b c'], { store })
    const uids: string[] = []
    for await (const items of (store as DescriptorSet).items()) uids.push(...items.uids)
    expect(uids).toHaveLength(3)
    await store.removeMany([uids[2]!])
    const log: string[] = []
    const [again] = await run(['a b c'], { store }, wordLoader(log))
    expect(log).toEqual(['a b c'])
    expect(again!.reused).toBe(false)
  })

  it('does not take the descriptors of another producer', async () => {
    const store = memoryDescriptorSet()
    await run(['a b'], { store })
    const other = defineFeatureExtractor<string>('letters', {
      dimensions: 2,
      fingerprint: '2',
      extract: (words) => ({ data: new Float32Array(words.length * 2).fill(9), count: words.length, dimensions: 2 }),
    })
    const [outcome] = await run(['a b'], { store }, wordLoader(), other)
    expect(outcome!.reused).toBe(false)
    expect([...outcome!.descriptors!.vectors.data]).toEqual([9, 9, 9, 9])
  })

  it('asks the extractor for its batch size', async () => {
    const log: number[] = []
    await run(['a b c d e f g', 'h', 'i', 'j', 'k'], {}, wordLoader(), wordExtractor(3, log))
    expect(Math.max(...log)).toBeLessThanOrEqual(3)
    expect(log.reduce((a, b) => a + b)).toBe(11)
  })

  it('aborts at once and closes its source', async () => {
    const controller = new AbortController()
    let closed = false
    async function* endless(): AsyncGenerator<DataElement> {
      try {
        for (let i = 0; ; i++) yield element(`w${i}`)
      } finally {
        closed = true
      }
    }
    let seen = 0
    await expect(
      (async () => {
        for await (const _ of createDescriptorGenerator(wordLoader(), wordExtractor()).generate(endless(), { signal: controller.signal })) {
          if (++seen === 10) controller.abort(new Error('stop'))
        }
      })(),
    ).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'ABORTED') && (error.cause as Error).message === 'stop')
    await delay(20)
    expect(closed).toBe(true)
  })

  it('encodes one item, and says EMPTY for an item without parts', async () => {
    const generator = createDescriptorGenerator(wordLoader(), wordExtractor(2))
    const { vectors, parts } = await generator.encode(element('one two three'))
    expect([...vectors.data]).toEqual(expected('one two three'))
    expect(parts.map(({ index }) => index)).toEqual([0, 1, 2])
    await expect(generator.encode(element(''))).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'EMPTY'))
  })
})
