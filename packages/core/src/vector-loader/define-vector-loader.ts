// defineVectorLoader: an adapter gives the decoding; core gives the checks.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import type { Part, VectorLoader } from './vector-loader.ts'

/** What an adapter writes. */
export interface VectorLoaderDriver<In, T> {
  /** See {@link VectorLoader.fingerprint}; core puts the loader's name before it. */
  readonly fingerprint: string
  /** The parts of an item, all at once or one by one. Whatever it throws that is not a `CbirError` becomes `LOAD_FAILED`. */
  load(input: In, options: CallOptions): Promise<readonly Part<T>[]> | AsyncIterable<Part<T>>
  /** See {@link VectorLoader.release}. */
  release?(value: T): void
  /** See {@link VectorLoader.contentUuid}. */
  contentUuid?(input: In, options?: CallOptions): Promise<string | undefined>
}

/** A `VectorLoader` from a driver. */
export function defineVectorLoader<In, T>(identity: Identity, driver: VectorLoaderDriver<In, T>): VectorLoader<In, T> {
  const component = describeComponent('vector-loader', identity)
  async function* load(input: In, options: CallOptions = {}): AsyncGenerator<Part<T>, void, undefined> {
    throwIfAborted(options.signal)
    try {
      for await (const part of await driver.load(input, options)) {
        throwIfAborted(options.signal)
        checkPart(component.name, part)
        yield part
      }
    } catch (error) {
      if (!CbirError.isInstance(error)) throwIfAborted(options.signal)
      throw toCbirError(error, 'LOAD_FAILED', `${component.name} could not load ${labelOf(input)}`)
    }
  }
  const { contentUuid, release } = driver
  return {
    ...component,
    fingerprint: `${component.name}:${driver.fingerprint}`,
    load,
    ...(release ? { release: (value: T) => release.call(driver, value) } : {}),
    ...(contentUuid ? { contentUuid: (input: In, options?: CallOptions) => contentUuid.call(driver, input, options) } : {}),
  }
}

function checkPart(loader: string, part: Part<unknown>): void {
  if (typeof part !== 'object' || part === null || !('value' in part)) {
    throw new CbirError('ADAPTER_FAULT', `${loader} gave a part without a value. A loader's parts are objects { value, start?, end? }.`)
  }
}

/** A short name of an item for messages. */
export function labelOf(input: unknown): string {
  if (typeof input === 'string') return JSON.stringify(input.length > 80 ? `${input.slice(0, 77)}…` : input)
  const label = (input as { label?: unknown } | null)?.label
  return typeof label === 'string' ? JSON.stringify(label) : 'an item'
}
