// Wrong hash indexes: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { type FullHashIndex, openReferenceHashIndex, referenceHashIndex } from '@cbir/conformance'
import { type BitBatch, bitBatchOf, bitsOf, type CodeNeighbours, type HashIndexCapability } from '@cbir/core'
import { block, codeOf, forgiving, outliving, readAtTheEnd, unsignalled, withoutDetail, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface HashIndexMutant extends Mutant {
  readonly make?: (index: FullHashIndex) => FullHashIndex
  /** Runs the suite with the ability `persist`. */
  readonly open?: (directory: string) => Promise<FullHashIndex>
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: () => FullHashIndex
}

const isBatch = (codes: BitBatch): boolean => codes?.data instanceof Uint8Array && codes.count > 0 && codes.data.length === codes.count * codes.stride
const rowsIn = (codes: BitBatch): boolean[][] => Array.from({ length: codes.count }, (_, i) => bitsOf(codes, i))
const textOf = (bits: readonly boolean[]): string => bits.map(Number).join('')
const pick = (codes: BitBatch, which: readonly number[]): BitBatch => {
  const { bits, stride, data } = codes
  const picked = new Uint8Array(which.length * stride)
  for (const [at, i] of which.entries()) picked.set(data.subarray(i * stride, (i + 1) * stride), at * stride)
  return { data: picked, count: which.length, bits, stride }
}

/** An index whose answers are changed. */
const answering =
  (change: (found: CodeNeighbours, queries: number) => Partial<CodeNeighbours>) =>
  (index: FullHashIndex): FullHashIndex =>
    variant(index, {
      nearest: async (queries, k, o) => {
        const count = queries?.count
        const found = await index.nearest(queries, k, o)
        return { ...found, ...change(found, count) }
      },
    })

/** An index with other distances. */
const measuring = (change: (distance: number, bits: number) => number): ((index: FullHashIndex) => FullHashIndex) =>
  answering((found) => {
    const own = (distance: number): number => change(distance, found.codes.bits)
    return { distances: found.distances.map(own), hits: (i) => found.hits(i).map(({ bits, distance }) => ({ bits, distance: own(distance) })) }
  })

/** The places of an answer in another order. */
function reordered({ rows, codes, distances, offsets }: CodeNeighbours, order: (from: number, to: number) => number[]): CodeNeighbours {
  const at = Array.from({ length: offsets.length - 1 }, (_, i) => order(offsets[i]!, offsets[i + 1]!)).flat()
  const changed = {
    rows: Uint32Array.from(at, (i) => rows[i]!),
    codes: pick(codes, at),
    distances: Float32Array.from(at, (i) => distances[i]!),
    offsets,
  }
  const hits = (i: number) =>
    Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, j) => ({
      bits: bitsOf(changed.codes, offsets[i]! + j),
      distance: changed.distances[offsets[i]! + j]!,
    }))
  return { ...changed, hits }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i)

