// Wrong descriptor sets: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { CbirError, type DescriptorItems, type DescriptorSet, type ErrorCode } from '@cbir/core'
import { block, codeOf } from './index-mutant-tools.ts'
import { variant } from './run-mutants.ts'

export interface DescriptorSetMutant {
  readonly name: string
  readonly breaks: readonly string[]
  readonly make: (reference: DescriptorSet) => DescriptorSet
  /** For what is wrong only once the set was stored. */
  readonly reopen?: (reference: DescriptorSet) => DescriptorSet
}

const passOver =
  (code: ErrorCode, instead: unknown = undefined) =>
  (error: unknown): never => {
    if (codeOf(error) === code) return instead as never
    throw error
  }

async function* each(source: unknown, change: (batch: DescriptorItems) => DescriptorItems | DescriptorItems[]): AsyncGenerator<DescriptorItems> {
  for await (const batch of source as Iterable<DescriptorItems>) {
    const changed = change(batch)
    if (Array.isArray(changed)) yield* changed
    else yield changed
  }
}

const isSource = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)

/** Replaces what `addMany` reads. */
const adding =
  (change: (batch: DescriptorItems) => DescriptorItems | DescriptorItems[]) =>
  (set: DescriptorSet): DescriptorSet =>
    variant(set, { addMany: (source, options) => set.addMany(isSource(source) ? each(source, change) : source, options) })

const itemsOf = async (set: DescriptorSet): Promise<DescriptorItems[]> => {
  const all: DescriptorItems[] = []
  for await (const batch of set.items({ batchSize: 1 })) all.push(batch)
  return all
}

