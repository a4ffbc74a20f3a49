// Wrong key-value stores: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { openReferenceKeyValueStore, referenceKeyValueStore } from '@cbir/conformance'
import type { CbirError, KeyValueStore, StoredValue } from '@cbir/core'
import { throwIfAborted } from '@cbir/core/define'
import { block, codeOf, forgiving, outliving, readAtTheEnd, unsignalled, withoutDetail, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface KeyValueStoreMutant extends Mutant {
  readonly make?: (store: KeyValueStore) => KeyValueStore
  readonly makeReadOnly?: (store: KeyValueStore) => KeyValueStore
  /** Runs the suite with `reopen`. */
  readonly open?: (directory: string) => Promise<KeyValueStore>
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: () => KeyValueStore
}

type Source = Parameters<KeyValueStore['addMany']>[0]
type Pairs = [string, StoredValue][]

const isSource = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)

/** A source whose batches are changed as they are read; what is no batch of entries stays as it is. */
function changed(source: Source, change: (batch: Pairs) => unknown): Source {
  const next = (batch: unknown): never =>
    (Array.isArray(batch) && batch.every((entry) => Array.isArray(entry)) ? change(batch as Pairs) : batch) as never
  if (!isSource(source)) return source
  if (Symbol.iterator in source) {
    const batches = source
    return (function* () {
      for (const batch of batches) yield next(batch)
    })()
  }
  return (async function* () {
    for await (const batch of source) yield next(batch)
  })()
}

const storing =
  (change: (value: StoredValue) => unknown) =>
  (store: KeyValueStore): KeyValueStore =>
    variant(store, {
      addMany: (source, o) =>
        store.addMany(
          changed(source, (batch) => batch.map(([key, value]) => [key, change(value)])),
          o,
        ),
    })

async function keysIn(store: KeyValueStore): Promise<string[]> {
  const keys: string[] = []
  for await (const batch of store.keys()) keys.push(...batch)
  return keys
}

/** A store whose iterations give other pages. */
const paging =
  (pages: (keys: readonly string[], batchSize: number) => string[][]) =>
  (store: KeyValueStore): KeyValueStore =>
    variant(store, {
      async *keys({ batchSize = 1024, ...o } = {}) {
        const all: string[] = []
        for await (const batch of store.keys({ ...o, batchSize })) all.push(...batch)
        for (const page of pages(all, batchSize)) {
          throwIfAborted(o.signal)
          yield page
        }
      },
    })

const CONTENT: readonly KeyValueStoreMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (store) => variant(store, { kind: 'data-set' as 'key-value-store' }) },
  {
    name: 'numbers in single precision',
    breaks: ['values'],
    make: storing((value) => (typeof value === 'number' && Number.isFinite(value) && value % 1 !== 0 ? Math.fround(value) : value)),
  },
  { name: 'text ends at a zero character', breaks: ['values'], make: storing((value) => (typeof value === 'string' ? value.split('\0')[0] : value)) },
  {
    name: 'long values are cut',
    breaks: ['values'],
    make: storing((value) => (value instanceof Uint8Array && value.length > 65_536 ? value.slice(0, 65_536) : value)),
  },
  {
    name: 'a key that is asked for twice gives null (#7)',
    breaks: ['get'],
    make: (store) =>
      variant(store, {
        getMany: async (keys, o) => {
          const names = Array.isArray(keys) ? [...keys] : keys
          const seen = new Set<string>()
          return (await store.getMany(keys, o)).map((value, i) => (seen.size === seen.add(names[i]!).size ? null : value))
        },
      }),
  },
  {
    name: 'values come in the order of the store',
    breaks: ['get'],
    make: (store) => variant(store, { getMany: (keys, o) => store.getMany(Array.isArray(keys) ? [...keys].sort() : keys, o) }),
  },
  {
    name: 'the default hides a stored null',
    breaks: ['get'],
    make: (store) =>
      variant(store, {
        getMany: async (keys, o) => (await store.getMany(keys, o)).map((value) => (o?.default === undefined ? value : (value ?? o.default))),
      }),
  },
  {
    name: 'unknown keys are passed over',
    breaks: ['get'],
    make: (store) => variant(store, { getMany: (keys, o) => forgiving(store.getMany(keys, o), 'UNKNOWN_UID', []) }),
  },
  {
    name: 'the error does not say which keys are unknown',
    breaks: ['get'],
    make: (store) => variant(store, { getMany: (keys, o) => withoutDetail(store.getMany(keys, o), 'uids') }),
  },
  {
    name: 'upper and lower case are the same',
    breaks: ['get'],
    make: (store) => {
      const lower = (keys: readonly string[]): string[] =>
        Array.isArray(keys) ? keys.map((key) => (typeof key === 'string' ? key.toLowerCase() : key)) : (keys as string[])
      return variant(store, {
        getMany: (keys, o) => store.getMany(lower(keys), o),
        addMany: (source, o) =>
          store.addMany(
            changed(source, (batch) => (batch.some(([key]) => key === 'A') ? batch.filter(([key]) => key !== 'A') : batch)),
            o,
          ),
      })
    },
  },
]