const ANSWERS: readonly HashIndexMutant[] = [
  {
    name: 'declares less than it has',
    breaks: ['capabilities'],
    make: (index) => variant(index, { capabilities: new Set<HashIndexCapability>(['update']) }),
  },
  { name: 'is of another kind', breaks: ['component'], make: (index) => variant(index, { kind: 'lsh-functor' as 'hash-index' }) },
  { name: 'saves without declaring it', breaks: ['capabilities'], make: (index) => variant(index, { save: async () => {} }) },
  {
    name: 'bits are bytes',
    breaks: ['capabilities'],
    make: (index) =>
      variant(index, {
        get bits() {
          return index.bits && 9
        },
      }),
  },
  { name: 'the distance is the number of differing bits', breaks: ['distance'], make: measuring((distance, bits) => distance * bits) },
  {
    name: 'the distance is divided by the padded bits',
    breaks: ['distance'],
    make: measuring((distance, bits) => (distance * bits) / (Math.ceil(bits / 64) * 64)),
  },
  { name: 'farthest first', breaks: ['order'], make: answering((found) => reordered(found, (from, to) => range(from, to).reverse())) },
  {
    name: 'ties in any order',
    breaks: ['order'],
    make: answering((found) =>
      reordered(found, (from, to) => range(from, to).sort((a, b) => found.distances[a]! - found.distances[b]! || found.rows[b]! - found.rows[a]!)),
    ),
  },
  {
    name: 'offsets are lengths',
    breaks: ['order'],
    make: answering((found, queries) => (queries === 3 ? { offsets: found.offsets.map((at, i) => at - (found.offsets[i - 1] ?? 0)) } : {})),
  },
  {
    name: 'looks at half of the codes (#3)',
    breaks: ['recall'],
    make: (index) =>
      variant(index, {
        nearest: async (queries, k, o) => {
          if (index.count < 2000 || index.count > 2100) return index.nearest(queries, k, o)
          const found = await index.nearest(queries, 2 * k, o)
          const offsets = found.offsets.map((at) => at / 2)
          const half = reordered(found, (from, to) => range(from, to).filter((i) => i % 2 === 1))
          return { ...half, offsets }
        },
      }),
  },
  {
    name: 'k is rounded',
    breaks: ['k'],
    make: (index) => variant(index, { nearest: (queries, k, o) => index.nearest(queries, Number.isFinite(k) ? Math.max(1, Math.round(k)) : k, o) }),
  },
  {
    name: 'k above the number of codes is an error',
    breaks: ['k'],
    make: (index) =>
      variant(index, {
        nearest: async (queries, k, o) => {
          const found = await index.nearest(queries, k, o)
          if (k > index.count && queries.count === 2) throw new RangeError('k is too large')
          return found
        },
      }),
  },
  {
    name: 'an answer names places in the answer as rows',
    breaks: ['rows'],
    make: (index) =>
      variant(index, {
        nearest: async (queries, k, o) => {
          const found = await index.nearest(queries, k, o)
          return queries.count === 1 ? { ...found, rows: found.rows.map((_, i) => i) } : found
        },
      }),
  },
  {
    name: 'rows count from 1',
    breaks: ['rows'],
    make: (index) => variant(index, { rowsOf: async (...call) => (await index.rowsOf(...call)).map((row) => (row < 0 ? row : row + 1)) }),
  },
  {
    name: 'the row of an unknown code is 0',
    breaks: ['empty index', 'rows'],
    make: (index) => variant(index, { rowsOf: async (...call) => (await index.rowsOf(...call)).map((row) => Math.max(0, row)) }),
  },
]

