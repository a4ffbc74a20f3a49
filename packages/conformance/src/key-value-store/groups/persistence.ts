// Group `persistence`: a store over a directory holds there what it was given.

import { CbirError } from '@cbir/core'
import { ok, sameList, show } from '../../framework/check.ts'
import { filesBelow } from '../../framework/temporary-directory.ts'
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
      const { readFile, writeFile } = await import('node:fs/promises')
      const directory = await t.directory()
      const entries = t.entries()
      const store = await t.reopen(directory)
      await store.addMany([entries])
      await store.dispose()
      let noticed = 0
      for (const file of await filesBelow(directory)) {
        const whole = await readFile(file)
        await writeFile(file, '<!doctype html><title>not a store</title>')
        try {
          const opened = await t.reopen(directory)
          await t.holds(opened, entries, `a store that opened beside a foreign file (${file.slice(directory.length + 1)})`)
          await opened.dispose()
        } catch (error) {
          if (!CbirError.isInstance(error)) throw error
          ok(error.code === 'CORRUPT_DATA' || error.code === 'IO_FAILED', `a foreign file gives CORRUPT_DATA; it gave ${show(error)}`)
          noticed++
        }
        await writeFile(file, whole)
      }
      ok(noticed > 0, 'at least one foreign file is noticed')
    },
  },
}