export const DESCRIPTOR_SET_MUTANTS: readonly DescriptorSetMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (set) => variant(set, { kind: 'data-set' as 'descriptor-set' }) },
  {
    name: 'gives rows in the order of their uids',
    breaks: ['get'],
    make: (set) => variant(set, { getVectors: (uids, ...rest) => set.getVectors(Array.isArray(uids) ? [...uids].sort() : uids, ...rest) }),
  },
  {
    name: 'a uid asked for twice gets nothing the second time (#7)',
    breaks: ['get'],
    make: (set) =>
      variant(set, {
        getVectors: async (uids, into, options) => {
          const asked = [...uids]
          const dimensions = await set.getVectors(asked, into, options)
          const seen = new Set<string>()
          for (const [i, uid] of asked.entries()) if (seen.size === seen.add(uid).size) into.fill(0, i * dimensions, (i + 1) * dimensions)
          return dimensions
        },
      }),
  },
  {
    name: 'an unknown uid gets zeros',
    breaks: ['get'],
    make: (set) => variant(set, { getVectors: (...call) => set.getVectors(...call).catch(passOver('UNKNOWN_UID', 8)) }),
  },
  {
    name: 'writes what fits into too small an array',
    breaks: ['get'],
    make: (set) =>
      variant(set, {
        getVectors: async (uids, into, options) => {
          try {
            return await set.getVectors(uids, into, options)
          } catch (error) {
            if (codeOf(error) !== 'INVALID_ARGUMENT' || !(into instanceof Float32Array)) throw error
            return set.getVectors(uids.slice(0, 1), into, options)
          }
        },
      }),
  },
  {
    name: 'a known uid keeps its old vector',
    breaks: ['add'],
    make: (set) =>
      variant(set, {
        addMany: async (source, options) => {
          if (!Array.isArray(source) || source.length !== 1 || typeof source[0] !== 'object') return set.addMany(source, options)
          const [{ uids, vectors, attributes }] = source as [DescriptorItems]
          const has = await set.hasMany(uids).catch(() => undefined)
          if (!has?.includes(1) || vectors.data.length !== uids.length * vectors.dimensions) return set.addMany(source, options)
          const old = new Float32Array(uids.length * vectors.dimensions)
          for (const [i, uid] of uids.entries()) {
            const row = old.subarray(i * vectors.dimensions, (i + 1) * vectors.dimensions)
            row.set(vectors.data.subarray(i * vectors.dimensions, (i + 1) * vectors.dimensions))
            if (has[i] && (await set.dimensionsOf(uid)) === vectors.dimensions) await set.getVectors([uid], row)
          }
          return set.addMany([{ uids, vectors: { ...vectors, data: old }, attributes }], options)
        },
      }),
  },
  {
    name: 'of a uid twice in a batch the last wins',
    breaks: ['add'],
    make: adding((batch) => {
      if (!Array.isArray(batch?.uids) || new Set(batch.uids).size === batch.uids.length || batch.uids.some((uid) => typeof uid !== 'string'))
        return batch
      const { data, dimensions } = batch.vectors
      return batch.uids.map((uid, i) => ({ uids: [uid], vectors: { data: data.slice(i * dimensions, (i + 1) * dimensions), count: 1, dimensions } }))
    }),
  },
  {
    name: 'forgets attributes',
    breaks: ['attributes'],
    make: adding(({ uids, vectors }) => ({ uids, vectors })),
  },
  {
    name: 'does not say how many batches stand',
    breaks: ['abort', 'add'],
    make: (set) =>
      variant(set, {
        addMany: (...call) =>
          set.addMany(...call).catch((error: unknown) => {
            if (!CbirError.isInstance(error)) throw error
            throw new CbirError(error.code, error.message, { cause: error.cause, details: { uids: error.details['uids'] } })
          }),
      }),
  },
  {
    name: 'removes what comes before an unknown uid (#7)',
    breaks: ['remove'],
    make: (set) =>
      variant(set, {
        removeMany: async (uids, options) => {
          if (!Array.isArray(uids) || uids.length < 2) return set.removeMany(uids, options)
          for (const uid of [...uids]) await set.removeMany([uid], options)
        },
      }),
  },
  {
    name: 'passes over unknown uids in removeMany',
    breaks: ['concurrency', 'remove'],
    make: (set) => variant(set, { removeMany: (...call) => set.removeMany(...call).catch(passOver('UNKNOWN_UID')) }),
  },
  {
    name: 'clear leaves the first row',
    breaks: ['remove'],
    make: (set) =>
      variant(set, {
        clear: async (options) => {
          const [first] = await itemsOf(set)
          await set.clear(options)
          if (first) await set.addMany([first])
        },
      }),
  },
  {
    name: 'items come in the order of their uids',
    breaks: ['items'],
    make: (set) =>
      variant(set, {
        async *items({ batchSize, ...options } = {}) {
          for await (const _ of set.items({ batchSize, ...options })) break
          const all = (await itemsOf(set)).sort((a, b) => (a.uids[0]! < b.uids[0]! ? -1 : 1))
          yield* all
        },
      }),
  },
  {
    name: 'items takes any batchSize for the default',
    breaks: ['items'],
    make: (set) => variant(set, { items: ({ batchSize: _, ...options } = {}) => set.items(options) }),
  },
  {
    name: 'an element keeps the vector that it had',
    breaks: ['elements'],
    make: (set) =>
      variant(set, {
        getMany: async (...call) => {
          const elements = await set.getMany(...call)
          const vectors = await Promise.all(elements.map((element) => element.vector()))
          return elements.map((element, i) => variant(element, { hasVector: async () => true, vector: async () => vectors[i]!.slice() }))
        },
      }),
  },
  {
    name: 'stores NaN as 0',
    breaks: ['bad input'],
    make: adding((batch) => {
      const { vectors } = batch ?? {}
      if (!(vectors?.data instanceof Float32Array) || vectors.data.length !== vectors.count * vectors.dimensions) return batch
      return { ...batch, vectors: { ...vectors, data: Float32Array.from(vectors.data, (x) => (Number.isFinite(x) ? x : 0)) } }
    }),
  },
  {
    name: 'takes any attributes',
    breaks: ['attributes'],
    make: (set) =>
      variant(set, {
        addMany: (source, options) =>
          set.addMany(source, options).catch((error: unknown) => {
            const attributes = Array.isArray(source) ? (source[0] as DescriptorItems | undefined)?.attributes : undefined
            if (attributes === undefined || codeOf(error) !== 'INVALID_ARGUMENT') throw error
            return 0
          }),
      }),
  },
  { name: 'says that it is read-only', breaks: ['read-only'], make: (set) => variant(set, { readOnly: true }) },
  {
    name: 'ignores the signal in reads',
    breaks: ['abort'],
    make: (set) => variant(set, { hasMany: (uids) => set.hasMany(uids), getVectors: (uids, into) => set.getVectors(uids, into) }),
  },
  { name: 'dispose does not wait', breaks: ['dispose'], make: (set) => variant(set, { dispose: async () => void set.dispose() }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (set) => variant(set, { dispose: async () => {} }) },
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
        hasMany: async (...call) => {
          const found = await set.hasMany(...call)
          await writing
          return found
        },
      })
    },
  },
  {
    name: 'a read sees half of a batch',
    breaks: ['concurrency'],
    make: adding((batch) => {
      if (batch?.uids?.[0] !== 'w') return batch
      const { data, dimensions } = batch.vectors
      return batch.uids.map((uid, i) => ({ uids: [uid], vectors: { data: data.slice(i * dimensions, (i + 1) * dimensions), count: 1, dimensions } }))
    }),
  },
  {
    name: 'a long read blocks',
    breaks: ['event loop'],
    make: (set) =>
      variant(set, {
        getVectors: async (uids, ...rest) => {
          if (uids.length > 10_000) block(400)
          return set.getVectors(uids, ...rest)
        },
      }),
  },
  {
    name: 'reads a list of uids later than at the call',
    breaks: ['buffers'],
    make: (set) =>
      variant(set, {
        removeMany: async (...call) => {
          await undefined
          return set.removeMany(...call)
        },
      }),
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (set) => variant(set, { toConfig: () => ({ ...set.toConfig(), config: { since: new Date(0) } }) }),
  },
  {
    name: 'a row is lost when it is opened again',
    breaks: ['persistence'],
    make: (set) => set,
    reopen: (set) => {
      let first = true
      const lose = async (): Promise<void> => {
        if (!first) return
        first = false
        const all = await itemsOf(set)
        if (all.length > 1) await set.removeMany([all[all.length - 1]!.uids[0]!])
      }
      return variant(set, {
        count: async (options) => {
          await lose()
          return set.count(options)
        },
      })
    },
  },
]
