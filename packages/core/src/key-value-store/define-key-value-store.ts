// defineKeyValueStore: an adapter stores entries; core makes the checks, copies, and holds the lock.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { applyBatches } from '../concurrency/apply-batches.ts'
import { guardCalls } from '../concurrency/guard.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { readOnlyError } from '../errors/read-only.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { unknownUidError } from '../vectors/uids.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { copyValue } from './copy-value.ts'
import type { Entries, KeyValueStore, StoredValue } from './key-value-store.ts'

type Now<T> = Promise<T> | T

/** Some keys, and where the next ones begin: `next` is undefined at the end. */
export interface KeyPage<Cursor> {
  readonly keys: readonly string[]
  readonly next: Cursor | undefined
}

/**
 * What an adapter writes. Core calls the reading methods together and each writing method alone, and never after `close`. All keys that it
 * passes are non-empty strings. What a method throws that is not a `CbirError` becomes `IO_FAILED`.
 *
 * `Cursor` is a place in the order of insertion, of the adapter's own making.
 */
export interface KeyValueStoreDriver<V extends StoredValue, Cursor = unknown> {
  /** The writing methods may be left out by a store that is `readOnly`. */
  readonly readOnly?: boolean | undefined
  count(): Now<number>
  /** `1` where the key is there, else `0`. Keys may repeat. */
  has(keys: readonly string[], options: CallOptions): Now<Uint8Array>
  /** The values, undefined where there is none; they belong to the caller. Keys may repeat. */
  get(keys: readonly string[], options: CallOptions): Now<(V | undefined)[]>
  /** At most `limit` keys from `cursor` on (undefined: from the beginning). It must make sense of a cursor after the store was changed. */
  keys(cursor: Cursor | undefined, limit: number, options: CallOptions): Now<KeyPage<Cursor>>
  /** Writes a batch, or throws and leaves the store as it was. It holds one entry or more, no key twice, and belongs to the adapter. */
  write?(entries: readonly (readonly [string, V])[], options: CallOptions): Now<void>
  /** Removes keys that are there, none twice. */
  remove?(keys: readonly string[], options: CallOptions): Now<void>
  clear?(options: CallOptions): Now<void>
  close?(): Now<void>
}

/** A `KeyValueStore` from a driver. */
export function defineKeyValueStore<V extends StoredValue, Cursor>(identity: Identity, driver: KeyValueStoreDriver<V, Cursor>): KeyValueStore<V> {
  const component = describeComponent('key-value-store', identity)
  const { name } = component
  const guard = guardCalls(name, 'IO_FAILED')
  const readOnly = driver.readOnly ?? false

  async function* pages(batchSize: number, options: CallOptions, values: boolean): AsyncGenerator<[readonly string[], readonly (V | undefined)[]]> {
    checkPositiveInteger(batchSize, 'batchSize')
    let cursor: Cursor | undefined
    do {
      const from = cursor
      const { page, found } = await guard.read(async () => {
        const page = await driver.keys(from, batchSize, options)
        return { page, found: values ? await driver.get(page.keys, options) : [] }
      }, options.signal)
      if (page.keys.length > 0) yield [page.keys, found]
      cursor = page.next
    } while (cursor !== undefined)
  }

  return {
    ...component,
    readOnly,
    count: (options = {}) => guard.read(() => driver.count(), options.signal),

    async hasMany(keys, options = {}) {
      const asked = copyUids(keys)
      return guard.read(async () => {
        await checkUids(asked, false, options.signal)
        return driver.has(asked, options)
      }, options.signal)
    },

    async getMany(keys, { default: fallback, ...options } = {}) {
      const asked = copyUids(keys)
      return guard.read(async () => {
        await checkUids(asked, false, options.signal)
        const found = await driver.get(asked, options)
        const missing = asked.filter((_, i) => found[i] === undefined)
        if (missing.length > 0 && fallback === undefined) throw unknownUidError(name, missing)
        return found.map((value) => (value === undefined ? (fallback as V) : value))
      }, options.signal)
    },

    addMany(source, options = {}) {
      return guard.hold(() => {
        if (readOnly || !driver.write) throw readOnlyError(name)
        const apply = async (batch: [string, V][]): Promise<number> => {
          const keys = batch.map(([key]) => key)
          await checkUids(keys, true, options.signal)
          if (batch.length > 0) await guard.exclude(() => driver.write?.(batch, options), options.signal)
          return batch.length
        }
        return applyBatches(source, copyEntries<V>, apply, options)
      }, options.signal)
    },

    async removeMany(keys, options = {}) {
      const asked = copyUids(keys)
      return guard.write(async () => {
        if (readOnly || !driver.remove) throw readOnlyError(name)
        await checkUids(asked, true, options.signal)
        const has = await driver.has(asked, options)
        const missing = asked.filter((_, i) => !has[i])
        if (missing.length > 0) throw unknownUidError(name, missing)
        if (asked.length > 0) await driver.remove(asked, options)
      }, options.signal)
    },

    clear(options = {}) {
      return guard.write(() => {
        if (readOnly || !driver.clear) throw readOnlyError(name)
        return driver.clear(options)
      }, options.signal)
    },

    async *keys({ batchSize = 1024, ...options } = {}) {
      for await (const [keys] of pages(batchSize, options, false)) yield keys
    },

    async *entries({ batchSize = 1024, ...options } = {}) {
      for await (const [keys, values] of pages(batchSize, options, true)) yield keys.map((key, i) => [key, values[i] as V] as const)
    },

    dispose: () => guard.dispose(() => driver.close?.()),
  }
}

/** A batch that the caller can no longer change. @throws CbirError INVALID_ARGUMENT */
function copyEntries<V extends StoredValue>(batch: Entries<V>): [string, V][] {
  if (typeof batch !== 'object' || batch === null || !(Symbol.iterator in batch)) {
    throw new CbirError('INVALID_ARGUMENT', `A batch of entries must be an array of [key, value] or a Map, got ${describeType(batch)}.`)
  }
  return Array.from(batch, (entry) => {
    if (Array.isArray(entry) && entry.length === 2) return [entry[0] as string, copyValue(entry[1] as V, entry[0] as string)]
    throw new CbirError(
      'INVALID_ARGUMENT',
      'An entry must be a pair [key, value]. Give batches of entries: put a single Map or array of pairs into an array.',
    )
  })
}