const CHANGES: readonly KeyValueStoreMutant[] = [
  {
    name: 'a key that exists keeps its old value',
    breaks: ['add', 'values'],
    make: (store) => {
      const first = new Map<string, StoredValue>()
      return variant(store, {
        addMany: (source, o) =>
          store.addMany(
            changed(source, (batch) =>
              batch.map(([key, value]) => {
                if (!first.has(key)) first.set(key, value)
                return [key, first.get(key)]
              }),
            ),
            o,
          ),
      })
    },
  },
  {
    name: 'count counts an overwritten key again',
    breaks: ['add'],
    make: (store) => {
      const known = new Set<string>()
      let again = 0
      return variant(store, {
        count: async (o) => (await store.count(o)) + again,
        addMany: (source, o) =>
          store.addMany(
            changed(source, (batch) => {
              for (const [key] of batch) if (!['fine', 'bad'].includes(key) && known.size === known.add(key).size) again++
              return batch
            }),
            o,
          ),
        removeMany: (keys, o) => {
          for (const key of keys) known.delete(key)
          return store.removeMany(keys, o)
        },
      })
    },
  },
  {
    name: 'the entries before a bad one of a batch stay',
    breaks: ['add'],
    make: (store) =>
      variant(store, {
        addMany: async (source, o) => {
          let last: Pairs = []
          try {
            return await store.addMany(
              changed(source, (batch) => (last = batch)),
              o,
            )
          } catch (error) {
            if (codeOf(error) === 'DUPLICATE_UID') await store.addMany([last.slice(0, 1)])
            throw error
          }
        },
      }),
  },
  {
    name: 'a key twice in one batch: the last wins',
    breaks: ['add'],
    make: (store) =>
      variant(store, {
        addMany: (source, o) =>
          store.addMany(
            changed(source, (batch) => (batch.some(([key]) => key === 'twice') ? new Map(batch) : batch)),
            o,
          ),
      }),
  },
  {
    name: 'the error of a write does not say how many batches stand',
    breaks: ['abort', 'add'],
    make: (store) => variant(store, { addMany: (source, o) => withoutDetail(store.addMany(source, o), 'batchesApplied') }),
  },
  {
    name: 'the error of a source has no code',
    breaks: ['add'],
    make: (store) =>
      variant(store, {
        addMany: (source, o) =>
          store.addMany(source, o).catch((error: unknown) => {
            throw codeOf(error) === 'SOURCE_FAILED' ? (error as CbirError).cause : error
          }),
      }),
  },
  {
    name: 'never reports progress',
    breaks: ['add'],
    make: (store) => variant(store, { addMany: (source, { onProgress: _, ...o } = {}) => store.addMany(source, o) }),
  },
  {
    name: 'the keys before an unknown one are removed (#7)',
    breaks: ['remove'],
    make: (store) =>
      variant(store, {
        removeMany: async (keys, o) => {
          const names = Array.isArray(keys) ? [...keys] : keys
          try {
            await store.removeMany(keys, o)
          } catch (error) {
            if (codeOf(error) === 'UNKNOWN_UID' && names.length > 1) await store.removeMany(names.slice(0, 1))
            throw error
          }
        },
      }),
  },
  {
    name: 'removing an unknown key is no error',
    breaks: ['concurrency', 'remove'],
    make: (store) => variant(store, { removeMany: (keys, o) => forgiving(store.removeMany(keys, o), 'UNKNOWN_UID', undefined) }),
  },
  {
    name: 'a key twice in a removal counts once',
    breaks: ['remove'],
    make: (store) => variant(store, { removeMany: (keys, o) => store.removeMany(Array.isArray(keys) ? [...new Set(keys)] : keys, o) }),
  },
  {
    name: 'clear leaves the last entry',
    breaks: ['clear'],
    make: (store) =>
      variant(store, {
        clear: async (o) => {
          if (o?.signal?.aborted || (await store.count()) === 0) return store.clear(o)
          return store.removeMany((await keysIn(store)).slice(0, -1))
        },
      }),
  },
  { name: 'keys are sorted', breaks: ['order'], make: paging((keys, size) => pagesOf([...keys].sort(), size)) },
  { name: 'pages hold twice as many keys', breaks: ['order'], make: paging((keys, size) => pagesOf(keys, 2 * size)) },
  {
    name: 'an overwritten key comes last',
    breaks: ['order'],
    make: (store) =>
      variant(store, {
        addMany: async (source, o) => {
          const added = await store.addMany(source, o)
          const first = (await keysIn(store).catch(() => []))[1]
          const moved = (source as Pairs[])[0]?.[0]
          if (Array.isArray(source) && source.length === 1 && moved?.[0] === first && moved?.[1] === 2) {
            await store.removeMany([first!])
            await store.addMany([[moved!]])
          }
          return added
        },
      }),
  },
  {
    name: 'an iteration goes by position, so a removal makes it pass over keys',
    breaks: ['order'],
    make: (store) =>
      variant(store, {
        async *keys({ batchSize = 1024, ...o } = {}) {
          for (let at = 0; ; at += batchSize) {
            const all: string[] = []
            for await (const batch of store.keys({ batchSize, ...o })) all.push(...batch)
            if (at >= all.length) return
            yield all.slice(at, at + batchSize)
          }
        },
      }),
  },
  {
    name: 'any batchSize is taken',
    breaks: ['order'],
    make: (store) =>
      variant(store, { keys: ({ batchSize = 1024, ...o } = {}) => store.keys({ ...o, batchSize: Math.ceil(Math.max(1, batchSize || 1)) }) }),
  },
  { name: 'NaN becomes null', breaks: ['bad input'], make: storing((value) => (Number.isNaN(value) ? null : value)) },
  { name: 'a Date becomes text', breaks: ['bad input'], make: storing((value) => ((value as unknown) instanceof Date ? String(value) : value)) },
  {
    name: 'keys become text',
    breaks: ['bad input'],
    make: (store) => variant(store, { hasMany: (keys, o) => store.hasMany(Array.isArray(keys) ? keys.map((key) => String(key || '0')) : keys, o) }),
  },
  {
    name: 'says that it is read-only',
    breaks: ['read-only'],
    make: (store) => variant(store, { readOnly: true }),
  },
  {
    name: 'a read-only store takes writes and forgets them',
    breaks: ['read-only'],
    makeReadOnly: (store) => variant(store, { addMany: async () => 1 }),
  },
]

