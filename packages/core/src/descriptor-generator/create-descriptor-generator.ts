// createDescriptorGenerator: loader and extractor joined into one, with overlap, reuse, and one outcome for each item.

import type { CallOptions } from '../component/call-options.ts'
import { API_VERSION, type ComponentConfig } from '../component/component.ts'
import { abortable, throwIfAborted } from '../concurrency/abort.ts'
import { callForeign } from '../errors/wrap-error.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import { labelOf } from '../vector-loader/define-vector-loader.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'
import type { DescriptorGenerator, Descriptors, Encoder } from './descriptor-generator.ts'
import { extractAll, loadParts, releaseParts } from './extract-parts.ts'
import { Generation } from './generation.ts'
import { producerOf } from './producer.ts'

const NAME = 'descriptor-generator'

/** The loader and the extractor as one component. It disposes neither. */
export function createDescriptorGenerator<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<NoInfer<T>>): DescriptorGenerator<In> {
  let known: Promise<string> | undefined
  const producer = (): Promise<string> => (known ??= producerOf(loader, extractor))
  const { dimensions } = extractor
  return {
    kind: 'descriptor-generator',
    name: NAME,
    apiVersion: API_VERSION,
    dimensions,
    ...(extractor.space === undefined ? {} : { space: extractor.space }),
    producer,
    toConfig(): ComponentConfig {
      return { type: NAME, package: '@cbir/core', config: { loader: loader.toConfig(), extractor: extractor.toConfig() } }
    },
    generate: (source, options = {}) => new Generation(loader, extractor, options, producer).run(source),
    async encode(input, options = {}): Promise<Descriptors> {
      throwIfAborted(options.signal)
      return abortable(encode(loader, extractor, input, options), options.signal)
    },
  }
}

/** The same, named for the query side of a pipeline. */
export function encoder<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<NoInfer<T>>): Encoder<In> {
  return createDescriptorGenerator(loader, extractor)
}

async function encode<In, T>(loader: VectorLoader<In, T>, extractor: FeatureExtractor<T>, input: In, options: CallOptions): Promise<Descriptors> {
  const failed = (): string => `${labelOf(input)} failed`
  const parts = await callForeign(() => loadParts(loader, input, options), 'LOAD_FAILED', failed, options.signal)
  const descriptors = await callForeign(() => extractAll(extractor, parts, options), 'EXTRACT_FAILED', failed, options.signal)
  releaseParts(loader, parts, descriptors.vectors)
  return descriptors
}
