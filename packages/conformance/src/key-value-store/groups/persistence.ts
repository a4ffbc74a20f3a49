// Group `persistence`: a store over a directory holds there what it was given.

import { sameList } from '../../framework/check.ts'
import { otherContent, tellsDamage } from '../../framework/tampered-files.ts'
import { type KeyValueStoreGroup, keysOf } from '../store-case.ts'

export const persistenceGroup: KeyValueStoreGroup = {
  name: 'persistence',
  rule: 'a store over a directory opens what is there; what was written is there when it is opened again; a foreign file is a typed error, never a crash',
  applies: ({ reopen }) => reopen !== undefined,
  cases: {
    'entries, their values and their order are kept': async (t) => {
      const directory = await t.directory()
      const entries = t.entries()
      const store = await t.reopen(directory)
      await store.addMany([entries])
      await store.dispose()
      const opened = await t.reopen(directory)
      await t.holds(opened, entries, 'a store that was opened again')
      const keys: string[] = []
      for await (const batch of opened.keys()) keys.push(...batch)
      sameList(keys, keysOf(entries), 'keys of a store that was opened again')
    },
    'changes to what was opened are kept': async (t) => {
      const directory = await t.directory()
      const entries = t.entries(4)
      const first = await t.reopen(directory)
      await first.addMany([entries])
      await first.dispose()
      const second = await t.reopen(directory)
      await second.removeMany([entries[0]![0]])
      await second.addMany([[[entries[1]![0], 'changed']]])
      await second.dispose()
      const third = await t.reopen(directory)
      await t.holds(third, [[entries[1]![0], 'changed'], ...entries.slice(2)], 'a store that was changed after it was opened')
    },
    'removing the last key, or clearing, is kept': async (t) => {
      for (const how of ['removeMany', 'clear'] as const) {
        const directory = await t.directory()
        const store = await t.reopen(directory)
        await store.addMany([[['last', 1]]])
        await store.dispose()
        const second = await t.reopen(directory)
        await (how === 'clear' ? second.clear() : second.removeMany(['last']))
        await second.dispose()
        await t.holds(await t.reopen(directory), [], `a store emptied by ${how} and opened again`)
      }
    },
    'a foreign file is a typed error': async (t) => {
      const directory = await t.directory()
      const entries = t.entries()
      const store = await t.reopen(directory)
      await store.addMany([entries])
      await store.dispose()
      const opensWhole = async (what: string): Promise<void> => {
        const opened = await t.reopen(directory)
        await t.holds(opened, entries, `a store opened from ${what}`)
        await opened.dispose()
      }
      await tellsDamage(t, directory, opensWhole, otherContent)
    },
  },
}
