import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeNeighbours } from '../../src/define.ts'
import { CbirError, type Match, type Neighbours } from '../../src/index.ts'
import type { ItemRecord } from '../../src/pipeline/item-table.ts'
import { poolMatches } from '../../src/pipeline/pool-matches.ts'

/** For each query vector the distance of every uid. */
type Table = readonly ReadonlyMap<string, number>[]

function nearest(table: Table, count: number): Neighbours {
  const answers = table.map((row) => [...row].sort((a, b) => a[1] - b[1]).slice(0, count))
  const offsets = new Uint32Array(answers.length + 1)
  answers.forEach((answer, i) => {
    offsets[i + 1] = offsets[i]! + answer.length
  })
  const flat = answers.flat()
  return makeNeighbours(
    flat.map(([uid]) => uid),
    Float32Array.from(flat, ([, distance]) => distance),
    offsets,
  )
}

/** The uid `a:3` is part 3 of item `a`. */
const itemOf = (uid: string): string => uid.split(':')[0]!
const record = (id: string): ItemRecord<undefined> => ({ id, metadata: undefined, uids: [], parts: [] })
const resolve = (uid: string): { item: ItemRecord<undefined>; part: { index: number } } => ({
  item: record(itemOf(uid)),
  part: { index: Number(uid.split(':')[1]) },
})

describe('poolMatches', () => {
  it('gives the k best items over all query vectors, however little it asks for first', async () => {
    const uids = ['a', 'b', 'c', 'd'].flatMap((id) => [0, 1, 2].map((part) => `${id}:${part}`))
    const row = fc
      .uniqueArray(fc.constantFrom(...uids), { minLength: 1 })
      .chain((names) =>
        fc
          .array(fc.integer({ min: 0, max: 20 }), { minLength: names.length, maxLength: names.length })
          .map((distances) => new Map(names.map((uid, i) => [uid, distances[i]!]))),
      )
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        async (table, k, first) => {
          const best = new Map<string, number>()
          for (const queries of table)
            for (const [uid, d] of queries) best.set(itemOf(uid), Math.min(d, best.get(itemOf(uid)) ?? Number.POSITIVE_INFINITY))
          const wanted = [...best.values()].sort((a, b) => a - b).slice(0, k)
          const found: Match<undefined>[] = await poolMatches({
            k,
            first,
            most: 12,
            ask: async (count) => nearest(table, count),
            resolve,
            keyOf: (_, { id }) => id,
          })
          expect(found.map(({ distance }) => distance)).toEqual(wanted)
          expect(new Set(found.map(({ id }) => id)).size).toBe(found.length)
          for (const { id, part, distance } of found)
            expect(Math.min(...table.map((queries) => queries.get(`${id}:${part.index}`) ?? 99))).toBe(distance)
        },
      ),
    )
  })

  it('gives the event loop back among very many results, and can be aborted there', async () => {
    const count = 300_000
    const uids = Array.from({ length: count }, (_, i) => `${i}:0`)
    const answer = makeNeighbours(
      uids,
      Float32Array.from(uids, (_, i) => i),
      Uint32Array.of(0, count),
    )
    const ask = async (): Promise<Neighbours> => answer
    let turns = 0
    let done = false
    const counting = (async () => {
      for (; !done; turns++) await turn()
    })()
    const options = { k: count, first: count, most: count, ask, resolve, keyOf: (uid: string) => uid }
    const found = await poolMatches(options)
    done = true
    await counting
    expect(found).toHaveLength(count)
    expect(turns).toBeGreaterThan(4)
    const controller = new AbortController()
    const pooling = poolMatches({ ...options, signal: controller.signal })
    await turn()
    controller.abort()
    await expect(pooling).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'ABORTED'))
  })

  it('leaves out what was removed meanwhile', async () => {
    const table = [
      new Map([
        ['a:0', 1],
        ['b:0', 2],
        ['c:0', 3],
      ]),
    ]
    const found = await poolMatches({
      k: 2,
      first: 2,
      most: 3,
      ask: async (count) => nearest(table, count),
      resolve: (uid) => (uid === 'a:0' ? undefined : resolve(uid)),
      keyOf: (_, { id }) => id,
    })
    expect(found.map(({ id }) => id)).toEqual(['b', 'c'])
  })
})
