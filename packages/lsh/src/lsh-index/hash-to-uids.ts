// The hash→uids store: for each code the list of uids that have it, kept in a key-value store of somebody else's.

import { type BitBatch, CbirError, type KeyValueStore, type StoredValue } from '@cbir/core'
import { keyOf } from './lsh-parts.ts'
import type { Undo } from './undo.ts'

/** Entries that are written in one batch. */
const BATCH = 1000

type Lists = Map<string, readonly string[]>

/** The uids of the codes of a batch, in the order of the codes; none where a code is not there. @throws CbirError CORRUPT_DATA */
export async function uidsOfCodes(store: KeyValueStore, codes: BitBatch, signal?: AbortSignal): Promise<(readonly string[])[]> {
  if (codes.count === 0) return []
  const keys = Array.from({ length: codes.count }, (_, i) => keyOf(codes, i))
  const values = await store.getMany(keys, { default: [], signal })
  return values.map((value, i) => listOf(store, keys[i]!, value))
}

/** What a store holds under a key, as a list of uids. @throws CbirError CORRUPT_DATA */
export function listOf(store: KeyValueStore, key: string, value: StoredValue): readonly string[] {
  if (Array.isArray(value) && value.every((uid) => typeof uid === 'string' && uid !== '')) return value as string[]
  throw new CbirError('CORRUPT_DATA', `${store.name} holds what is no list of uids under the code ${key}. Give the index a store of its own.`)
}

/** Moves uids from the old codes to the new ones (undefined: from none, to none). Uid *i* belongs to code *i* of each. */
export async function moveUids(
  store: KeyValueStore,
  uids: readonly string[],
  from: { readonly codes: BitBatch; readonly has: (i: number) => boolean },
  to: BitBatch | undefined,
  undo: Undo,
): Promise<void> {
  const leaving = new Map<string, Set<string>>()
  const coming = new Map<string, string[]>()
  uids.forEach((uid, i) => {
    const old = from.has(i) ? keyOf(from.codes, i) : undefined
    const now = to && keyOf(to, i)
    if (old === now) return
    if (old !== undefined) leaving.set(old, (leaving.get(old) ?? new Set()).add(uid))
    if (now !== undefined) coming.set(now, [...(coming.get(now) ?? []), uid])
  })
  const keys = [...new Set([...leaving.keys(), ...coming.keys()])]
  if (keys.length === 0) return
  const values = await store.getMany(keys, { default: [] })
  const lists: Lists = new Map()
  keys.forEach((key, i) => {
    const gone = leaving.get(key)
    const fresh = new Set(coming.get(key))
    const left = listOf(store, key, values[i]!).filter((uid) => !gone?.has(uid) && !fresh.has(uid))
    lists.set(key, [...left, ...fresh])
  })
  await writeLists(store, lists, undo)
}

/** Makes a store hold `lists`, where an empty list is no entry. */
export async function writeLists(store: KeyValueStore, lists: Lists, undo: Undo): Promise<void> {
  const keys = [...lists.keys()]
  for (let from = 0; from < keys.length; from += BATCH) {
    const some = keys.slice(from, from + BATCH)
    const had = await store.hasMany(some)
    const before = some.filter((_, i) => had[i])
    const values = before.length > 0 ? await store.getMany(before) : []
    const written = some.filter((key) => lists.get(key)!.length > 0)
    const removed = before.filter((key) => lists.get(key)!.length === 0)
    const added = written.filter((key) => !before.includes(key))
    if (written.length > 0) {
      // Each of the two calls below happens whole or not at all.
      await store.addMany([written.map((key) => [key, lists.get(key)! as StoredValue] as const)])
      undo.add(async () => {
        const replaced = before.flatMap((key, i) => (removed.includes(key) ? [] : [[key, values[i]!] as const]))
        if (replaced.length > 0) await store.addMany([replaced])
        if (added.length > 0) await store.removeMany(added)
      })
    }
    if (removed.length > 0) {
      await store.removeMany(removed)
      undo.add(() => store.addMany([removed.map((key) => [key, values[before.indexOf(key)]!] as const)]))
    }
  }
}
