// Group `bad input`: typed errors, and the store as it was.

import type { KeyValueStore, StoredValue } from '@cbir/core'
import { rejects } from '../../framework/check.ts'
import type { KeyValueStoreGroup } from '../store-case.ts'

class Point {
  x = 1
}

const NOT_VALUES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  'a function': () => 1,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'a bigint': 1n,
  'a symbol': Symbol('s'),
  'a Date': new Date(0),
  'a Map': new Map(),
  'an object of a class': new Point(),
  'other typed arrays': Float32Array.of(1),
  'a function inside': { a: [() => 1] },
  'NaN inside': [Number.NaN],
}

const loop: Record<string, unknown> = {}
loop['self'] = loop

export const badInputGroup: KeyValueStoreGroup = {
  name: 'bad input',
  rule: 'a key is a string that is not empty, a value JSON or bytes, a batch a list of pairs; anything else is INVALID_ARGUMENT, and nothing is changed',
  cases: {
    'what is no value is refused': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      for (const [name, value] of Object.entries({ ...NOT_VALUES, 'a value that contains itself': loop })) {
        const batch = [['fine', 1] as const, ['bad', value as StoredValue] as const]
        await rejects(() => store.addMany([batch]), 'INVALID_ARGUMENT', `addMany of ${name}`)
      }
      await t.holds(store, entries, 'the store')
    },
    'what is no key is refused': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      for (const bad of ['', 7, null, undefined]) {
        const key = bad as string
        await rejects(() => store.addMany([[[key, 1]]]), 'INVALID_ARGUMENT', `addMany under the key ${JSON.stringify(key)}`)
        await rejects(() => store.getMany([key], { default: 1 }), 'INVALID_ARGUMENT', `getMany of ${JSON.stringify(key)}`)
        await rejects(() => store.hasMany([key]), 'INVALID_ARGUMENT', `hasMany of ${JSON.stringify(key)}`)
        await rejects(() => store.removeMany([entries[0]![0], key]), 'INVALID_ARGUMENT', `removeMany of ${JSON.stringify(key)}`)
      }
      await t.holds(store, entries, 'the store')
    },
    'what is no list or source is refused': async (t) => {
      const entries = t.entries(3)
      const store = await t.holding(entries)
      const key = entries[0]![0]
      type Source = Parameters<KeyValueStore['addMany']>[0]
      const sources: Readonly<Record<string, unknown>> = {
        'no source': undefined,
        'a number': 7,
        'a text': 'text',
        'entries without a batch around them': [['a', 1]],
        'a Map without a batch around it': new Map([['a', 1]]),
        'a batch that is a number': [7],
        'an entry of one': [[['a']]],
      }
      for (const [name, source] of Object.entries(sources)) {
        await rejects(() => store.addMany(source as Source), 'INVALID_ARGUMENT', `addMany of ${name}`)
      }
      await rejects(() => store.getMany(key as unknown as string[]), 'INVALID_ARGUMENT', 'getMany of a single key without a list')
      await rejects(() => store.hasMany(key as unknown as string[]), 'INVALID_ARGUMENT', 'hasMany of a single key without a list')
      await rejects(() => store.removeMany(key as unknown as string[]), 'INVALID_ARGUMENT', 'removeMany of a single key without a list')
      await t.holds(store, entries, 'the store')
    },
  },
}
