// Group `values`: what is put in comes out.

import type { StoredValue } from '@cbir/core'
import { same, sameData } from '../../framework/check.ts'
import type { KeyValueStoreGroup } from '../store-case.ts'

const VALUES: Readonly<Record<string, StoredValue>> = {
  null: null,
  'an empty text': '',
  'text of other scripts': 'é✓ 日本 🦊\u0000\n',
  zero: 0,
  false: false,
  'a number that takes all its digits': 0.1 + 0.2,
  'a large number': 1e300,
  'an empty list': [],
  'an empty object': {},
  'nested data': { a: [1, { b: [null, 'x'] }], 'key with. dots': { __proto__x: true } },
  'no bytes': new Uint8Array(0),
  'every byte': Uint8Array.from({ length: 256 }, (_, i) => i),
}

export const valuesGroup: KeyValueStoreGroup = {
  name: 'values',
  rule: 'JSON comes out as JSON gives it back, bytes as bytes',
  cases: {
    'every kind of value comes out as it was put in': async (t) => {
      const store = await t.holding(Object.entries(VALUES))
      for (const [name, value] of Object.entries(VALUES)) sameData(await store.getMany([name]), [value], name)
    },
    'a property that is undefined is gone': async (t) => {
      const store = await t.holding([['key', { a: 1, b: undefined } as unknown as StoredValue]])
      sameData((await store.getMany(['key']))[0], { a: 1 }, 'the value')
    },
    'a value may become one of another kind': async (t) => {
      const store = await t.holding([['key', { a: 1 }]])
      await store.addMany([[['key', Uint8Array.of(1, 2)]]])
      sameData((await store.getMany(['key']))[0], Uint8Array.of(1, 2), 'the value')
      await store.addMany([[['key', null]]])
      same((await store.getMany(['key']))[0], null, 'the value')
    },
    'a large value': async (t) => {
      const bytes = Uint8Array.from({ length: 300_000 }, () => t.random.integer(256))
      const text = 'é✓'.repeat(50_000)
      const store = await t.holding([
        ['bytes', bytes],
        ['text', text],
      ])
      const [gotBytes, gotText] = await store.getMany(['bytes', 'text'])
      sameData(gotBytes, bytes, 'the bytes')
      same(gotText, text, 'the text')
    },
  },
}
