// Wrong data sets: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { referenceDataElement, referenceDataSet } from '@cbir/conformance'
import { CbirError, type DataElement, type DataSet } from '@cbir/core'
import { forgiving, outliving, readAtTheEnd, unsignalled, withoutDetail, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface DataSetMutant extends Mutant {
  readonly make?: (set: DataSet) => DataSet
  readonly readOnly?: boolean
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: () => DataSet
}

type Source = Parameters<DataSet['addMany']>[0]

const isBatch = (batch: unknown): batch is DataElement[] => Array.isArray(batch) && batch.every((element) => typeof element?.uuid === 'function')

/** The batches of an array, one after another as they are asked for; other sources as they are. */
const batchesOf = (source: Source): readonly DataElement[][] => (Array.isArray(source) && source.every(isBatch) ? source : [])

const CONTENT: readonly DataSetMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (set) => variant(set, { kind: 'key-value-store' as 'data-set' }) },
  {
    name: 'a uuid that is asked for twice is given once (#7)',
    breaks: ['get'],
    make: (set) => variant(set, { getMany: (uuids, o) => set.getMany(Array.isArray(uuids) ? [...new Set(uuids)] : uuids, o) }),
  },
  {
    name: 'elements come in the order of their uuids',
    breaks: ['get'],
    make: (set) => variant(set, { getMany: (uuids, o) => set.getMany(Array.isArray(uuids) && uuids.length > 2 ? [...uuids].sort() : uuids, o) }),
  },
  {
    name: 'unknown uuids are passed over',
    breaks: ['get'],
    make: (set) => variant(set, { getMany: (...call) => forgiving(set.getMany(...call), 'UNKNOWN_UID', []) }),
  },
  {
    name: 'the error does not say which uuids are unknown',
    breaks: ['get'],
    make: (set) => variant(set, { getMany: (...call) => withoutDetail(set.getMany(...call), 'uids') }),
  },
  {
    name: 'everything is there',
    breaks: ['add', 'get'],
    make: (set) => variant(set, { hasMany: async (...call) => (await set.hasMany(...call)).fill(1) }),
  },
  {
    name: 'the last element is left out',
    breaks: ['elements'],
    make: (set) =>
      variant(set, {
        async *elements(o) {
          let last: DataElement | undefined
          for await (const element of set.elements(o)) {
            if (last) yield last
            last = element
          }
          if ((await set.count()) !== 9 && last) yield last
        },
      }),
  },
  {
    name: 'uuids come in another order than the elements',
    breaks: ['elements'],
    make: (set) =>
      variant(set, {
        async *uuids(o) {
          const all: string[] = []
          for await (const uuid of set.uuids(o)) all.push(uuid)
          yield* all.reverse()
        },
      }),
  },
  {
    name: 'equal bytes give their uuid again',
    breaks: ['elements'],
    make: (set) => {
      const again: DataElement[] = []
      return variant(set, {
        addMany: (source, o) => {
          for (const batch of batchesOf(source)) if (batch.length === 4) again.push(batch[3]!)
          return set.addMany(source, o)
        },
        async *uuids(o) {
          yield* set.uuids(o)
          for (const element of again) yield element.uuid()
        },
      })
    },
  },
  {
    name: 'an element that is added again meanwhile comes again',
    breaks: ['elements'],
    make: (set) => {
      let again: readonly DataElement[] = []
      return variant(set, {
        addMany: (source, o) => {
          again = batchesOf(source)[1] ?? []
          return set.addMany(source, o)
        },
        async *elements(o) {
          again = []
          yield* set.elements(o)
          yield* again
        },
      })
    },
  },
]

