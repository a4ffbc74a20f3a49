// Group `get`: values and presence by key, in the order of the question.

import { names, rejects, same, sameData, sameList } from '../../framework/check.ts'
import { type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const getGroup: KeyValueStoreGroup = {
  name: 'get',
  rule: 'values come in the order of keys, and a key may occur more than once; default stands in for keys that are not there, without it they are UNKNOWN_UID',
  cases: {
    'values come in the order of the keys': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const asked = [7, 2, 9, 0].map((i) => entries[i]!)
      const got = await store.getMany(keysOf(asked))
      for (const [i, [key, value]] of asked.entries()) sameData(got[i], value, `value ${i}, of ${key}`)
      same(got.length, asked.length, 'values')
    },
    'a key that occurs twice gets its value twice': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const asked = [3, 3, 1, 3].map((i) => entries[i]!)
      const got = await store.getMany(keysOf(asked))
      sameData(
        got,
        asked.map(([, value]) => value),
        'values',
      )
      sameList(await store.hasMany([...keysOf(asked), 'nobody', 'nobody']), [1, 1, 1, 1, 0, 0], 'what hasMany gives')
    },
    'keys that are not there are an error that names them': async (t) => {
      const entries = t.entries()
      const store = await t.holding(entries)
      const error = await rejects(() => store.getMany([entries[0]![0], 'nobody', 'no one']), 'UNKNOWN_UID', 'getMany with unknown keys')
      names(error, 'nobody', 'the error')
      sameData(error.details['uids'], ['nobody', 'no one'], 'details.uids')
    },
    'default stands in for them': async (t) => {
      const [first, second] = t.entries()
      const store = await t.holding([first!, second!])
      sameData(await store.getMany(['nobody', second![0]], { default: 'fallback' }), ['fallback', second![1]], 'values with a default')
      sameData(await store.getMany(['nobody'], { default: null }), [null], 'values with null as the default')
    },
    'default does not hide a stored null, 0 or empty text': async (t) => {
      const store = await t.holding([
        ['a', null],
        ['b', 0],
        ['c', ''],
      ])
      sameData(await store.getMany(['a', 'b', 'c'], { default: 'fallback' }), [null, 0, ''], 'values with a default')
    },
    'hasMany tells which are there': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      sameList(await store.hasMany([entries[2]![0], 'nobody', entries[0]![0]]), [1, 0, 1], 'what hasMany gives')
    },
    'nothing asked is nothing given': async (t) => {
      const store = await t.holding(t.entries(3))
      same((await store.getMany([])).length, 0, 'values')
      same((await store.hasMany([])).length, 0, 'what hasMany gives')
    },
    'keys are told apart': async (t) => {
      const keys = ['a', 'A', 'a ', 'a/b', 'a\\b', '../a', 'é', 'e\u0301', '__proto__', 'constructor', '1', '01', '🦊']
      const store = await t.holding(keys.map((key, i) => [key, i]))
      sameData(
        await store.getMany(keys),
        keys.map((_, i) => i),
        'values',
      )
      same(await store.count(), keys.length, 'count')
    },
  },
}
