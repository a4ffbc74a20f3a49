// Group `bad input`: typed errors, and the set as it was.

import type { DataSet } from '@cbir/core'
import { rejects } from '../../framework/check.ts'
import type { DataSetGroup } from '../data-set-case.ts'

export const badInputGroup: DataSetGroup = {
  name: 'bad input',
  rule: 'a uuid is a string that is not empty, a batch an array of data elements; anything else is INVALID_ARGUMENT, and nothing is changed',
  cases: {
    'what is no uuid is refused': async (t) => {
      const contents = await t.contents(2)
      const set = await t.holding(contents)
      for (const bad of ['', 7, null, undefined]) {
        await rejects(() => set.getMany([bad as string]), 'INVALID_ARGUMENT', `getMany of ${JSON.stringify(bad)}`)
        await rejects(() => set.hasMany([bad as string]), 'INVALID_ARGUMENT', `hasMany of ${JSON.stringify(bad)}`)
      }
      const single = contents[0]!.uuid as unknown as string[]
      await rejects(() => set.getMany(single), 'INVALID_ARGUMENT', 'getMany of a single uuid without a list')
      await rejects(() => set.hasMany(single), 'INVALID_ARGUMENT', 'hasMany of a single uuid without a list')
    },
    'what is no batch or source is refused': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(3)
      const set = await t.holding(contents.slice(0, 2))
      const { element } = contents[2]!
      type Source = Parameters<DataSet['addMany']>[0]
      const sources: Readonly<Record<string, unknown>> = {
        'no source': undefined,
        'a text': 'text',
        'an element without a batch': element,
        'elements without a batch around them': [element],
        'a batch that holds bytes': [[element, contents[2]!.bytes]],
        'a batch that holds nothing': [[element, null]],
      }
      for (const [name, source] of Object.entries(sources)) {
        await rejects(() => set.addMany(source as Source), 'INVALID_ARGUMENT', `addMany of ${name}`)
      }
      await t.holds(set, contents.slice(0, 2), 'the set after refused calls')
    },
  },
}