const CHANGES: readonly DataSetMutant[] = [
  {
    name: 'count counts equal bytes again (#5)',
    breaks: ['add', 'elements'],
    make: (set) => {
      let given = 0
      return variant(set, {
        count: async (o) => Math.max(await set.count(o), Math.min(given, 1000)),
        addMany: async (source, o) => {
          const added = await set.addMany(source, o)
          given += added
          return added
        },
      })
    },
  },
  {
    name: 'equal bytes in one batch count once in what it gives',
    breaks: ['add'],
    make: (set) =>
      variant(set, {
        addMany: async (source, o) => {
          const batch = [...(batchesOf(source)[0] ?? [])]
          const added = await set.addMany(source, o)
          const uuids = new Set(await Promise.all(batch.map((element) => element.uuid())))
          return uuids.size === 1 && batch.length === 2 ? 1 : added
        },
      }),
  },
  {
    name: 'looks for the uuid that an element has now',
    breaks: ['add'],
    make: (set) => {
      const moved = async (uuid: string): Promise<boolean> => {
        for await (const element of set.elements()) if ((await element.uuid()) === uuid) return true
        return false
      }
      return variant(set, {
        hasMany: async (uuids, o) => {
          const there = await set.hasMany(uuids, o)
          return uuids.length === 2 && there.some((one) => one === 0) ? Uint8Array.from(await Promise.all([...uuids].map(moved)), Number) : there
        },
      })
    },
  },
  {
    name: 'the elements before a bad one of a batch stay',
    breaks: ['add'],
    make: (set) =>
      variant(set, {
        addMany: async (source, o) => {
          const batches = batchesOf(source)
          try {
            return await set.addMany(source, o)
          } catch (error) {
            if (CbirError.isInstance(error, 'NOT_FOUND')) await set.addMany([batches[1]!.slice(0, 1)])
            throw error
          }
        },
      }),
  },
  {
    name: 'an element that cannot be read is passed over',
    breaks: ['add'],
    make: (set) => variant(set, { addMany: (...call) => forgiving(set.addMany(...call), 'NOT_FOUND', 0) }),
  },
  {
    name: 'the error of a write does not say how many batches stand',
    breaks: ['abort', 'add'],
    make: (set) => variant(set, { addMany: (...call) => withoutDetail(set.addMany(...call), 'batchesApplied') }),
  },
  {
    name: 'the error of a source has no code',
    breaks: ['add'],
    make: (set) =>
      variant(set, {
        addMany: (...call) =>
          set.addMany(...call).catch((error: unknown) => {
            throw CbirError.isInstance(error, 'SOURCE_FAILED') ? error.cause : error
          }),
      }),
  },
  {
    name: 'what is no element is passed over',
    breaks: ['bad input'],
    make: (set) =>
      variant(set, {
        addMany: (source, o) => {
          const whole = Array.isArray(source) && source.length === 1 && Array.isArray(source[0]) && source[0].length === 2
          return set.addMany(whole ? [(source[0] as DataElement[]).filter((element) => typeof element?.uuid === 'function')] : source, o)
        },
      }),
  },
  {
    name: 'a text is a list of one uuid',
    breaks: ['bad input'],
    make: (set) => variant(set, { hasMany: (uuids, o) => set.hasMany(typeof uuids === 'string' ? [uuids] : uuids, o) }),
  },
  { name: 'says that it can be written', breaks: ['read-only'], readOnly: true, make: (set) => variant(set, { readOnly: false }) },
  {
    name: 'forgets what is added to it without an error',
    breaks: ['read-only'],
    readOnly: true,
    make: (set) => variant(set, { addMany: (...call) => forgiving(set.addMany(...call), 'READ_ONLY', 0) }),
  },
]

