// Any sequence of build, update, remove, save and open: the index holds what it should, and with every vector as a candidate it is exact.

import { rm } from 'node:fs/promises'
import { type Metric, type VectorBatch, vectorBatchOf } from '@cbir/core'
import { memoryDescriptorSet, memoryHashIndex, memoryKeyValueStore } from '@cbir/core/memory'
import { ballTreeHashIndex, type LshIndexOptions, linearHashIndex, lshIndex, multiIndexHashing } from '@cbir/lsh'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { directory } from './support/directories.ts'
import { strangersFunctor } from './support/strangers-functor.ts'
import { bruteForce, clustered, itemsOf, rows } from './support/vectors.ts'

const DIMENSIONS = 6

type Step =
  | { readonly do: 'build' | 'update'; readonly items: readonly (readonly [uid: number, vector: readonly number[]])[] }
  | { readonly do: 'remove'; readonly uids: readonly number[] }
  | { readonly do: 'open' }

const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
const someItems = fc.uniqueArray(fc.tuple(fc.nat(30), vector), { minLength: 1, maxLength: 25, selector: ([uid]) => uid })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('build' as const, 'update' as const, 'update' as const), items: someItems }),
  fc.record({ do: fc.constant('remove' as const), uids: fc.uniqueArray(fc.nat(30), { maxLength: 10 }) }),
  fc.record({ do: fc.constant('open' as const) }),
)

const parts: Readonly<Record<string, () => Promise<Omit<LshIndexOptions, 'functor'>>>> = {
  'own parts': async () => ({ hashIndex: await linearHashIndex() }),
  'multi-index hashing': async () => ({ hashIndex: await multiIndexHashing(), metric: 'cosine' }),
  'ball tree, TypeScript': async () => ({ hashIndex: await ballTreeHashIndex(), implementation: 'typescript', metric: 'manhattan' }),
  "somebody else's stores": async () => ({ hashIndex: memoryHashIndex(), descriptorSet: memoryDescriptorSet(), hashToUids: memoryKeyValueStore() }),
}

describe('any sequence of changes', () => {
  for (const [name, make] of Object.entries(parts)) {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), vector, async (steps, query) => {
          const options = await make()
          const functor = strangersFunctor({ bits: 7 })
          const at = await directory()
          let index = await lshIndex({ functor, ...options, directory: at })
          const held = new Map<string, Float32Array>()
          for (const now of steps) {
            if (now.do === 'open') {
              await index.dispose()
              // The stores live on; a hash index in memory is made again.
              const { hashIndex: _, ...kept } = options
              index = await lshIndex({ functor, ...kept, hashIndex: (await make()).hashIndex, directory: at })
            } else if (now.do === 'remove') {
              const uids = now.uids.map((uid) => `v${uid}`).filter((uid) => held.has(uid))
              if (uids.length > 0) await index.remove(uids)
              for (const uid of uids) held.delete(uid)
            } else {
              if (now.do === 'build') held.clear()
              const uids = now.items.map(([uid]) => `v${uid}`)
              const vectors = vectorBatchOf(now.items.map(([, numbers]) => numbers))
              await index[now.do]([{ uids, vectors }])
              now.items.forEach(([uid, numbers]) => {
                held.set(`v${uid}`, Float32Array.from(numbers))
              })
            }
            expect(index.count).toBe(held.size)
            if (held.size === 0) continue
            const metric: Metric = options.metric ?? 'euclidean'
            const k = Math.min(5, held.size)
            const wanted = bruteForce(held, Float32Array.from(query), k, metric)
            // All codes are probed, and all vectors looked at: through the hash index, and by the scan.
            for (const tuning of [{ probes: 1000, candidates: 1000 }, { candidates: 1000 }]) {
              const found = await index.nearest(vectorBatchOf([query]), k, { tuning })
              expect(new Set(found.uids).size).toBe(k)
              found.distances.forEach((d, i) => void expect(d).toBeCloseTo(wanted[i]!, 5))
            }
            const few = await index.nearest(vectorBatchOf([query]), k, { tuning: { candidates: 1 } })
            expect(few.uids.every((uid) => held.has(uid))).toBe(true)
            expect(few.uids.length).toBe(k)
          }
          if (options.hashToUids && options.descriptorSet) {
            expect(await options.descriptorSet.count()).toBe(held.size)
            const uids: string[] = []
            for await (const entries of options.hashToUids.entries()) for (const [, list] of entries) uids.push(...(list as string[]))
            expect(uids.sort()).toEqual([...held.keys()].sort())
          }
          await index.dispose()
          await rm(at, { recursive: true, force: true })
        }),
        { numRuns: 25 },
      )
    })
  }
})

