// The reference key-value store: a Map that is replaced, not changed, so an iteration keeps the one that it began with.

import { CbirError, type Entries, type KeyValueStore, type StoredValue } from '@cbir/core'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { applied, checkSignal, mapInTurns, raise, trackCalls } from '../framework/reference-tools.ts'

const FILE = 'reference-store.json'

/** Makes a reference store. With `directory` it keeps itself there, and must be opened with {@link openReferenceKeyValueStore}. */
export function referenceKeyValueStore(
  { directory, readOnly = false }: { directory?: string | undefined; readOnly?: boolean | undefined } = {},
  stored: Entries<StoredValue> = [],
): KeyValueStore {
  let held: ReadonlyMap<string, StoredValue> = new Map(stored)
  const calls = trackCalls()

  const writable = (): void => {
    if (readOnly) raise('READ_ONLY', 'the store is read-only')
  }
  async function keep(next: ReadonlyMap<string, StoredValue>): Promise<void> {
    held = next
    if (directory === undefined) return
    const entries = [...next].map(([key, value]) => (value instanceof Uint8Array ? [key, 'bytes', [...value]] : [key, 'json', value]))
    await writeCheckedFile(directory, FILE, entries as never)
  }
  async function* pages({ batchSize = 1024, signal }: { batchSize?: number | undefined; signal?: AbortSignal | undefined } = {}) {
    if (!Number.isInteger(batchSize) || batchSize < 1) raise('INVALID_ARGUMENT', 'batchSize must be a positive integer')
    const entries = await calls.run(signal, () => [...held])
    for (let from = 0; from < entries.length; from += batchSize) {
      checkSignal(signal)
      yield entries.slice(from, from + batchSize)
    }
  }

  return {
    kind: 'key-value-store',
    name: 'reference-store',
    apiVersion: 1,
    readOnly,
    toConfig: () => ({ type: 'reference-store', package: '@cbir/conformance', config: {} }),
    count: ({ signal } = {}) => calls.run(signal, () => held.size),
    hasMany: (keys, { signal } = {}) => calls.run(signal, () => Uint8Array.from(keysOf(keys), (key) => Number(held.has(key)))),
    getMany: (keys, { signal, default: fallback } = {}) =>
      calls.run(signal, () => {
        const names = keysOf(keys)
        const missing = names.filter((key) => !held.has(key))
        if (missing.length > 0 && fallback === undefined) raise('UNKNOWN_UID', `not in the store: ${missing.join(', ')}`, { uids: missing })
        const now = held
        return mapInTurns(names, (key) => (now.has(key) ? copyOf(now.get(key)!) : fallback!), signal)
      }),
    addMany: (source, options = {}) =>
      calls.run(options.signal, () => {
        writable()
        const write = async (batch: [string, StoredValue][]): Promise<number> => {
          await keep(new Map([...held, ...batch]))
          return batch.length
        }
        return applied(source, takeEntries, write, options)
      }),
    removeMany: (keys, { signal } = {}) =>
      calls.run(signal, async () => {
        writable()
        const names = distinct(keysOf(keys))
        const missing = names.filter((key) => !held.has(key))
        if (missing.length > 0) raise('UNKNOWN_UID', `not in the store: ${missing.join(', ')}`, { uids: missing })
        const gone = new Set(names)
        await keep(new Map([...held].filter(([key]) => !gone.has(key))))
      }),
    clear: ({ signal } = {}) =>
      calls.run(signal, async () => {
        writable()
        await keep(new Map())
      }),
    async *keys(options) {
      for await (const page of pages(options)) yield page.map(([key]) => key)
    },
    async *entries(options) {
      for await (const page of pages(options)) yield page.map(([key, value]) => [key, copyOf(value)] as const)
    },
    dispose: () => calls.dispose(),
  }
}

/** Opens the reference store that `directory` holds, or an empty one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceKeyValueStore(directory: string): Promise<KeyValueStore> {
  const stored = (await readCheckedFile(directory, FILE)) as [string, string, unknown][] | undefined
  const toValue = (form: string, value: unknown): StoredValue => (form === 'bytes' ? Uint8Array.from(value as number[]) : (value as StoredValue))
  const entries = (stored ?? []).map(([key, form, value]) => [key, toValue(form, value)] as const)
  return referenceKeyValueStore({ directory }, entries)
}

function keysOf(keys: Iterable<string>): string[] {
  if (typeof keys !== 'object' || keys === null) raise('INVALID_ARGUMENT', 'keys must be a list')
  const list = [...keys]
  for (const key of list) if (typeof key !== 'string' || key === '') raise('INVALID_ARGUMENT', 'a key must be a string that is not empty')
  return list
}

function distinct(keys: string[]): string[] {
  const seen = new Set<string>()
  const twice = keys.find((key) => seen.size === seen.add(key).size)
  if (twice !== undefined) raise('DUPLICATE_UID', `${twice} is given twice`, { uids: [twice] })
  return keys
}

function takeEntries(batch: Entries<StoredValue>): [string, StoredValue][] {
  if (typeof batch !== 'object' || batch === null || !(Symbol.iterator in batch)) raise('INVALID_ARGUMENT', 'a batch must be iterable')
  const entries = [...batch].map((entry): [string, StoredValue] => {
    if (!Array.isArray(entry) || entry.length !== 2) return raise('INVALID_ARGUMENT', 'an entry must be [key, value]')
    return [entry[0], copyOf(entry[1])]
  })
  distinct(keysOf(entries.map(([key]) => key)))
  return entries
}

function copyOf(value: StoredValue): StoredValue {
  if (value instanceof Uint8Array) return value.slice()
  if (!isJson(value, 0)) throw new CbirError('INVALID_ARGUMENT', 'a value must be JSON or bytes')
  return JSON.parse(JSON.stringify(value))
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value !== 'object') return typeof value === 'number' && Number.isFinite(value)
  const plain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value))
  const inner = Array.isArray(value) ? Array.from(value) : Object.values(value).filter((one) => one !== undefined)
  return plain && depth < 100 && inner.every((one) => isJson(one, depth + 1))
}
