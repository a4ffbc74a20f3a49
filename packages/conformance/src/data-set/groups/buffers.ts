// Group `buffers`: what is passed in may be changed as soon as the call has given its promise.

import type { DataElement } from '@cbir/core'
import { same, sameList } from '../../framework/check.ts'
import { watched } from '../../framework/held-back.ts'
import { type DataSetGroup, elementsOf, uuidsOf } from '../data-set-case.ts'

export const buffersGroup: DataSetGroup = {
  name: 'buffers',
  rule: 'the caller may change a list as soon as the call has returned its promise; a source may reuse its batch for the next one',
  cases: {
    'lists of uuids changed right after the call': async (t) => {
      const contents = await t.contents(3)
      const set = await t.holding(contents)
      const asked = uuidsOf(contents.slice(0, 2))
      const got = set.getMany(asked)
      asked[0] = contents[2]!.uuid
      asked.pop()
      const elements = await got
      same(elements.length, 2, 'elements')
      sameList(await elements[0]!.bytes(), contents[0]!.bytes, 'bytes of the first element')
    },
    'a batch changed right after the call': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(3)
      const set = await t.make()
      const batch = elementsOf(contents.slice(0, 2))
      const added = watched(set.addMany([batch]))
      batch[0] = contents[2]!.element
      batch.pop()
      same(await added, 2, 'what addMany gives')
      await t.holds(set, contents.slice(0, 2), 'the set')
    },
    'a source that reuses its batch': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(5)
      const spoiled = (await t.contents(6))[5]!
      const set = await t.make()
      const source = function* (): Generator<DataElement[]> {
        const batch = [spoiled.element]
        for (const { element } of contents) {
          batch[0] = element
          yield batch
          batch[0] = spoiled.element
        }
      }
      await set.addMany(source())
      await t.holds(set, contents, 'a set filled from a source that reuses its batch')
    },
  },
}
