// Producer: the key of who computed a descriptor; content uuid: the key of what it was computed from.

import type { CallOptions } from '../component/call-options.ts'
import type { DataElement } from '../data-element/data-element.ts'
import { digestOf } from '../data-element/digest.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'

/** SHA-1 over both fingerprints, in hexadecimal. */
export function producerOf(loader: VectorLoader<never, unknown>, extractor: FeatureExtractor<never>): Promise<string> {
  return digestOf('sha1', new TextEncoder().encode(JSON.stringify([loader.fingerprint, extractor.fingerprint])))
}

/** The content uuid of an input, where it can be known: of a `DataElement`, else what the loader says. */
export async function contentOf<In>(loader: VectorLoader<In, unknown>, input: In, options: CallOptions): Promise<string | undefined> {
  if (isDataElement(input)) return input.uuid(options)
  return loader.contentUuid?.(input, options)
}

export function isDataElement(value: unknown): value is DataElement {
  const element = value as Partial<DataElement> | null
  return typeof element === 'object' && element !== null && element.kind === 'data-element' && typeof element.uuid === 'function'
}