const BUILDS: readonly HashIndexMutant[] = [
  {
    name: 'an update stores codes again (#5: ball tree)',
    breaks: ['unique codes'],
    make: (index) => {
      let again = 0
      return variant(index, {
        get count() {
          return index.count + again
        },
        update: async (source, o) => {
          const before = index.count
          const given = Array.isArray(source) && source.length === 1 ? (source[0]?.count ?? 0) : 0
          const count = await index.update(source, o)
          if (given === 9) again += before + given - count
          return count + again
        },
      })
    },
  },
  {
    name: 'a code that a build gives twice counts twice',
    breaks: ['unique codes'],
    make: (index) => {
      let again = 0
      return variant(index, {
        get count() {
          return index.count + again
        },
        build: async (source, o) => {
          const given = Array.isArray(source) ? source.reduce((sum: number, codes: BitBatch) => sum + (codes?.count ?? 0), 0) : 0
          const count = await index.build(source, o)
          again = given > 0 ? given - count : 0
          return count + again
        },
      })
    },
  },
  {
    name: 'codes of another length are cut or filled up',
    breaks: ['bad codes'],
    make: (index) =>
      variant(index, {
        nearest: (queries, k, o) => {
          const { bits } = index
          if (bits === undefined || !isBatch(queries) || queries.bits === bits || queries.stride !== Math.ceil(queries.bits / 64) * 8)
            return index.nearest(queries, k, o)
          return index.nearest(bitBatchOf(rowsIn(queries).map((row) => Array.from({ length: bits }, (_, j) => row[j] ?? false))), k, o)
        },
      }),
  },
  {
    name: 'set bits past the code are forgiven',
    breaks: ['bad codes'],
    make: (index) =>
      variant(index, {
        nearest: (queries, k, o) => {
          const whole = isBatch(queries) && queries.bits > 0 && queries.stride === Math.ceil(queries.bits / 64) * 8
          return index.nearest(whole ? bitBatchOf(rowsIn(queries)) : queries, k, o)
        },
      }),
  },
  {
    name: 'a build with nothing is no error (#7: LibSvmHik)',
    breaks: ['build'],
    make: (index) => variant(index, { build: (...call) => forgiving(index.build(...call), 'EMPTY_BUILD', 0) }),
  },
  {
    name: 'a build clears the old index before it reads its source (#7: LSH)',
    breaks: ['abort', 'bad codes', 'build', 'concurrency'],
    make: (index) =>
      variant(index, {
        build: async (source, o) => {
          if (index.count > 0 && !o?.signal?.aborted) await index.remove((await index.nearest(zero(index), index.count)).codes)
          return index.build(source, o)
        },
      }),
  },
  {
    name: 'a second build adds to the first',
    breaks: ['build'],
    make: (index) =>
      variant(index, {
        build: async (source, o) => {
          if (index.count === 0 || !Array.isArray(source) || source.length === 0 || source[0]?.count !== 15) return index.build(source, o)
          return index.update(source, o)
        },
      }),
  },
  {
    name: 'an update never built does nothing',
    breaks: ['update'],
    make: (index) =>
      variant(index, { update: async (source, o) => (index.bits === undefined && Array.isArray(source) && !o ? 0 : index.update(source, o)) }),
  },
  {
    name: 'the error of an update does not say how many batches stand',
    breaks: ['abort', 'update'],
    make: (index) => variant(index, { update: (...call) => withoutDetail(index.update(...call), 'batchesApplied') }),
  },
  {
    name: 'unknown codes are passed over in remove',
    breaks: ['concurrency', 'empty index', 'remove'],
    make: (index) => variant(index, { remove: async (...call) => forgiving(index.remove(...call), 'UNKNOWN_UID', index.count) }),
  },
  {
    name: 'the codes before an unknown one are removed (#7)',
    breaks: ['remove'],
    make: (index) =>
      variant(index, {
        remove: async (codes, o) => {
          try {
            return await index.remove(codes, o)
          } catch (error) {
            if (codeOf(error) === 'UNKNOWN_UID' && codes.count > 1) await index.remove(pick(codes, [0]))
            throw error
          }
        },
      }),
  },
  {
    name: 'a code twice in remove counts once',
    breaks: ['remove'],
    make: (index) =>
      variant(index, {
        remove: (codes, o) => {
          if (!isBatch(codes) || codes.count !== 3) return index.remove(codes, o)
          const texts = rowsIn(codes).map(textOf)
          return index.remove(
            pick(
              codes,
              range(0, 3).filter((i) => texts.indexOf(texts[i]!) === i),
            ),
            o,
          )
        },
      }),
  },
  {
    name: 'removing the last code brings it back (#5: the cache is not cleared)',
    breaks: ['empty index'],
    make: (index) =>
      variant(index, {
        remove: async (codes, o) => {
          const own = isBatch(codes) ? pick(codes, range(0, codes.count)) : codes
          const count = await index.remove(codes, o)
          if (count === 0 && own.count === 1) await index.update([own])
          return index.count
        },
      }),
  },
  {
    name: 'an index without codes gives an empty answer',
    breaks: ['empty index'],
    make: (index) => {
      const none = { rows: new Uint32Array(0), codes: { data: new Uint8Array(0), count: 0, bits: 1, stride: 8 }, distances: new Float32Array(0) }
      return variant(index, {
        nearest: (...call) => forgiving(index.nearest(...call), 'EMPTY_INDEX', { ...none, offsets: new Uint32Array(2), hits: () => [] }),
      })
    },
  },
]

const zero = ({ bits = 1 }: FullHashIndex): BitBatch => bitBatchOf([Array.from({ length: bits }, () => false)])