function pagesOf(keys: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, i) => keys.slice(i * size, (i + 1) * size))
}

const CALLS: readonly KeyValueStoreMutant[] = [
  {
    name: 'ignores the signal',
    breaks: ['abort'],
    make: (store) => variant(store, { addMany: (source, o) => store.addMany(source, unsignalled(o)), count: () => store.count() }),
  },
  {
    name: 'looks at the signal only before it begins',
    breaks: ['abort'],
    make: (store) => variant(store, { addMany: (source, o) => store.addMany(source, o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  { name: 'an iteration ignores the signal', breaks: ['abort'], make: (store) => variant(store, { keys: (o) => store.keys(unsignalled(o)) }) },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (store) => variant(store, { getMany: (keys, o) => withoutReason(store.getMany(keys, o)) }),
  },
  { name: 'dispose does not wait', breaks: ['dispose'], make: (store) => variant(store, { dispose: async () => void store.dispose() }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (store) => variant(store, { dispose: async () => {} }) },
  {
    name: 'a second dispose fails',
    breaks: ['dispose'],
    make: (store) => {
      let disposals = 0
      return variant(store, {
        dispose: async () => {
          if (++disposals === 2) throw new Error('disposed already')
          await store.dispose()
        },
      })
    },
  },
  {
    name: 'reads share one buffer for their keys',
    breaks: ['concurrency'],
    make: (store) =>
      outliving(store, (lifetime) => {
        let scratch: readonly string[]
        return {
          getMany: (keys, o) =>
            lifetime.run(async () => {
              scratch = Array.isArray(keys) ? [...keys] : keys
              const own = scratch
              await undefined
              return store.getMany(scratch?.length === own?.length ? scratch : own, o)
            }),
        }
      }),
  },
  {
    name: 'a write during another one is lost',
    breaks: ['concurrency'],
    make: (store) => {
      let busy = 0
      return variant(store, {
        addMany: async (source, o) => {
          if (busy > 0) return 0
          busy++
          return store.addMany(source, o).finally(() => busy--)
        },
      })
    },
  },
  {
    name: 'reads wait for a write',
    breaks: ['concurrency'],
    make: (store) => {
      let writing: Promise<unknown> = Promise.resolve()
      return variant(store, {
        addMany: (...call) => {
          const written = store.addMany(...call)
          writing = written.catch(() => undefined)
          return written
        },
        getMany: async (...call) => {
          const values = await store.getMany(...call)
          await writing
          return values
        },
      })
    },
  },
  {
    name: 'a batch is seen half done',
    breaks: ['concurrency'],
    make: (store) =>
      variant(store, {
        addMany: async (source, o) => {
          const batch = Array.isArray(source) && source.length === 1 && Array.isArray(source[0]) ? ([...source[0]] as Pairs) : []
          if (batch.length !== 4 || batch[0]?.[0] !== 'w') return store.addMany(source, o)
          for (const entry of batch) await store.addMany([[entry]], o)
          return 4
        },
      }),
  },
  {
    name: 'a long read blocks',
    breaks: ['event loop'],
    make: (store) =>
      variant(store, {
        getMany: (keys, o) => {
          if (keys?.length > 10_000) block(300)
          return store.getMany(keys, o)
        },
      }),
  },
  {
    name: 'reads a list of keys later than at the call',
    breaks: ['buffers'],
    make: (store) =>
      outliving(store, (lifetime) => ({
        getMany: (keys, o) =>
          lifetime.run(async () => {
            await undefined
            return store.getMany(keys, o)
          }),
      })),
  },
  {
    name: 'gives out the values that it holds',
    breaks: ['buffers'],
    make: (store) => {
      const held = new Map<StoredValue, StoredValue>()
      const own = (value: StoredValue): StoredValue => {
        const key = value instanceof Uint8Array ? `bytes ${value}` : JSON.stringify(value)
        if (value === null || typeof value !== 'object') return value
        if (!held.has(key)) held.set(key, value)
        return held.get(key)!
      }
      return variant(store, { getMany: async (keys, o) => (await store.getMany(keys, o)).map(own) })
    },
  },
  {
    name: 'reads what it is given after the call',
    breaks: ['buffers'],
    make: (store) =>
      outliving(store, (lifetime) => ({
        addMany: (source, o) =>
          lifetime.run(async () => {
            if (o?.signal?.aborted !== true) await undefined
            return store.addMany(source, o)
          }),
      })),
  },
  {
    name: 'keeps the batches of a source and reads them at its end',
    breaks: ['buffers'],
    make: (store) => variant(store, { addMany: (source, o) => store.addMany(readAtTheEnd(source), o) }),
  },
]

const config = (store: KeyValueStore, change: Record<string, unknown>): KeyValueStore =>
  variant(store, { toConfig: () => ({ ...store.toConfig(), config: change }) })

const STORED: readonly KeyValueStoreMutant[] = [
  {
    name: 'the last entry is not saved',
    breaks: ['persistence'],
    open: async (directory) => {
      const store = await openReferenceKeyValueStore(directory)
      if ((await store.count()) > 1) await store.removeMany((await keysIn(store)).slice(-1))
      return store
    },
  },
  {
    name: 'opened keys are sorted',
    breaks: ['persistence'],
    open: async (directory) => {
      const store = await openReferenceKeyValueStore(directory)
      return (await store.count()) > 0 ? paging((keys, size) => pagesOf([...keys].sort().reverse(), size))(store) : store
    },
  },
  {
    name: 'removing the last key is not saved, so it comes back (#5)',
    breaks: ['persistence'],
    open: async (directory) => {
      const store = await openReferenceKeyValueStore(directory)
      return variant(store, { removeMany: async (keys) => ((await store.count()) === keys.length ? undefined : store.removeMany(keys)) })
    },
  },
  {
    name: 'a foreign file opens as an empty store',
    breaks: ['persistence'],
    open: (directory) => openReferenceKeyValueStore(directory).catch(() => referenceKeyValueStore()),
  },
  {
    name: 'a foreign file is an error without a code',
    breaks: ['persistence'],
    open: (directory) =>
      openReferenceKeyValueStore(directory).catch((error: unknown) => {
        throw new SyntaxError(String(error))
      }),
  },
  {
    name: 'once reopened, unknown keys are passed over',
    breaks: ['closed and reopened › get'],
    open: async (directory) => {
      const store = await openReferenceKeyValueStore(directory)
      return variant(store, { getMany: (keys, o) => forgiving(store.getMany(keys, o), 'UNKNOWN_UID', []) })
    },
  },
  { name: 'a configuration that JSON cannot hold', breaks: ['configuration'], make: (store) => config(store, { since: new Date(0) }) },
  {
    name: 'made again it has another configuration',
    breaks: ['configuration'],
    fromConfig: () => config(referenceKeyValueStore(), { made: 'again' }),
  },
]

export const KEY_VALUE_STORE_MUTANTS: readonly KeyValueStoreMutant[] = [...CONTENT, ...CHANGES, ...CALLS, ...STORED]
