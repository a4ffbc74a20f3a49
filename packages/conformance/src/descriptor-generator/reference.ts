// The reference generator: one item after another, loaded, extracted, and kept.

import type { DescriptorGenerator, DescriptorSet, Descriptors, FeatureExtractor, PartPosition, VectorLoader } from '@cbir/core'
import { checkSignal, pulled, raise } from '../framework/reference-tools.ts'

/** A generator of a loader and an extractor. What it keeps in a store has the uids `producer/content/part`. */
export function referenceDescriptorGenerator<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<T>): DescriptorGenerator<In> {
  const { dimensions } = extractor
  const producer = async (): Promise<string> => `${loader.fingerprint}+${extractor.fingerprint}`

  async function encode(input: In, signal?: AbortSignal): Promise<Descriptors> {
    const values: T[] = []
    const parts: PartPosition[] = []
    for await (const { value, start, end } of loader.load(input, { signal })) {
      values.push(value)
      parts.push({ index: parts.length, ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) })
    }
    if (parts.length === 0) raise('EMPTY', 'the input has no part')
    return { vectors: await extractor.extract(values, { signal }), parts }
  }

  async function read(store: DescriptorSet, key: string): Promise<Descriptors | undefined> {
    if ((await store.hasMany([`${key}/0`]))[0] === 0) return undefined
    const [first] = await store.getAttributes([`${key}/0`])
    const uids = Array.from({ length: Number(first?.['of']) }, (_, i) => `${key}/${i}`)
    const data = new Float32Array(uids.length * dimensions)
    await store.getVectors(uids, data)
    const parts = (await store.getAttributes(uids)).map((facts, index) => {
      const { of: _, ...place } = facts ?? {}
      return { index, ...place }
    })
    return { vectors: { data, count: uids.length, dimensions }, parts }
  }

  async function keep(store: DescriptorSet, key: string, { vectors, parts }: Descriptors): Promise<void> {
    const attributes = parts.map(({ start, end }) => ({
      of: parts.length,
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
    }))
    await store.addMany([{ uids: parts.map(({ index }) => `${key}/${index}`), vectors, attributes }])
  }

  return {
    kind: 'descriptor-generator',
    name: 'reference-generator',
    apiVersion: 1,
    dimensions,
    ...(extractor.space === undefined ? {} : { space: extractor.space }),
    producer,
    toConfig: () => ({
      type: 'reference-generator',
      package: '@cbir/conformance',
      config: { loader: loader.toConfig(), extractor: extractor.toConfig() },
    }),
    encode: (input, { signal } = {}) => encode(input, signal),
    async *generate(source, { signal, onProgress, onError = 'throw', store, overwrite = false, concurrency = 1 } = {}) {
      if (!Number.isInteger(concurrency) || concurrency < 1) raise('INVALID_ARGUMENT', 'concurrency must be a positive integer')
      checkSignal(signal)
      let done = 0
      const computed = new Set<string>()
      for await (const input of pulled(source, (one) => one, signal)) {
        try {
          const content = store && (await loader.contentUuid?.(input))
          const key = content === undefined ? undefined : `${await producer()}/${content}`
          const found = store && key !== undefined && (!overwrite || computed.has(key)) ? await read(store, key) : undefined
          const descriptors = found ?? (await encode(input, signal))
          if (store && key !== undefined && !found) await keep(store, key, descriptors)
          if (key !== undefined) computed.add(key)
          onProgress?.({ done: ++done })
          yield { input, descriptors, reused: found !== undefined }
        } catch (error) {
          checkSignal(signal)
          if (onError === 'throw') throw error
          onProgress?.({ done: ++done })
          yield { input, error: error as Error }
        }
      }
    },
  }
}
