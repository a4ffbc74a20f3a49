// Group `rows`: where a code stands.

import { same, sameList } from '../../framework/check.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b)

export const rowsGroup: HashIndexGroup = {
  name: 'rows',
  rule: 'rows count from 0; a code keeps its row until it is removed or the index built anew, and a freed row is given to a later code; rowsOf gives -1 for a code that is not there',
  cases: {
    'every code has a row of its own': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      sameList(sorted(await index.rowsOf(t.batch(codes))), numbers(40), 'rows')
    },
    'codes that are not there have none': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const rows = await index.rowsOf(t.batch([...t.codes(2), codes[4]!]))
      sameList(rows.subarray(0, 2), [-1, -1], 'rows of unknown codes')
      same(rows[2]! >= 0, true, 'the known code has a row')
      sameList(await (await t.make()).rowsOf(t.queries(2)), [-1, -1], 'rows in an index that was never built')
    },
    'an answer names the rows of its codes': async (t) => {
      const index = await t.holding(t.codes())
      const found = await index.nearest(t.queries(1), 40)
      sameList(found.rows, await index.rowsOf(t.batch(codesOf(found, 0))), 'rows of an answer')
    },
    'an update moves no code': async (t) => {
      if (!t.has('update')) return
      const codes = t.codes()
      const more = t.codes(20)
      const index = await t.holding(codes)
      const before = await index.rowsOf(t.batch(codes))
      await index.update([t.batch([...more, ...codes.slice(0, 3)])])
      sameList(await index.rowsOf(t.batch(codes)), before, 'rows after an update')
      sameList(sorted(await index.rowsOf(t.batch([...codes, ...more]))), numbers(60), 'all rows')
    },
    'a removal moves no code, and its row is given out again': async (t) => {
      if (!t.has('remove')) return
      const codes = t.codes()
      const index = await t.holding(codes)
      const kept = t.batch([...codes.slice(0, 10), ...codes.slice(13)])
      const before = await index.rowsOf(kept)
      await index.remove(t.batch(codes.slice(10, 13)))
      sameList(await index.rowsOf(kept), before, 'rows after a removal')
      sameList(await index.rowsOf(t.batch(codes.slice(10, 13))), [-1, -1, -1], 'rows of removed codes')
      if (!t.has('update')) return
      const more = t.codes(3)
      await index.update([t.batch(more)])
      sameList(await index.rowsOf(kept), before, 'rows after an update')
      sameList(sorted([...before, ...(await index.rowsOf(t.batch(more)))]), numbers(40), 'all rows: the freed ones are in use again')
    },
  },
}
