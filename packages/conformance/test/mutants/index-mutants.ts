// Wrong indexes: the reference with one thing broken, at least one for each group. `#n` names the defect of SMQTK that a mutant repeats.

import { type FullIndex, type MetricName, openReferenceNearestNeighborsIndex } from '@cbir/conformance'
import { CbirError, type IndexCapability, type Items } from '@cbir/core'
import { Lifetime } from '@cbir/core/define'
import { batchKeeper } from './batch-keeper.ts'
import {
  answering,
  block,
  changed,
  clear,
  codeOf,
  copied,
  fitted,
  healed,
  hitsOf,
  measuring,
  neighbours,
  rowsOf,
  uidsOf,
} from './index-mutant-tools.ts'
import { variant } from './run-mutants.ts'

/** A wrong index and the groups that must notice. */
export interface IndexMutant {
  readonly name: string
  readonly breaks: readonly string[]
  /** `euclidean` where absent. */
  readonly metric?: MetricName
  readonly make: (reference: FullIndex) => FullIndex
}

const BAD_VECTORS = 'wrong dimension, NaN, Infinity'

const ANSWERS: readonly IndexMutant[] = [
  {
    name: 'declares less than it has',
    breaks: ['capabilities'],
    make: (index) => variant(index, { capabilities: new Set<IndexCapability>(['update']) }),
  },
  { name: 'is of another kind', breaks: ['component'], make: (index) => variant(index, { kind: 'hash-index' as 'nearest-neighbors-index' }) },
  { name: 'saves without declaring it', breaks: ['capabilities'], make: (index) => variant(index, { save: async () => {} }) },
  { name: 'squared distances (#6: MRPT)', breaks: ['distance', 'metrics'], make: measuring((d) => d * d) },
  { name: 'distances off by a thousandth', breaks: ['distance', 'metrics'], make: measuring((d) => d * 1.001) },
  {
    name: 'an angle in place of the cosine (SMQTK)',
    breaks: ['distance', 'metrics'],
    metric: 'cosine',
    make: measuring((d) => (2 * Math.acos(1 - d)) / Math.PI),
  },
  {
    name: 'distances of a batch re-sorted apart from their uids (#6: FAISS)',
    breaks: ['distance'],
    metric: 'inner-product',
    make: (index) => {
      const apart = answering((hits) => hits.map(({ distance }, i) => ({ uid: hits[hits.length - 1 - i]!.uid, distance })))(index)
      return variant(index, { nearest: (q, k, o) => (q.count >= 5 ? apart : index).nearest(q, k, o) })
    },
  },
  {
    name: 'the cosine of a zero vector is NaN (#7)',
    breaks: ['zero vector'],
    metric: 'cosine',
    make: answering((hits, query) => hits.map((hit) => (hit.uid === 'zero' || query.every((x) => x === 0) ? { ...hit, distance: Number.NaN } : hit))),
  },
  {
    name: 'a zero vector is at distance 0 of itself',
    breaks: ['zero vector'],
    metric: 'cosine',
    make: answering((hits, query) => hits.map((hit) => (hit.uid === 'zero' && query.every((x) => x === 0) ? { ...hit, distance: 0 } : hit))),
  },
  { name: 'farthest first', breaks: ['order'], make: answering((hits) => [...hits].reverse()) },
  {
    name: 'ties in the order of their names',
    breaks: ['order'],
    make: answering((hits) => [...hits].sort((a, b) => a.distance - b.distance || (a.uid < b.uid ? -1 : 1))),
  },
  {
    name: 'offsets are lengths',
    breaks: ['order'],
    make: (index) =>
      variant(index, {
        nearest: async (...call) => {
          const found = await index.nearest(...call)
          return { ...found, offsets: found.offsets.map((at, i) => at - (found.offsets[i - 1] ?? 0)) }
        },
      }),
  },
  {
    name: 'looks at half of the rows (#3: as few candidates as neighbours)',
    breaks: ['recall'],
    make: (index) =>
      variant(index, {
        nearest: (q, k, o) => index.nearest(q, k, index.count >= 300 && !o?.filter ? { ...o, filter: (uid) => /[02468]\//.test(uid) } : o),
      }),
  },
  {
    name: 'k is rounded',
    breaks: ['k'],
    make: (index) => variant(index, { nearest: (q, k, o) => index.nearest(q, Number.isFinite(k) ? Math.max(1, Math.round(k)) : k, o) }),
  },
  {
    name: 'fills up to k with the last neighbour',
    breaks: ['k'],
    make: (index) =>
      variant(index, {
        nearest: async (q, k, o) => {
          const found = await index.nearest(q, k, o)
          if (o?.filter || k > 1000) return found
          return neighbours(hitsOf(found).map((hits) => Array.from({ length: k }, (_, i) => hits[Math.min(i, hits.length - 1)]!)))
        },
      }),
  },
  {
    name: 'k above the number of rows is an error',
    breaks: ['k'],
    make: (index) =>
      variant(index, {
        nearest: async (q, k, o) => {
          if (k > index.count && index.count > 0 && !o?.filter) throw new CbirError('INVALID_ARGUMENT', 'k is more than the rows')
          return index.nearest(q, k, o)
        },
      }),
  },
  {
    name: 'an index without rows gives an empty answer',
    breaks: ['empty index'],
    make: (index) =>
      variant(index, {
        nearest: async (...call) => {
          try {
            return await index.nearest(...call)
          } catch (error) {
            if (codeOf(error) === 'EMPTY_INDEX') return neighbours([[]])
            throw error
          }
        },
      }),
  },
  {
    name: 'takes any name of tuning',
    breaks: ['tuning'],
    make: (index) => variant(index, { nearest: (q, k, { tuning: _, ...o } = {}) => index.nearest(q, k, o) }),
  },
]

const FILTERS: readonly IndexMutant[] = [
  {
    name: 'ignores the filter',
    breaks: ['filter'],
    make: (index) => variant(index, { nearest: (q, k, { filter: _, ...o } = {}) => index.nearest(q, k, o) }),
  },
  {
    name: 'filters the k neighbours instead of the rows',
    breaks: ['filter'],
    make: (index) =>
      variant(index, {
        nearest: async (q, k, { filter, ...o } = {}) => {
          const passes = typeof filter === 'function' ? filter : (filter?.predicate ?? (() => true))
          return neighbours(hitsOf(await index.nearest(q, k, o)).map((hits) => hits.filter(({ uid }) => passes(uid))))
        },
      }),
  },
  {
    name: 'a compiled filter never sees later rows',
    breaks: ['filter'],
    make: (index) =>
      variant(index, {
        compileFilter: async (predicate, o) => {
          const uids = new Set((await uidsOf(index)).filter(predicate))
          return index.compileFilter((uid) => uids.has(uid), o)
        },
      }),
  },
  {
    name: 'takes whatever a predicate gives for its truth',
    breaks: ['filter'],
    make: (index) =>
      variant(index, {
        nearest: (q, k, o) => {
          const filter = o?.filter
          return index.nearest(q, k, typeof filter === 'function' ? { ...o, filter: (uid) => Boolean(filter(uid)) } : o)
        },
      }),
  },
  {
    name: 'a filter that passes no row is an error',
    breaks: ['filter'],
    make: (index) =>
      variant(index, {
        nearest: async (q, k, o) => {
          const found = await index.nearest(q, k, o)
          if (o?.filter && found.uids.length === 0) throw new CbirError('EMPTY_INDEX', 'nothing passes')
          return found
        },
      }),
  },
  {
    name: 'within leaves out the radius itself',
    breaks: ['range'],
    make: (index) => within(index, (hits, radius) => hits.filter(({ distance }) => distance < radius)),
  },
  { name: 'within gives the farthest first', breaks: ['range'], make: (index) => within(index, (hits) => [...hits].reverse()) },
  {
    name: 'within takes the radius for a square',
    breaks: ['range'],
    make: (index) => within(index, (hits, radius) => hits.filter(({ distance }) => distance * distance <= radius)),
  },
  {
    name: 'within ignores the filter',
    breaks: ['range'],
    make: (index) => variant(index, { within: (q, r, { filter: _, ...o } = {}) => index.within(q, r, o) }),
  },
  {
    name: 'within takes NaN for everything',
    breaks: ['range'],
    make: (index) => variant(index, { within: (q, r, o) => index.within(q, Number.isNaN(r) ? 1e9 : r, o) }),
  },
]

const within = (
  index: FullIndex,
  change: (hits: { uid: string; distance: number }[], radius: number) => { uid: string; distance: number }[],
): FullIndex =>
  variant(index, { within: async (q, radius, o) => neighbours(hitsOf(await index.within(q, radius, o)).map((hits) => change(hits, radius))) })

const BUILDS: readonly IndexMutant[] = [
  {
    name: 'NaN in a query is taken for 0',
    breaks: [BAD_VECTORS],
    make: (index) => variant(index, { nearest: (q, k, o) => index.nearest(healed(q), k, o) }),
  },
  {
    name: 'NaN in a range query is taken for 0',
    breaks: [BAD_VECTORS],
    make: (index) => variant(index, { within: (q, r, o) => index.within(healed(q), r, o) }),
  },
  {
    name: 'NaN in a build is taken for 0',
    breaks: [BAD_VECTORS],
    make: (index) =>
      variant(index, {
        build: (s, o) =>
          index.build(
            changed(s, (items) => ({ ...items, vectors: healed(items.vectors) })),
            o,
          ),
      }),
  },
  {
    name: 'NaN in an update is taken for 0',
    breaks: [BAD_VECTORS],
    make: (index) =>
      variant(index, {
        update: (s, o) =>
          index.update(
            changed(s, (items) => ({ ...items, vectors: healed(items.vectors) })),
            o,
          ),
      }),
  },
  {
    name: 'a query of a wrong dimension is cut or filled up',
    breaks: [BAD_VECTORS],
    make: (index) => variant(index, { nearest: (q, k, o) => index.nearest(fitted(q, index.dimensions), k, o) }),
  },
  {
    name: 'a row of a wrong dimension is cut or filled up',
    breaks: [BAD_VECTORS],
    make: (index) =>
      variant(index, {
        update: (s, o) =>
          index.update(
            changed(s, (items) => ({ ...items, vectors: fitted(items.vectors, index.dimensions) })),
            o,
          ),
      }),
  },
  {
    name: 'uids that are numbers become texts',
    breaks: [BAD_VECTORS],
    make: (index) =>
      variant(index, {
        build: (s, o) =>
          index.build(
            changed(s, (items) => ({ ...items, uids: items.uids.map(String) })),
            o,
          ),
      }),
  },
  {
    name: 'a build with nothing is no error (#7: LibSvmHik)',
    breaks: ['build with nothing'],
    make: (index) =>
      variant(index, {
        build: (...call) =>
          index.build(...call).catch((error: unknown) => {
            if (codeOf(error) === 'EMPTY_BUILD') return 0
            throw error
          }),
      }),
  },
  {
    name: 'a build clears the old index before it reads its source (#7: LSH)',
    breaks: ['build with nothing', 'build twice', 'concurrency'],
    make: (index) =>
      variant(index, {
        build: async (source, options) => {
          if (!options?.signal?.aborted) await clear(index)
          return index.build(source, options)
        },
      }),
  },
  {
    name: 'a build whose source throws clears the index',
    breaks: ['build twice'],
    make: (index) =>
      variant(index, {
        build: (...call) =>
          index.build(...call).catch(async (error: unknown) => {
            if (codeOf(error) === 'SOURCE_FAILED') await clear(index)
            throw error
          }),
      }),
  },
  {
    name: 'a second build adds to the first',
    breaks: ['build twice', 'concurrency', 'origin'],
    make: (index) =>
      variant(index, {
        build: async (source, options) => {
          if (index.count === 0 || typeof source !== 'object' || source === null || 'uids' in source) return index.build(source, options)
          let rows = 0
          const count = await index.update(
            changed(source, (items) => {
              rows += items.uids.length
              return items
            }),
            options,
          )
          return rows === 0 ? index.build([], options) : count
        },
      }),
  },
  {
    name: 'a uid twice in a build: the first wins',
    breaks: ['build twice'],
    make: (index) =>
      variant(index, {
        build: (source, options) => {
          const seen = new Set<string>()
          const firsts = changed(source, (items) => {
            const fresh = new Set(items.uids.filter((uid) => !seen.has(uid)))
            for (const uid of fresh) seen.add(uid)
            const repeats = fresh.size < items.uids.length && items.uids.length === items.vectors.count
            return repeats ? rowsOf(items, (uid) => fresh.delete(uid)) : items
          })
          return index.build(firsts, options)
        },
      }),
  },
]

const CHANGES: readonly IndexMutant[] = [
  {
    name: 'an update of a known uid is ignored (#6: FAISS)',
    breaks: ['update'],
    make: (index) =>
      variant(index, {
        update: async (source, options) => {
          const known = new Set(index.origin.producer === undefined ? await uidsOf(index) : [])
          return index.update(
            changed(source, (items) => (items.uids.some((uid) => known.has(uid)) ? rowsOf(items, (uid) => !known.has(uid)) : items)),
            options,
          )
        },
      }),
  },
  {
    name: 'an update of a known uid leaves the old row (#5: LSH, ball tree)',
    breaks: ['concurrency', 'update'],
    make: (index) => {
      const alias = '\u0000'
      return variant(answering((hits) => hits.map(({ uid, distance }) => ({ uid: uid.split(alias)[0]!, distance })))(index), {
        update: async (source, options) => {
          const known = new Set(index.origin.producer === undefined ? await uidsOf(index) : [])
          const rename = (uid: string): string => (known.has(uid) ? `${uid}${alias}${Math.random()}` : uid)
          return index.update(
            changed(source, (items) => ({ ...items, uids: items.uids.map(rename) })),
            options,
          )
        },
      })
    },
  },
  {
    name: 'count counts an updated uid again (#5: LSH)',
    breaks: ['update'],
    make: (index) => {
      let extra = 0
      return variant(index, {
        get count() {
          return index.count + extra
        },
        update: async (source, options) => {
          const known = new Set(index.origin.producer === undefined ? await uidsOf(index) : [])
          let again = 0
          const counted = changed(source, (items) => {
            again += items.uids.filter((uid) => known.has(uid) && uid.startsWith('item')).length
            return items
          })
          const count = await index.update(counted, options)
          extra += again
          return count + extra
        },
      })
    },
  },
  {
    name: 'the rows before a bad one of a batch stay',
    breaks: ['update'],
    make: (index) =>
      variant(index, {
        update: async (source, options) => {
          let batch: Items = { uids: [], vectors: { data: new Float32Array(0), count: 0, dimensions: 1 } }
          try {
            return await index.update(
              changed(source, (items) => {
                batch = items
                return items
              }),
              options,
            )
          } catch (error) {
            if (codeOf(error) === 'DUPLICATE_UID')
              await index.update([rowsOf(batch, (uid) => batch.uids.indexOf(uid) === batch.uids.lastIndexOf(uid))])
            throw error
          }
        },
      }),
  },
  {
    name: 'a uid twice in one update: the last wins',
    breaks: ['update'],
    make: (index) =>
      variant(index, {
        update: async (source, options) => {
          let count = index.count
          const single = changed(source, (items) => items)
          try {
            return await index.update(single, options)
          } catch (error) {
            if (codeOf(error) !== 'DUPLICATE_UID') throw error
            count = index.count
            return count
          }
        },
      }),
  },
  {
    name: 'the error of an update does not say how many batches stand',
    breaks: ['abort', 'update'],
    make: (index) =>
      variant(index, {
        update: (...call) =>
          index.update(...call).catch((error: unknown) => {
            if (!CbirError.isInstance(error)) throw error
            const { batchesApplied: _, ...details } = error.details
            throw new CbirError(error.code, error.message, { cause: error.cause, details })
          }),
      }),
  },
  {
    name: 'a uid that does not exist is passed over in remove',
    breaks: ['remove'],
    make: (index) =>
      variant(index, {
        remove: async (uids, options) => {
          const list = [...uids]
          const known = new Set(await uidsOf(index))
          return index.remove(
            list.filter((uid) => known.has(uid)),
            options,
          )
        },
      }),
  },
  {
    name: 'remove removes what comes before an unknown uid (#7)',
    breaks: ['remove'],
    make: (index) =>
      variant(index, {
        remove: async (uids, options) => {
          let count = index.count
          for (const uid of [...uids]) count = await index.remove([uid], options)
          return count
        },
      }),
  },
  {
    name: 'a uid twice in remove counts once',
    breaks: ['remove'],
    make: (index) => variant(index, { remove: (uids, o) => index.remove(new Set(uids), o) }),
  },
  {
    name: 'removing the last row brings it back (#5: LSH cache)',
    breaks: ['empty index'],
    make: (index) => {
      return variant(index, {
        remove: async (uids, options) => {
          const list = [...uids]
          const last = list.length === index.count && index.count > 0 ? list[list.length - 1]! : undefined
          await index.remove(last === undefined ? list : list.slice(0, -1), options)
          return index.count
        },
      })
    },
  },
  {
    name: 'a build forgets its origin',
    breaks: ['origin'],
    make: (index) => variant(index, { build: (s, { origin: _, ...o } = {}) => index.build(s, o) }),
  },
  {
    name: 'takes updates of any origin',
    breaks: ['origin'],
    make: (index) => variant(index, { update: (s, { origin: _, ...o } = {}) => index.update(s, o) }),
  },
  {
    name: 'wants producer and space to be the same',
    breaks: ['origin'],
    make: (index) =>
      variant(index, {
        update: async (s, o) => {
          if (o?.origin && o.origin.producer !== index.origin.producer) throw new CbirError('FINGERPRINT_MISMATCH', 'another producer')
          return index.update(s, o)
        },
      }),
  },
]

const unsignalled = <O extends { signal?: unknown }>({ signal: _, ...options }: O = {} as O): Omit<O, 'signal'> => options

const CALLS: readonly IndexMutant[] = [
  {
    name: 'ignores the signal',
    breaks: ['abort'],
    make: (index) =>
      variant(index, {
        build: (s, o) => index.build(s, unsignalled(o)),
        update: (s, o) => index.update(s, unsignalled(o)),
        remove: (u, o) => index.remove(u, unsignalled(o)),
        nearest: (q, k, o) => index.nearest(q, k, unsignalled(o)),
      }),
  },
  {
    name: 'looks at the signal only before it begins',
    breaks: ['abort'],
    make: (index) => variant(index, { build: (s, o) => index.build(s, o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (index) =>
      variant(index, {
        nearest: (...call) =>
          index.nearest(...call).catch((error: unknown) => {
            throw codeOf(error) === 'ABORTED' ? new CbirError('ABORTED', 'aborted') : error
          }),
      }),
  },
  {
    name: 'never reports progress',
    breaks: ['progress'],
    make: (index) => variant(index, { build: (s, { onProgress: _, ...o } = {}) => index.build(s, o) }),
  },
  {
    name: 'progress goes back',
    breaks: ['progress'],
    make: (index) => variant(index, { build: (s, o) => index.build(s, { ...o, onProgress: ({ done }) => o?.onProgress?.({ done: -done }) }) }),
  },
  { name: 'dispose does not wait', breaks: ['dispose'], make: (index) => variant(index, { dispose: async () => void index.dispose() }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (index) => variant(index, { dispose: async () => {} }) },
  {
    name: 'dispose fails the queries in flight',
    breaks: ['dispose'],
    make: (index) => {
      let disposed = false
      return variant(index, {
        nearest: async (...call) => {
          const found = await index.nearest(...call)
          if (disposed) throw new CbirError('DISPOSED', 'disposed')
          return found
        },
        dispose: () => {
          disposed = true
          return index.dispose()
        },
      })
    },
  },
  {
    name: 'queries share one buffer for their input',
    breaks: ['concurrency'],
    make: (index) => {
      const lifetime = new Lifetime('mutant')
      let scratch: Parameters<FullIndex['nearest']>[0]
      return variant(index, {
        nearest: (q, k, o) =>
          lifetime.run(async () => {
            scratch = q && { ...q, data: q.data.slice() }
            await undefined
            return index.nearest(scratch.count === q.count ? scratch : q, k, o)
          }),
        dispose: () => lifetime.dispose(() => index.dispose()),
      })
    },
  },
  {
    name: 'queries wait for a build',
    breaks: ['concurrency'],
    make: (index) => {
      let building: Promise<unknown> = Promise.resolve()
      return variant(index, {
        build: (...call) => {
          const built = index.build(...call)
          building = built.catch(() => undefined)
          return built
        },
        nearest: async (...call) => {
          const found = await index.nearest(...call)
          await building
          return found
        },
      })
    },
  },
  {
    name: 'queries wait for an update',
    breaks: ['concurrency'],
    make: (index) => {
      let updating: Promise<unknown> = Promise.resolve()
      return variant(index, {
        update: (...call) => {
          const updated = index.update(...call)
          updating = updated.catch(() => undefined)
          return updated
        },
        nearest: async (...call) => {
          const found = await index.nearest(...call)
          await updating
          return found
        },
      })
    },
  },
  {
    name: 'an update during another one is lost',
    breaks: ['concurrency'],
    make: (index) => {
      let busy = 0
      return variant(index, {
        update: async (...call) => {
          if (busy > 0) return index.count
          busy++
          return index.update(...call).finally(() => busy--)
        },
      })
    },
  },
  {
    name: 'a batch of an update is seen half done',
    breaks: ['concurrency'],
    make: (index) =>
      variant(index, {
        update: async (source, options) => {
          if (!Array.isArray(source) || source.length !== 1 || source[0].uids[0] !== 'four 0/é✓') return index.update(source, options)
          const [batch] = await copied(source)
          for (const uid of batch!.uids) await index.update([rowsOf(batch!, (one) => one === uid)], options)
          return index.count
        },
      }),
  },
  {
    name: 'a long build blocks',
    breaks: ['event loop'],
    make: (index) =>
      variant(index, {
        build: async (...call) => {
          const count = await index.build(...call)
          if (count > 10_000) block(400)
          return count
        },
      }),
  },
  {
    name: 'a batch of queries blocks',
    breaks: ['event loop'],
    make: (index) =>
      variant(index, {
        nearest: async (q, k, o) => {
          if (q.count !== 16) return index.nearest(q, k, o)
          block(400)
          return index.nearest({ ...q, data: q.data.subarray(0, q.dimensions), count: 1 }, k, o)
        },
      }),
  },
  {
    name: 'compiling a filter blocks',
    breaks: ['event loop'],
    make: (index) =>
      variant(index, {
        compileFilter: async (...call) => {
          if (index.count > 10_000) block(400)
          return index.compileFilter(...call)
        },
      }),
  },
  {
    name: 'reads a query later than at the call',
    breaks: ['buffers'],
    make: (index) => {
      const lifetime = new Lifetime('mutant')
      return variant(index, {
        nearest: (...call) =>
          lifetime.run(async () => {
            await undefined
            return index.nearest(...call)
          }),
        dispose: () => lifetime.dispose(() => index.dispose()),
      })
    },
  },
  {
    name: 'reads a list of uids later than at the call',
    breaks: ['buffers'],
    make: (index) =>
      variant(index, {
        remove: async (...call) => {
          await undefined
          return index.remove(...call)
        },
      }),
  },
  {
    name: 'keeps the batches of a source and reads them at its end',
    breaks: ['buffers'],
    make: (index) =>
      variant(index, {
        update: async (source, options) => {
          if (Array.isArray(source) || !(Symbol.iterator in source)) return index.update(source, options)
          return index.update([...source], options)
        },
        build: async (source, options) => {
          if (typeof source !== 'object' || source === null || Array.isArray(source) || !(Symbol.iterator in source))
            return index.build(source, options)
          return index.build([...source], options)
        },
      }),
  },
  {
    name: 'its driver keeps the batches that it gets',
    breaks: ['buffers', 'build twice', 'concurrency', 'update'],
    make: () => batchKeeper('euclidean'),
  },
  {
    name: 'answers share one buffer',
    breaks: ['buffers'],
    make: (index) => {
      const shared = new Float32Array(100_000)
      return variant(index, {
        nearest: async (...call) => {
          const found = await index.nearest(...call)
          shared.set(found.distances)
          return { ...found, distances: shared.subarray(0, found.distances.length) }
        },
      })
    },
  },
]

/** Wrong in ways that show on any index, run without files. */
export const INDEX_MUTANTS: readonly IndexMutant[] = [...ANSWERS, ...FILTERS, ...BUILDS, ...CHANGES, ...CALLS]

/** A wrong way to save, open or describe itself: `wrap` is applied to every index that the suite gets, `open` replaces the opening. */
export interface StoredIndexMutant {
  readonly name: string
  readonly breaks: readonly string[]
  /** Groups of reruns count too; otherwise a broken file breaks whatever is done on what was read from it. */
  readonly reruns?: boolean
  readonly wrap?: (reference: FullIndex) => FullIndex
  readonly open?: (directory: string) => Promise<FullIndex>
  readonly fromConfig?: (index: FullIndex) => FullIndex
}

const open = (directory: string): Promise<FullIndex> => openReferenceNearestNeighborsIndex({ metric: 'euclidean', directory })

export const STORED_INDEX_MUTANTS: readonly StoredIndexMutant[] = [
  {
    name: 'a saved index lost its last row',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await open(directory)
      if (index.count > 1) await index.remove([(await uidsOf(index))[index.count - 1]!])
      return variant(index, { dispose: async () => {} })
    },
  },
  {
    name: 'a saved index lost its origin',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await open(directory)
      let own = false
      return variant(index, {
        get origin() {
          return own ? index.origin : {}
        },
        build: async (...call) => {
          own = true
          return index.build(...call)
        },
      })
    },
  },
  { name: 'an attachment is not written', breaks: ['persistence'], wrap: (index) => variant(index, { attach: () => {} }) },
  { name: 'flush writes nothing', breaks: ['persistence'], open: async (directory) => variant(await open(directory), { flush: async () => {} }) },
  {
    name: 'dispose does not write what was changed',
    breaks: ['persistence'],
    open: async (directory) => variant(await open(directory), { dispose: async () => {} }),
  },
  {
    name: 'a damaged file opens as an empty index',
    breaks: ['persistence'],
    open: (directory) => open(directory).catch(() => open(`${directory}-elsewhere`)),
  },
  {
    name: 'a damaged file is an error without a code',
    breaks: ['persistence'],
    open: (directory) =>
      open(directory).catch((error: unknown) => {
        throw new SyntaxError(String(error))
      }),
  },
  {
    name: 'saves an index without rows',
    breaks: ['persistence'],
    wrap: (index) => variant(index, { save: async (...call) => (index.count > 0 ? index.save(...call) : undefined) }),
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    wrap: (index) => variant(index, { toConfig: () => ({ ...index.toConfig(), config: { metric: 'euclidean', since: new Date(0) } }) }),
    fromConfig: (index) => index,
  },
  {
    name: 'the configuration changes with the content',
    breaks: ['configuration'],
    wrap: (index) => variant(index, { toConfig: () => ({ ...index.toConfig(), config: { metric: 'euclidean', rows: index.count } }) }),
  },
  {
    name: 'made again it has lost an option',
    breaks: ['configuration'],
    fromConfig: (index) => variant(index, { toConfig: () => ({ ...index.toConfig(), config: {} }) }),
  },
  {
    name: 'once reopened, remove passes over unknown uids',
    breaks: ['closed and reopened › remove'],
    reruns: true,
    open: async (directory) => {
      const index = await open(directory)
      return variant(index, {
        remove: async (uids, options) => {
          const list = [...uids]
          const known = new Set(await uidsOf(index))
          return index.remove(
            list.filter((uid) => known.has(uid)),
            options,
          )
        },
      })
    },
  },
  {
    name: 'made again from its configuration, k is rounded',
    breaks: ['made again from its configuration › k'],
    reruns: true,
    fromConfig: (index) => variant(index, { nearest: (q, k, o) => index.nearest(q, Number.isFinite(k) ? Math.max(1, Math.round(k)) : k, o) }),
  },
]