describe('every metric', () => {
  const all = clustered(600, 12)
  const metrics: Metric[] = ['euclidean', 'cosine', 'angular', 'histogram-intersection', 'manhattan', 'inner-product', 'annoy-angular', 'hamming']
  for (const implementation of ['auto', 'typescript'] as const) {
    for (const stores of ['own', 'given'] as const) {
      it(`all vectors as candidates are brute force (${implementation}, ${stores} stores)`, async () => {
        for (const metric of metrics) {
          const given = stores === 'given' ? { descriptorSet: memoryDescriptorSet(), hashToUids: memoryKeyValueStore() } : {}
          const index = await lshIndex({ functor: strangersFunctor({ bits: 10 }), metric, implementation, ...given })
          const items = itemsOf(all)
          await index.build([items])
          const held = new Map(items.uids.map((uid, i) => [uid, rows(all, i, i + 1).data]))
          const queries = rows(all, 0, 3)
          for (const tuning of [{ candidates: 600 }, { candidates: 600, probes: 600 }]) {
            const found = await index.nearest(queries, 20, { tuning })
            for (let q = 0; q < 3; q++) {
              const wanted = bruteForce(held, rows(all, q, q + 1).data, 20, metric)
              found.distances
                .subarray(q * 20, (q + 1) * 20)
                .forEach((d, i) => void expect(Math.abs(d - wanted[i]!)).toBeLessThan(1e-5 * (1 + Math.abs(wanted[i]!))))
            }
          }
          await index.dispose()
        }
      })
    }
  }
})

describe('candidates that are hard to tell apart', () => {
  const near = clustered(500, 40, 1, 1e-4)
  for (const metric of ['euclidean', 'cosine', 'angular', 'manhattan'] as const) {
    for (const scale of [1, 1e-22, 1e22]) {
      it(`${metric}, numbers about ${scale}`, async () => {
        const scaled = { ...near, data: near.data.map((x) => x * scale) }
        const index = await lshIndex({ functor: strangersFunctor({ bits: 6 }), metric })
        const items = itemsOf(scaled)
        await index.build([items])
        const held = new Map(items.uids.map((uid, i) => [uid, rows(scaled, i, i + 1).data]))
        for (const q of [0, 7, 99]) {
          const found = await index.nearest(rows(scaled, q, q + 1), 10, { tuning: { candidates: 500, probes: 64 } })
          const wanted = bruteForce(held, rows(scaled, q, q + 1).data, 10, metric)
          found.distances.forEach((d, i) => void expect(Math.abs(d - wanted[i]!)).toBeLessThanOrEqual(1e-5 * wanted[i]! + 1e-15))
        }
        await index.dispose()
      })
    }
  }
})

describe('codes and uids', () => {
  const one = (...numbers: number[]): VectorBatch => vectorBatchOf([numbers])

  it('an update of a uid moves it: one uid, one vector, and the old code goes with its last uid', async () => {
    const hashIndex = await linearHashIndex()
    const store = memoryKeyValueStore()
    const index = await lshIndex({ functor: strangersFunctor({ bits: 12 }), hashIndex, descriptorSet: memoryDescriptorSet(), hashToUids: store })
    await index.build([
      {
        uids: ['a', 'b', 'c'],
        vectors: vectorBatchOf([
          [1, 2, 3],
          [1, 2, 3],
          [-9, 4, -1],
        ]),
      },
    ])
    expect(hashIndex.count).toBe(2)
    expect(await store.count()).toBe(2)
    await index.update([{ uids: ['a'], vectors: one(-1, -2, -3) }])
    expect([index.count, hashIndex.count]).toEqual([3, 3])
    expect((await index.nearest(one(1, 2, 3), 3)).uids.filter((uid) => uid === 'a')).toEqual(['a'])
    expect((await index.nearest(one(-1, -2, -3), 1)).hits(0)).toEqual([{ uid: 'a', distance: 0 }])
    await index.remove(['b'])
    expect([index.count, hashIndex.count, await store.count()]).toEqual([2, 2, 2])
    await index.dispose()
  })

  it('many vectors of one code are looked at until there are enough', async () => {
    const vectors = clustered(300, 4, 1, 0.001)
    const index = await lshIndex({ functor: strangersFunctor({ bits: 3 }), candidates: 50 })
    await index.build([itemsOf(vectors)])
    const found = await index.nearest(rows(vectors, 0, 1), 50)
    expect(new Set(found.uids).size).toBe(50)
    const filtered = await index.nearest(rows(vectors, 0, 1), 5, { filter: (uid) => Number(uid.slice(1)) % 100 === 7 })
    expect(filtered.uids.toSorted()).toEqual(['v107', 'v207', 'v7'])
    await index.dispose()
  })

  it('more candidates never find less, and the wanted recall is found', async () => {
    const all = clustered(4000, 24, 40)
    const index = await lshIndex({ functor: strangersFunctor({ bits: 64 }), recall: 0.9 })
    await index.build([itemsOf(rows(all, 0, 3900))])
    const exact = await index.nearest(rows(all, 3900, 4000), 10, { tuning: { candidates: 3900 } })
    const shareWith = async (tuning: Record<string, number>): Promise<number> => {
      const found = await index.nearest(rows(all, 3900, 4000), 10, { tuning })
      let hits = 0
      found.distances.forEach((d, i) => {
        if (d <= exact.distances[Math.floor(i / 10) * 10 + 9]! * (1 + 1e-6)) hits++
      })
      return hits / 1000
    }
    const shares = [await shareWith({ candidates: 20 }), await shareWith({ candidates: 100 }), await shareWith({ candidates: 1000 })]
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(await shareWith({})).toBeGreaterThan(0.85)
    expect(await shareWith({ recall: 0.99 })).toBeGreaterThan(0.96)
    await index.dispose()
  })
})
