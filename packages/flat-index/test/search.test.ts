// Searches against the oracle: every metric, any contents that builds, updates and removals leave behind, any k, filter and radius.

import { type Items, METRIC_NAMES, type Metric, vectorBatchOf } from '@cbir/core'
import { type FlatIndex, flatIndex } from '@cbir/flat-index'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowance, oracle } from './support/oracle.ts'

type Contents = Map<string, readonly number[]>

interface Change {
  readonly kind: 'update' | 'remove'
  readonly entries: readonly (readonly [uid: string, vector: readonly number[]])[]
}

interface Plan {
  readonly dimensions: number
  readonly built: Change['entries']
  readonly changes: readonly Change[]
  readonly queries: readonly (readonly number[])[]
  readonly k: number
}

/** Small whole numbers, which make ties and zero vectors, or any numbers. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    dimensions: fc.integer({ min: 1, max: 9 }),
    numbers: fc.constantFrom(fc.integer({ min: -2, max: 2 }), fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 })),
  })
  .chain(({ dimensions, numbers }) => {
    const vector = fc.array(numbers, { minLength: dimensions, maxLength: dimensions })
    const entries = (least: number, most: number): fc.Arbitrary<Change['entries']> =>
      fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 40 }).map(String), vector), { selector: ([uid]) => uid, minLength: least, maxLength: most })
    return fc.record({
      dimensions: fc.constant(dimensions),
      built: entries(1, 25),
      changes: fc.array(fc.record({ kind: fc.constantFrom('update' as const, 'remove' as const), entries: entries(1, 8) }), { maxLength: 5 }),
      queries: fc.array(vector, { minLength: 1, maxLength: 4 }),
      k: fc.integer({ min: 1, max: 50 }),
    })
  })

const itemsOf = (entries: Change['entries']): Items => ({ uids: entries.map(([uid]) => uid), vectors: vectorBatchOf(entries.map(([, v]) => v)) })

/** An index after a plan, and what should be in it. */
async function carryOut(metric: Metric, { built, changes }: Plan): Promise<{ index: FlatIndex; contents: Contents }> {
  const index = await flatIndex({ metric })
  await index.build(built.map((entry) => itemsOf([entry])))
  const contents: Contents = new Map(built)
  for (const { kind, entries } of changes) {
    if (kind === 'update') {
      await index.update([itemsOf(entries)])
      for (const [uid, vector] of entries) contents.set(uid, vector)
    } else {
      const present = entries.map(([uid]) => uid).filter((uid) => contents.has(uid))
      await index.remove(present)
      for (const uid of present) contents.delete(uid)
    }
  }
  expect(index.count).toBe(contents.size)
  return { index, contents }
}

describe.each(METRIC_NAMES)('%s', (metric) => {
  const trueDistance = (query: readonly number[], vector: readonly number[]): number =>
    oracle[metric](query.map(Math.fround), vector.map(Math.fround))

  test('nearest gives the closest, each at its distance, and fewer neighbours are the first of more', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async (plan, divisor) => {
        const { index, contents } = await carryOut(metric, plan)
        if (contents.size === 0) {
          await expect(index.nearest(vectorBatchOf(plan.queries), plan.k)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
          return
        }
        const queries = vectorBatchOf(plan.queries)
        const filter = divisor === 1 ? undefined : (uid: string) => Number(uid) % divisor === 0
        const passing = [...contents].filter(([uid]) => filter?.(uid) ?? true)
        const found = await index.nearest(queries, plan.k, { filter })
        const all = await index.nearest(queries, 1000, { filter })
        plan.queries.forEach((query, i) => {
          const hits = found.hits(i)
          expect(hits).toEqual(all.hits(i).slice(0, plan.k))
          expect(hits.length).toBe(Math.min(plan.k, passing.length))
          expect(new Set(hits.map(({ uid }) => uid)).size).toBe(hits.length)
          const wanted = passing.map(([, vector]) => trueDistance(query, vector)).sort((a, b) => a - b)
          hits.forEach(({ uid, distance }, j) => {
            expect(passing.some(([one]) => one === uid)).toBe(true)
            expect(Math.abs(distance - trueDistance(query, contents.get(uid)!))).toBeLessThanOrEqual(allowance(distance))
            expect(Math.abs(distance - wanted[j]!)).toBeLessThanOrEqual(allowance(distance))
          })
        })
      }),
      { numRuns: 60 },
    )
  })

  test('ties stand in the order of insertion, whatever is updated', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const updates = plan.changes.map(({ entries }) => ({ kind: 'update' as const, entries }))
        const { index, contents } = await carryOut(metric, { ...plan, changes: updates })
        const order = [...contents.keys()]
        const found = await index.nearest(vectorBatchOf(plan.queries), plan.k)
        plan.queries.forEach((_, i) => {
          const hits = found.hits(i)
          for (let j = 1; j < hits.length; j++) {
            const [a, b] = [hits[j - 1]!, hits[j]!]
            expect(a.distance < b.distance || (a.distance === b.distance && order.indexOf(a.uid) < order.indexOf(b.uid))).toBe(true)
          }
        })
      }),
      { numRuns: 40 },
    )
  })

  test('within gives exactly what nearest puts at or below the radius, also at a distance that was given out', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), fc.double({ noNaN: true, min: -2000, max: 2000 }), async (plan, at, anyRadius) => {
        const { index, contents } = await carryOut(metric, plan)
        if (contents.size === 0) return
        const queries = vectorBatchOf(plan.queries)
        const all = await index.nearest(queries, 1000)
        for (const radius of [all.distances[at % all.distances.length]!, anyRadius, Number.POSITIVE_INFINITY]) {
          const found = await index.within(queries, radius)
          plan.queries.forEach((_, i) => {
            expect(found.hits(i)).toEqual(all.hits(i).filter(({ distance }) => distance <= Math.fround(radius)))
          })
        }
      }),
      { numRuns: 40 },
    )
  })

  test('a vector is found where it stands among rows of many blocks', async () => {
    const dimensions = 1 << 14 // 16 rows a block
    const count = 40
    const data = Float32Array.from({ length: count * dimensions }, (_, i) => ((i * 2654435761) % 1000) / 1e6)
    const index = await flatIndex({ metric })
    const uids = Array.from({ length: count }, (_, i) => `${i}`)
    await index.build([{ uids, vectors: { data, count, dimensions } }])
    await index.remove(['3', '17'])
    await index.update([{ uids: ['new'], vectors: { data: data.slice(0, dimensions), count: 1, dimensions } }])
    const query = data.slice(20 * dimensions, 21 * dimensions)
    const { uids: order } = await index.nearest({ data: query, count: 1, dimensions }, count)
    expect([...order].sort()).toEqual([...uids.filter((uid) => uid !== '3' && uid !== '17'), 'new'].sort())
    const distances = order.map((uid) => {
      const row = uid === 'new' ? 0 : Number(uid)
      return oracle[metric]([...query], [...data.subarray(row * dimensions, (row + 1) * dimensions)])
    })
    for (let i = 1; i < distances.length; i++) expect(distances[i]! - distances[i - 1]!).toBeGreaterThanOrEqual(-allowance(distances[i]!))
  })
})
