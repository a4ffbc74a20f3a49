// How a stream of descriptors ends: left early, aborted, or by a store that fails, while something is stuck.

import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  CbirError,
  createDescriptorGenerator,
  type DataElement,
  type DescriptorSet,
  defineVectorLoader,
  type Part,
  type VectorLoader,
  vectorExtractor,
} from '../../src/index.ts'
import { memoryDataElement, memoryDescriptorSet } from '../../src/memory.ts'

const element = (text: string): DataElement => memoryDataElement(new TextEncoder().encode(text))
const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected

/** Gives the length of a text; what begins with `stuck` waits until its signal fires. */
function lengthLoader(log: string[] = []): VectorLoader<DataElement, Float32Array> {
  return defineVectorLoader<DataElement, Float32Array>('length', {
    fingerprint: '1',
    async load(input, { signal }): Promise<Part<Float32Array>[]> {
      const text = new TextDecoder().decode(await input.bytes())
      log.push(text)
      if (text.startsWith('deaf')) await new Promise(() => {})
      if (text.startsWith('stuck')) {
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
      }
      if (text.startsWith('bad')) throw new Error('cannot be read')
      return [{ value: Float32Array.of(text.length) }]
    },
  })
}

/** Extracts one item at a time, so that an item's outcome does not wait for the next ones. */
const oneByOne = { ...vectorExtractor(1), batchSize: 1 }

/** A store whose writes are those of `addMany`. */
function storeWith(addMany: (inner: DescriptorSet) => DescriptorSet['addMany']): DescriptorSet {
  const inner = memoryDescriptorSet()
  return { ...inner, addMany: addMany(inner) }
}

describe('a stream of descriptors', () => {
  it('can be left while a load is stuck, and stops it', async () => {
    for (const stuck of ['stuck', 'deaf']) {
      const generator = createDescriptorGenerator(lengthLoader(), oneByOne)
      let closed = false
      function* source(): Generator<DataElement> {
        try {
          yield element('fine')
          yield element(stuck)
          for (;;) yield element('more')
        } finally {
          closed = true
        }
      }
      for await (const { descriptors } of generator.generate(source(), { concurrency: 2 })) {
        expect(descriptors?.vectors.data[0]).toBe(4)
        break
      }
      expect(closed).toBe(true)
    }
  })

  it('can be left while its source is stuck', async () => {
    const generator = createDescriptorGenerator(lengthLoader(), oneByOne)
    async function* source(): AsyncGenerator<DataElement> {
      yield element('fine')
      await new Promise(() => {})
    }
    let seen = 0
    for await (const _ of generator.generate(source())) {
      seen++
      break
    }
    expect(seen).toBe(1)
  })

  it('gives the first error though another item is stuck', async () => {
    const generator = createDescriptorGenerator(lengthLoader(), oneByOne)
    const all = async (): Promise<void> => {
      for await (const _ of generator.generate(['bad', 'stuck', 'deaf'].map(element)));
    }
    await expect(all()).rejects.toSatisfy(code('LOAD_FAILED'))
  })

  it('ends with the error of a store that cannot be written, though equal items wait for it and a load is stuck', async () => {
    const texts = ['same', 'same', 'other', 'same', 'deaf']
    const store = storeWith(() => async () => {
      await turn()
      throw new Error('the disk is full')
    })
    const generator = createDescriptorGenerator(lengthLoader(), oneByOne)
    const all = async (): Promise<void> => {
      for await (const _ of generator.generate(texts.map(element), { store }));
    }
    await expect(all()).rejects.toSatisfy(
      (error: unknown) => CbirError.isInstance(error, 'IO_FAILED') && (error.cause as Error).message === 'the disk is full',
    )
  })

  it('gives a source that throws, and what is no source, a type', async () => {
    const generator = createDescriptorGenerator(lengthLoader(), oneByOne)
    async function* source(): AsyncGenerator<DataElement> {
      yield element('fine')
      throw new Error('unplugged')
    }
    const outcomes = generator.generate(source())
    expect((await outcomes.next()).done).toBe(false)
    await expect(outcomes.next()).rejects.toSatisfy(code('SOURCE_FAILED'))
    await expect(generator.generate(undefined as never).next()).rejects.toSatisfy(code('INVALID_ARGUMENT'))
  })

  it('aborts an encode whose loader does not listen', async () => {
    const controller = new AbortController()
    const encoding = createDescriptorGenerator(lengthLoader(), oneByOne).encode(element('deaf'), { signal: controller.signal })
    controller.abort('enough')
    await expect(encoding).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'ABORTED') && error.cause === 'enough')
  })

  it('holds no more parts of loaded items than a few batches', async () => {
    let loaded = 0
    const songs = defineVectorLoader<number, Float32Array>('songs', {
      fingerprint: '1',
      async load() {
        loaded++
        return Array.from({ length: 1000 }, (_, i) => ({ value: Float32Array.of(i) }))
      },
    })
    const outcomes = createDescriptorGenerator(songs, vectorExtractor(1)).generate(
      Array.from({ length: 400 }, (_, i) => i),
      { concurrency: 2 },
    )
    await outcomes.next()
    for (let i = 0; i < 50; i++) await turn()
    expect(loaded).toBeLessThanOrEqual(1 + 3 + 1 + 4)
    await outcomes.return()
  })

  it('refuses an extractor, made by hand, that does not give a row for each input', async () => {
    const short = { ...oneByOne, extract: async () => ({ data: new Float32Array(0), count: 0, dimensions: 1 }) }
    const generator = createDescriptorGenerator(lengthLoader(), short)
    for await (const { error } of generator.generate(['a', 'b'].map(element), { onError: 'skip' })) expect(error).toSatisfy(code('ROW_MISMATCH'))
    await expect(generator.encode(element('a'))).rejects.toSatisfy(code('ROW_MISMATCH'))
  })
})
