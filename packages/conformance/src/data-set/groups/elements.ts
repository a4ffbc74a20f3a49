// Group `elements`: all of them, one by one.

import type { DataSet } from '@cbir/core'
import { same, sameList } from '../../framework/check.ts'
import { type DataSetGroup, elementsOf, uuidsOf } from '../data-set-case.ts'

async function listed(set: DataSet): Promise<{ uuids: string[]; ofElements: string[] }> {
  const uuids: string[] = []
  for await (const uuid of set.uuids()) uuids.push(uuid)
  const ofElements: string[] = []
  for await (const element of set.elements()) ofElements.push(await element.uuid())
  return { uuids, ofElements }
}

export const elementsGroup: DataSetGroup = {
  name: 'elements',
  rule: 'elements gives every element, count says how many, uuids gives their uuids in the same order, each once; what is added meanwhile may be in it or not',
  cases: {
    'every element is in it': async (t) => {
      const contents = await t.contents(9)
      const set = await t.holding(contents)
      const { uuids, ofElements } = await listed(set)
      sameList([...ofElements].sort(), uuidsOf(contents).sort(), 'uuids of the elements')
      sameList(uuids, ofElements, 'uuids, in the order of the elements')
      same(await set.count(), 9, 'count')
    },
    'equal bytes have one uuid, however often they are there': async (t) => {
      const contents = await t.contents(3)
      const set = await t.holding([...contents, contents[1]!])
      const { uuids, ofElements } = await listed(set)
      same(await set.count(), ofElements.length, 'count, which is the number of elements')
      sameList([...uuids].sort(), uuidsOf(contents).sort(), 'uuids')
      sameList([...new Set(ofElements)], uuids, 'uuids, in the order of the elements')
    },
    'an empty set has none': async (t) => {
      const set = await t.make()
      const { uuids, ofElements } = await listed(set)
      same(uuids.length + ofElements.length, 0, 'uuids and elements')
      same(await set.count(), 0, 'count')
    },
    'they may be left, and read again': async (t) => {
      const set = await t.holding(await t.contents(5))
      for await (const element of set.elements()) {
        same((await element.isEmpty()) === false, true, 'the first element has bytes')
        break
      }
      same((await listed(set)).ofElements.length, 5, 'elements of a second reading')
    },
    'elements added meanwhile do not disturb the others': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(6)
      const more = await t.contents(9)
      const set = await t.holding(contents)
      const seen: string[] = []
      for await (const element of set.elements()) {
        seen.push(await element.uuid())
        if (seen.length === 2) await set.addMany([elementsOf(more.slice(6)), elementsOf(contents.slice(0, 2))])
      }
      same(new Set(seen).size, seen.length, 'distinct uuids')
      sameList(seen.filter((uuid) => uuidsOf(contents).includes(uuid)).sort(), uuidsOf(contents).sort(), 'uuids that were there all the time')
    },
  },
}
