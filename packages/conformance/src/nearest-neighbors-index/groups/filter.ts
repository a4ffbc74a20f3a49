// Group `filter`: only rows that pass are found, and as many of them as were asked for.

import { ok, rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'
import { pickItems } from '../test-vectors.ts'

export const filterGroup: IndexGroup = {
  name: 'filter',
  rule:
    'a predicate, or a RowFilter made once by compileFilter and reused (a change of the index makes the next query compile it again). ' +
    'min(k, rows that pass) neighbours; a filter that passes no row gives no neighbours, no error',
  cases: {
    'only rows that pass, at their distances': async (t) => {
      const items = t.items()
      const passes = new Set(items.uids.filter((_, row) => row % 3 === 1))
      const index = await t.filled(items)
      const queries = t.vectors(3)
      const all = await t.answers(index, queries)
      const wanted = all.map((answer) => new Map([...answer].filter(([uid]) => passes.has(uid))))
      t.agree(await t.answers(index, queries, { filter: (uid) => passes.has(uid) }), wanted, queries, items, 'a query with a predicate')
      const compiled = await index.compileFilter((uid) => passes.has(uid))
      t.agree(await t.answers(index, queries, { filter: compiled }), wanted, queries, items, 'a query with a compiled filter')
      t.agree(await t.answers(index, queries, { filter: compiled }), wanted, queries, items, 'a second query with a compiled filter')
    },
    'k counts the rows that pass': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      for (const passing of [1, 2, 5]) {
        const passes = new Set(items.uids.slice(-passing))
        for (const k of [1, 3, t.rows]) {
          const found = await index.nearest(t.vectors(2), k, { filter: (uid) => passes.has(uid) })
          for (let i = 0; i < 2; i++) {
            same(found.hits(i).length, Math.min(k, passing), `neighbours with k ${k} where ${passing} rows of ${t.rows} pass`)
            ok(
              found.hits(i).every(({ uid }) => passes.has(uid)),
              'every neighbour passes the filter',
            )
          }
        }
      }
    },
    'no row that passes gives no neighbours': async (t) => {
      const index = await t.filled(t.items())
      const found = await index.nearest(t.vectors(2), 3, { filter: () => false })
      same(found.uids.length, 0, 'neighbours where no row passes')
      same(found.offsets.length, 3, 'offsets of 2 queries')
    },
    'what is no filter of this index is refused': async (t) => {
      const index = await t.filled(t.items())
      const other = await t.filled(t.items())
      const filters = {
        'a predicate that gives a promise': (async () => true) as unknown as () => boolean,
        'a predicate that gives nothing': (() => undefined) as unknown as () => boolean,
        'a predicate that throws': (): boolean => {
          throw new Error('no')
        },
        'a filter compiled by another index': await other.compileFilter(() => true),
      }
      for (const [what, filter] of Object.entries(filters)) {
        await rejects(() => index.nearest(t.vectors(1), 3, { filter }), 'INVALID_ARGUMENT', `nearest with ${what}`)
      }
    },
    'a compiled filter knows how many rows pass': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const passes = new Set(items.uids.slice(0, 9))
      same((await index.compileFilter((uid) => passes.has(uid))).passing, 9, 'passing')
    },
    'a compiled filter sees rows that came later': async (t) => {
      if (!t.has('update')) return
      const items = t.items()
      const index = await t.filled(items)
      const filter = await index.compileFilter((uid) => uid.startsWith('more') || uid === items.uids[0])
      const more = t.items(3, 'more')
      await index.update([more])
      const [answer] = await t.answers(index, t.vectors(1), { filter })
      same([...answer!.keys()].sort().join(), [items.uids[0]!, ...more.uids].sort().join(), 'uids found with a filter compiled before an update')
    },
    'a compiled filter outlives a new build': async (t) => {
      const index = await t.filled(t.items())
      const filter = await index.compileFilter((uid) => /^next .*7\//.test(uid))
      const next = pickItems(t.items(t.rows, 'next'), (_, row) => row > 2)
      await index.build([next])
      const [answer] = await t.answers(index, t.vectors(1), { filter })
      const wanted = next.uids.filter((uid) => /^next .*7\//.test(uid))
      same([...answer!.keys()].sort().join(), wanted.sort().join(), 'uids found with a filter compiled before a new build')
    },
  },
}
