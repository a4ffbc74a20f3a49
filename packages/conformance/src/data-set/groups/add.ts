// Group `add`: elements are added by the uuid that they have, a batch at a time.

import { CbirError, type DataElement } from '@cbir/core'
import { referenceDataElement } from '../../data-element/reference.ts'
import { rejects, same, sameList } from '../../framework/check.ts'
import { type DataSetGroup, elementsOf, whereWritable } from '../data-set-case.ts'

export const addGroup: DataSetGroup = {
  name: 'add',
  rule:
    'elements are found by their uuid; one whose bytes are there already takes the place of the old one. Atomic per batch; the error carries how many ' +
    'batches stand. The uuid is taken when the element is added',
  applies: whereWritable,
  cases: {
    'elements are added, and counted': async (t) => {
      const contents = await t.contents(7)
      const set = await t.make()
      const elements = elementsOf(contents)
      same(await set.addMany([elements.slice(0, 3), elements.slice(3)]), 7, 'what addMany gives')
      await t.holds(set, contents, 'the set')
    },
    'an asynchronous source': async (t) => {
      const contents = await t.contents(4)
      const set = await t.make()
      const source = async function* () {
        for (const { element } of contents) yield [element]
      }
      same(await set.addMany(source()), 4, 'what addMany gives')
      await t.holds(set, contents, 'the set')
    },
    'equal bytes are there once': async (t) => {
      const contents = await t.contents(4)
      const set = await t.holding(contents)
      same(await set.addMany([[referenceDataElement(contents[1]!.bytes), referenceDataElement(contents[1]!.bytes)]]), 2, 'what addMany gives')
      await t.holds(set, contents, 'a set after equal bytes were added again')
    },
    'the uuid is that of when it was added': async (t) => {
      const [first, other] = await t.contents(2)
      const element = referenceDataElement(first!.bytes)
      const set = await t.make()
      await set.addMany([[element]])
      await element.setBytes(other!.bytes)
      sameList(await set.hasMany([first!.uuid, other!.uuid]), [1, 0], 'presence of the old and of the new uuid')
    },
    'a bad element leaves out its batch, and no other': async (t) => {
      const contents = await t.contents(2)
      const more = await t.contents(5)
      const broken: DataElement = { ...more[4]!.element, uuid: async () => Promise.reject(new CbirError('NOT_FOUND', 'the file is gone')) }
      const set = await t.holding(contents)
      const batches = [elementsOf(more.slice(2, 4)), [more[4]!.element, broken], elementsOf(more.slice(0, 1))]
      const error = await rejects(() => set.addMany(batches), 'NOT_FOUND', 'addMany with an element that cannot be read')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(set, [...contents, ...more.slice(2, 4)], 'the set')
    },
    'a source that throws: the batches before it stand': async (t) => {
      const contents = await t.contents(2)
      const set = await t.make()
      const cause = new Error('the source is broken')
      const source = function* (): Generator<DataElement[]> {
        yield elementsOf(contents)
        throw cause
      }
      const error = await rejects(() => set.addMany(source()), 'SOURCE_FAILED', 'addMany of a source that throws')
      same(error.cause, cause, 'cause')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(set, contents, 'the set')
    },
    'nothing to add changes nothing': async (t) => {
      const contents = await t.contents(2)
      const set = await t.holding(contents)
      same(await set.addMany([]), 0, 'what addMany gives for no batch')
      same(await set.addMany([[]]), 0, 'what addMany gives for an empty batch')
      await t.holds(set, contents, 'the set')
    },
  },
}