const CALLS: readonly HashIndexMutant[] = [
  {
    name: 'ignores the signal',
    breaks: ['abort'],
    make: (index) => variant(index, { build: (s, o) => index.build(s, unsignalled(o)), rowsOf: (c) => index.rowsOf(c) }),
  },
  {
    name: 'looks at the signal only before it begins',
    breaks: ['abort'],
    make: (index) => variant(index, { update: (s, o) => index.update(s, o?.signal?.aborted ? o : unsignalled(o)) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (index) => variant(index, { nearest: (...call) => withoutReason(index.nearest(...call)) }),
  },
  {
    name: 'never reports progress',
    breaks: ['progress'],
    make: (index) => variant(index, { build: (s, { onProgress: _, ...o } = {}) => index.build(s, o) }),
  },
  { name: 'dispose does not wait', breaks: ['dispose'], make: (index) => variant(index, { dispose: async () => void index.dispose() }) },
  { name: 'takes calls after dispose', breaks: ['dispose'], make: (index) => variant(index, { dispose: async () => {} }) },
  {
    name: 'queries share one buffer for their input',
    breaks: ['concurrency'],
    make: (index) =>
      outliving(index, (lifetime) => {
        let scratch: BitBatch
        return {
          nearest: (queries, k, o) =>
            lifetime.run(async () => {
              const own = isBatch(queries) ? pick(queries, range(0, queries.count)) : queries
              if (queries?.count === 1 && k === 1) scratch = own
              await undefined
              return index.nearest(queries?.count === 1 && k === 1 && own.data[0] !== scratch.data[0] ? scratch : own, k, o)
            }),
        }
      }),
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
    name: 'a batch is seen half done',
    breaks: ['concurrency'],
    make: (index) =>
      variant(index, {
        update: async (source, o) => {
          if (!Array.isArray(source) || source[0]?.count !== 4) return index.update(source, o)
          for (let i = 0; i < 4; i++) await index.update([pick(source[0], [i])], o)
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
          if (count >= 10_000) block(300)
          return count
        },
      }),
  },
  {
    name: 'reads queries later than at the call',
    breaks: ['buffers'],
    make: (index) =>
      outliving(index, (lifetime) => ({
        nearest: (...call) =>
          lifetime.run(async () => {
            await undefined
            return index.nearest(...call)
          }),
      })),
  },
  {
    name: 'reads codes to remove later than at the call',
    breaks: ['buffers'],
    make: (index) =>
      outliving(index, (lifetime) => ({
        remove: (...call) =>
          lifetime.run(async () => {
            await undefined
            return index.remove(...call)
          }),
      })),
  },
  {
    name: 'keeps the batches of a source and reads them at its end',
    breaks: ['buffers'],
    make: (index) => variant(index, { build: (source, o) => index.build(readAtTheEnd(source), o) }),
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

const config = (index: FullHashIndex, change: Record<string, unknown>): FullHashIndex =>
  variant(index, { toConfig: () => ({ ...index.toConfig(), config: change }) })

const STORED: readonly HashIndexMutant[] = [
  {
    name: 'a saved index lost its last code',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await openReferenceHashIndex(directory)
      if (index.count > 1) await index.remove(pick((await index.nearest(zero(index), 1)).codes, [0]))
      return variant(index, { dispose: async () => {} })
    },
  },
  {
    name: 'a saved index has lost its bits past the 64th (#5)',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await openReferenceHashIndex(directory)
      const cut = answering((found) => {
        const codes = pick(found.codes, range(0, found.codes.count))
        for (let i = 0; i < codes.count; i++) codes.data.fill(0, i * codes.stride + 8, (i + 1) * codes.stride)
        return { codes }
      })
      return index.count > 0 ? cut(index) : index
    },
  },
  {
    name: 'rows are given anew when it is opened',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await openReferenceHashIndex(directory)
      const { count } = index
      return variant(index, { rowsOf: async (...call) => (await index.rowsOf(...call)).map((row) => (row < 0 ? row : count - row)) })
    },
  },
  {
    name: 'flush writes nothing',
    breaks: ['persistence'],
    open: async (directory) => variant(await openReferenceHashIndex(directory), { flush: async () => {} }),
  },
  {
    name: 'removing the last code is not written, so it comes back (#5)',
    breaks: ['persistence'],
    open: async (directory) => {
      const index = await openReferenceHashIndex(directory)
      return variant(index, { dispose: async () => (index.count === 0 ? undefined : index.dispose()) })
    },
  },
  {
    name: 'a damaged file opens as an empty index',
    breaks: ['persistence'],
    open: (directory) => openReferenceHashIndex(directory).catch(() => referenceHashIndex()),
  },
  {
    name: 'a damaged file is an error without a code',
    breaks: ['persistence'],
    open: (directory) =>
      openReferenceHashIndex(directory).catch((error: unknown) => {
        throw new SyntaxError(String(error))
      }),
  },
  {
    name: 'once reopened, distances are not divided by the bits',
    breaks: ['closed and reopened › distance'],
    open: async (directory) => {
      const index = await openReferenceHashIndex(directory)
      return index.count > 0 ? measuring((distance, bits) => distance * bits)(index) : index
    },
  },
  { name: 'a configuration that JSON cannot hold', breaks: ['configuration'], make: (index) => config(index, { since: new Date(0) }) },
  { name: 'made again it has another configuration', breaks: ['configuration'], fromConfig: () => config(referenceHashIndex(), { made: 'again' }) },
]

export const HASH_INDEX_MUTANTS: readonly HashIndexMutant[] = [...ANSWERS, ...BUILDS, ...CALLS, ...STORED]
