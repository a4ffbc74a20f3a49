// Group `attributes`: small facts that travel with a vector.

import type { Attributes } from '@cbir/core'
import { rejects, same, sameData } from '../../framework/check.ts'
import { allRows, type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const attributesGroup: DescriptorSetGroup = {
  name: 'attributes',
  rule: 'a row may have attributes: an object of strings, finite numbers, booleans and null; an overwritten row has those of the last write, none if it had none',
  cases: {
    'attributes come back with their rows': async (t) => {
      const items = t.described(9)
      const set = await t.holding([items])
      await t.holds(set, [items], 'the set')
      const rows = [7, 2, 5].map((i) => rowsOf(items)[i]!)
      const found = await set.getAttributes(rows.map(({ uid }) => uid))
      sameData(
        found,
        rows.map(({ attributes }) => attributes),
        'attributes of several rows',
      )
      const all = await allRows(set, 4)
      sameData(
        all.map(({ attributes }) => attributes),
        rowsOf(items).map(({ attributes }) => attributes),
        'attributes of all rows',
      )
    },
    'an overwritten row has the attributes of the last write': async (t) => {
      const items = t.described(4)
      const set = await t.holding([items])
      await set.addMany([{ uids: [items.uids[0]!, items.uids[3]!], vectors: t.vectors(2), attributes: [{ changed: true }, undefined] }])
      const [, second, third] = rowsOf(items).map(({ attributes }) => attributes)
      sameData(await set.getAttributes(items.uids), [{ changed: true }, second, third, undefined], 'attributes after a write with others')
      await set.addMany([{ uids: [items.uids[1]!], vectors: t.vectors(1) }])
      sameData(await set.getAttributes(items.uids), [{ changed: true }, undefined, third, undefined], 'attributes after a write without')
    },
    'a row that is removed and added again has none': async (t) => {
      const items = t.described(2)
      const set = await t.holding([items])
      await set.removeMany([items.uids[1]!])
      const again = { uids: [items.uids[1]!], vectors: t.vectors(1) }
      await set.addMany([again])
      await t.holds(set, [itemsFrom(rowsOf(items).slice(0, 1)), again], 'the set')
    },
    'attributes changed by the caller change nothing': async (t) => {
      const mine: Record<string, number> = { n: 1 }
      const set = await t.make()
      await set.addMany([{ uids: ['mine'], vectors: t.vectors(1), attributes: [mine] }])
      mine['n'] = 2
      same((await set.getAttributes(['mine']))[0]?.['n'], 1, 'an attribute whose object was changed after the write')
    },
    'attributes that are no attributes': async (t) => {
      const items = t.described(3)
      const set = await t.holding([items])
      const vectors = t.vectors(1)
      for (const attributes of [[], [undefined, undefined], ['text'], [[1]], [{ a: Number.NaN }], [{ a: { b: 1 } }], [{ a: undefined }], [null]]) {
        const batch = { uids: ['x'], vectors, attributes: attributes as unknown as Attributes[] }
        await rejects(() => set.addMany([batch]), 'INVALID_ARGUMENT', `addMany with attributes ${JSON.stringify(attributes)}`)
      }
      await t.holds(set, [items], 'the set')
    },
  },
}
