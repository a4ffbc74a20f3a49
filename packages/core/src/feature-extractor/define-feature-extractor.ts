// defineFeatureExtractor: an adapter gives the features; core checks that there is one finite row for each input.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { Lifetime } from '../concurrency/lifetime.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { allFinite, notFiniteError } from '../vectors/finite.ts'
import { checkBatchShape, describeType, type VectorBatch } from '../vectors/vector-batch.ts'
import type { FeatureExtractor } from './feature-extractor.ts'

/** What an adapter writes. */
export interface FeatureExtractorDriver<T> {
  readonly dimensions: number
  /** See {@link FeatureExtractor.fingerprint}; core puts the extractor's name before it. */
  readonly fingerprint: string
  readonly space?: string | undefined
  /** Inputs a call likes best; 32 where not given. */
  readonly batchSize?: number | undefined
  /** One row for each input, in their order. Never called with no input. What it throws that is not a `CbirError` becomes `EXTRACT_FAILED`. */
  extract(inputs: readonly T[], options: CallOptions): Promise<VectorBatch> | VectorBatch
  close?(): Promise<void> | void
}

/** A `FeatureExtractor` from a driver. */
export function defineFeatureExtractor<T>(identity: Identity, driver: FeatureExtractorDriver<T>): FeatureExtractor<T> {
  const component = describeComponent('feature-extractor', identity)
  const { name } = component
  const { dimensions } = driver
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new CbirError('ADAPTER_FAULT', `${name} says that its vectors have ${String(dimensions)} dimensions; it must be a positive integer.`)
  }
  const lifetime = new Lifetime(name)
  return {
    ...component,
    dimensions,
    fingerprint: `${name}:${driver.fingerprint}`,
    ...(driver.space === undefined ? {} : { space: driver.space }),
    batchSize: driver.batchSize ?? 32,
    extract(inputs, options = {}) {
      return lifetime.run(async () => {
        if (!Array.isArray(inputs)) throw new CbirError('INVALID_ARGUMENT', `${name} extracts from an array of inputs, got ${describeType(inputs)}.`)
        const list = inputs.slice() // the caller may change its own as soon as it has the promise
        if (list.length === 0) return { data: new Float32Array(0), count: 0, dimensions }
        const batch = await callForeign(
          () => driver.extract(list, options),
          'EXTRACT_FAILED',
          () => `${name} could not extract`,
          options.signal,
        )
        throwIfAborted(options.signal)
        checkRows(name, batch, list.length, dimensions)
        return batch
      }, options.signal)
    },
    dispose: () => lifetime.dispose(() => driver.close?.()),
  }
}

function checkRows(name: string, batch: VectorBatch, count: number, dimensions: number): void {
  checkRowCount(name, batch, count, dimensions)
  if (!allFinite(batch.data)) {
    throw notFiniteError(batch.data, dimensions, 0, batch.data.length, (row) => `The vector that ${name} gave for input ${row}`)
  }
}

/** One row for each input, of the length that the extractor says. @throws CbirError ROW_MISMATCH, DIMENSION_MISMATCH, INVALID_ARGUMENT */
export function checkRowCount(name: string, batch: VectorBatch, count: number, dimensions: number): void {
  checkBatchShape(batch, `the answer of ${name}`)
  if (batch.count !== count) {
    throw new CbirError(
      'ROW_MISMATCH',
      `${name} gave ${batch.count} vectors for ${count} inputs. An extractor must give exactly one for each, in their order.`,
    )
  }
  if (batch.dimensions !== dimensions) {
    throw new CbirError('DIMENSION_MISMATCH', `${name} gave vectors of ${batch.dimensions} numbers, but says that they have ${dimensions}.`)
  }
}
