// HitList and TopK against plain sorting.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HitList } from '../src/hit-list.ts'
import { TopK } from '../src/top-k.ts'

interface Hit {
  row: number
  distance: number
}

const plainly = (hits: readonly Hit[]): Hit[] => [...hits].sort((a, b) => a.distance - b.distance || a.row - b.row)

function read(list: HitList): Hit[] {
  const rows = new Uint32Array(list.count + 2)
  const distances = new Float32Array(list.count + 2)
  const half = list.count >> 1
  list.copyTo(rows, distances, 1, 0, half)
  list.copyTo(rows, distances, 1, half, list.count)
  return Array.from({ length: list.count }, (_, i) => ({ row: rows[i + 1]!, distance: distances[i + 1]! }))
}

const distance = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((n) => n + 0),
  fc.float({ noNaN: true }).map((x) => x + 0),
)

describe('HitList', () => {
  test('sorts by distance and then by row, negative and infinite distances too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ row: fc.integer({ min: 0, max: 2 ** 32 - 1 }), distance }), { maxLength: 200 }), async (hits) => {
        const list = new HitList(1)
        for (const hit of hits) list.add(hit.row, hit.distance)
        await list.sort()
        expect(read(list)).toEqual(plainly(hits))
        list.clear()
        expect(list.count).toBe(0)
      }),
    )
  })

  test.each([32_768, 32_769, 65_537, 100_003])('sorts %i hits in runs that are merged', async (count) => {
    const hits = Array.from({ length: count }, (_, i) => ({ row: i, distance: Math.fround(Math.sin(i * i) * 50 - (i % 7)) }))
    const list = new HitList()
    for (const hit of hits) list.add(hit.row, hit.distance)
    await list.sort()
    expect(read(list)).toEqual(plainly(hits))
  })
})

describe('TopK', () => {
  test('keeps the closest of each query, in any order of offers', () => {
    const offers = fc.array(fc.record({ query: fc.integer({ min: 0, max: 2 }), distance }), { maxLength: 120 })
    fc.assert(
      fc.property(offers, fc.integer({ min: 1, max: 12 }), fc.boolean(), (given, k, ascending) => {
        const all = given.map((offer, i) => ({ ...offer, row: ascending ? i : given.length - i }))
        const best = new TopK(3, k)
        for (const offer of all) {
          // A distance may be too large for float32; its key, which sums of float32 numbers in double precision make, is always finite.
          const key = Math.min(offer.distance, Number.MAX_VALUE)
          if (ascending && key >= best.bound(offer.query)) continue
          best.offer(offer.query, key, offer.distance, offer.row)
        }
        for (let query = 0; query < 3; query++) {
          const kept: Hit[] = []
          best.each(query, 0, best.size(query), (row, d) => kept.push({ row, distance: d }))
          const wanted = plainly(all.filter((offer) => offer.query === query).map((offer) => ({ row: offer.row, distance: offer.distance })))
          expect(plainly(kept)).toEqual(wanted.slice(0, k))
        }
      }),
    )
  })
})