const CALLS: readonly DataSetMutant[] = [
  { name: 'ignores the signal', breaks: ['abort'], make: (set) => variant(set, { addMany: (source, o) => set.addMany(source, unsignalled(o)) }) },
  {
    name: 'looks at the signal only before it begins',
    breaks: ['abort'],
    make: (set) => variant(set, { addMany: (source, o) => set.addMany(source, o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  {
    name: 'an iteration looks at the signal only before it begins',
    breaks: ['abort'],
    make: (set) => variant(set, { elements: (o) => set.elements(o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (set) => variant(set, { getMany: (...call) => withoutReason(set.getMany(...call)) }),
  },
  { name: 'dispose does not wait', breaks: ['dispose'], make: (set) => variant(set, { dispose: async () => void set.dispose() }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (set) => variant(set, { dispose: async () => {} }) },
  {
    name: 'reads share one buffer for their uuids',
    breaks: ['concurrency'],
    make: (set) =>
      outliving(set, (lifetime) => {
        let scratch: readonly string[]
        return {
          getMany: (uuids, o) =>
            lifetime.run(async () => {
              const own = Array.isArray(uuids) ? [...uuids] : uuids
              scratch = own
              await undefined
              return set.getMany(scratch?.length === own?.length ? scratch : own, o)
            }),
        }
      }),
  },
  {
    name: 'a write during another one is lost',
    breaks: ['concurrency'],
    make: (set) => {
      let busy = 0
      return variant(set, {
        addMany: async (...call) => {
          if (busy > 0) return 0
          busy++
          return set.addMany(...call).finally(() => busy--)
        },
      })
    },
  },
  {
    name: 'reads wait for a write',
    breaks: ['concurrency'],
    make: (set) => {
      let writing: Promise<unknown> = Promise.resolve()
      return variant(set, {
        addMany: (...call) => {
          const written = set.addMany(...call)
          writing = written.catch(() => undefined)
          return written
        },
        getMany: async (...call) => {
          const elements = await set.getMany(...call)
          await writing
          return elements
        },
      })
    },
  },
  {
    name: 'a batch is seen half done',
    breaks: ['concurrency'],
    make: (set) =>
      variant(set, {
        addMany: async (source, o) => {
          const batches = batchesOf(source)
          if (batches.length !== 1 || batches[0]!.length !== 4 || o) return set.addMany(source, o)
          for (const element of [...batches[0]!]) {
            await set.addMany([[element]])
            await new Promise((resolve) => setTimeout(resolve, 2))
          }
          return 4
        },
      }),
  },
  {
    name: 'reads a list of uuids later than at the call',
    breaks: ['buffers'],
    make: (set) =>
      outliving(set, (lifetime) => ({
        getMany: (...call) =>
          lifetime.run(async () => {
            await undefined
            return set.getMany(...call)
          }),
      })),
  },
  {
    name: 'reads a batch later than at the call',
    breaks: ['buffers'],
    make: (set) =>
      outliving(set, (lifetime) => ({
        addMany: (...call) =>
          lifetime.run(async () => {
            if (!call[1]?.signal?.aborted) await undefined
            return set.addMany(...call)
          }),
      })),
  },
  {
    name: 'keeps the batches of a source and reads them at its end',
    breaks: ['buffers'],
    make: (set) => variant(set, { addMany: (source, o) => set.addMany(readAtTheEnd(source), o) }),
  },
]

const config = (set: DataSet, change: Record<string, unknown>): DataSet => variant(set, { toConfig: () => ({ ...set.toConfig(), config: change }) })

export const DATA_SET_MUTANTS: readonly DataSetMutant[] = [
  ...CONTENT,
  ...CHANGES,
  ...CALLS,
  { name: 'a configuration that JSON cannot hold', breaks: ['configuration'], make: (set) => config(set, { since: new Date(0) }) },
  { name: 'made again it has another configuration', breaks: ['configuration'], fromConfig: () => config(referenceDataSet(), { made: 'again' }) },
  {
    name: 'made again it holds something already',
    breaks: ['made again from its configuration › elements'],
    fromConfig: () => {
      const set = referenceDataSet()
      return variant(set, {
        async *elements(o) {
          yield* set.elements(o)
          if ((await set.count()) === 0) yield referenceDataElement(Uint8Array.of(1))
        },
      })
    },
  },
]
