// Group `get`: vectors come in the order in which they are asked for.

import { names, rejects, same, sameList } from '../../framework/check.ts'
import { type DescriptorSetGroup, rowsOf } from '../set-case.ts'

export const getGroup: DescriptorSetGroup = {
  name: 'get',
  rule:
    'getVectors writes the vector of uids[i] to row i; a uid may occur more than once; one that is not there is UNKNOWN_UID and named; ' +
    'vectors of different length in one call are DIMENSION_MISMATCH; too small an array is INVALID_ARGUMENT',
  cases: {
    'rows come in the order of the uids': async (t) => {
      const items = t.items(20)
      const set = await t.holding([items])
      const rows = rowsOf(items)
      const asked = [7, 3, 19, 0, 12].map((i) => rows[i]!)
      const into = new Float32Array(asked.length * t.dimensions)
      same(
        await set.getVectors(
          asked.map(({ uid }) => uid),
          into,
        ),
        t.dimensions,
        'what getVectors gives',
      )
      sameList(
        into,
        asked.flatMap(({ vector }) => [...vector]),
        'vectors',
      )
    },
    'a uid that occurs twice gets its vector twice': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      const { uid, vector } = rowsOf(items)[2]!
      const into = new Float32Array(3 * t.dimensions).fill(Number.NaN)
      await set.getVectors([uid, items.uids[0]!, uid], into)
      sameList(into.subarray(0, t.dimensions), vector, 'the first row')
      sameList(into.subarray(2 * t.dimensions), vector, 'the third row')
    },
    'an array that is too long keeps its end': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const into = new Float32Array(2 * t.dimensions + 3).fill(5)
      await set.getVectors(items.uids.slice(0, 2), into)
      sameList(into.subarray(2 * t.dimensions), [5, 5, 5], 'numbers behind the last row')
    },
    'an unknown uid is an error that names it, and nothing is written': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const into = new Float32Array(3 * t.dimensions).fill(5)
      const error = await rejects(() => set.getVectors([items.uids[0]!, 'nobody'], into), 'UNKNOWN_UID', 'getVectors with an unknown uid')
      names(error, 'nobody', 'the error')
      sameList(new Set(into), [5], 'numbers in the array after a refused call')
      for (const call of [() => set.getAttributes(['nobody']), () => set.getMany([items.uids[0]!, 'nobody']), () => set.dimensionsOf('nobody')]) {
        names(await rejects(call, 'UNKNOWN_UID', 'a call with an unknown uid'), 'nobody', 'the error')
      }
    },
    'an array that is too small is refused': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      await rejects(
        () => set.getVectors(items.uids, new Float32Array(3 * t.dimensions - 1)),
        'INVALID_ARGUMENT',
        'getVectors into too small an array',
      )
      await rejects(() => set.getVectors(items.uids, [] as unknown as Float32Array), 'INVALID_ARGUMENT', 'getVectors into what is no Float32Array')
    },
    'vectors of several lengths live in one set': async (t) => {
      const long = t.items(3)
      const short = t.items(3, 'short', 3)
      const set = await t.holding([long, short])
      await t.holds(set, [long, short], 'a set with vectors of 8 and of 3 numbers')
      same(await set.dimensionsOf(short.uids[1]!), 3, 'dimensionsOf a short vector')
      const mixed = [long.uids[0]!, short.uids[0]!]
      await rejects(() => set.getVectors(mixed, new Float32Array(100)), 'DIMENSION_MISMATCH', 'getVectors of vectors of different length')
    },
    'hasMany says which are there': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      sameList(await set.hasMany([items.uids[1]!, 'nobody', items.uids[1]!]), [1, 0, 1], 'hasMany')
      sameList(await set.hasMany([]), [], 'hasMany of no uid')
    },
  },
}
