// Group `elements`: getMany gives descriptors as elements that read and write the set.

import { rejects, same, sameList } from '../../framework/check.ts'
import { type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const elementsGroup: DescriptorSetGroup = {
  name: 'elements',
  rule: 'getMany gives elements in the order of the uids; each reads and writes the set, and has no vector (NO_VECTOR) once its uid is removed',
  cases: {
    'elements come in the order of the uids': async (t) => {
      const items = t.items(6)
      const set = await t.holding([items])
      const rows = [4, 1, 5].map((i) => rowsOf(items)[i]!)
      const elements = await set.getMany(rows.map(({ uid }) => uid))
      for (const [i, element] of elements.entries()) {
        same(element.kind, 'descriptor-element', 'kind')
        same(element.uid, rows[i]!.uid, 'uid')
        same(element.type, set.name, 'type')
        same(await element.hasVector(), true, 'hasVector')
        sameList(await element.vector(), rows[i]!.vector, `vector of ${element.uid}`)
      }
    },
    'an element writes to the set': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const [element] = await set.getMany([items.uids[0]!])
      const changed = t.vectors(1)
      await element!.setVector(changed.data)
      const into = new Float32Array(t.dimensions)
      await set.getVectors([items.uids[0]!], into)
      sameList(into, changed.data, 'vector in the set')
    },
    'an element without its row has no vector': async (t) => {
      const items = t.items(3)
      const set = await t.holding([items])
      const [first, second] = await set.getMany(items.uids.slice(0, 2))
      await set.removeMany([items.uids[0]!])
      same(await first!.hasVector(), false, 'hasVector of a removed row')
      await rejects(() => first!.vector(), 'NO_VECTOR', 'vector of a removed row')
      await second!.setVector(null)
      await t.holds(set, [itemsFrom(rowsOf(items).slice(2))], 'a set whose element was cleared')
    },
  },
}
