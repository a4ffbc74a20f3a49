// Group `persistence`: a set over a directory holds there what it was given.

import { sameList } from '../../framework/check.ts'
import { otherContent, tellsDamage } from '../../framework/tampered-files.ts'
import { allRows, type DescriptorSetGroup, itemsFrom, rowsOf } from '../set-case.ts'

export const persistenceGroup: DescriptorSetGroup = {
  name: 'persistence',
  rule: 'a set over a directory opens what is there; what was written is there when it is opened again; a foreign file is a typed error, never a crash',
  applies: ({ reopen }) => reopen !== undefined,
  cases: {
    'rows, their attributes and their order are kept': async (t) => {
      const directory = await t.directory()
      const [long, short] = [t.described(5), t.described(3, 'short', 3)]
      const set = await t.reopen(directory)
      await set.addMany([short, long])
      await set.dispose()
      const opened = await t.reopen(directory)
      await t.holds(opened, [short, long], 'a set that was opened again')
      sameList(
        (await allRows(opened)).map(({ uid }) => uid),
        [...short.uids, ...long.uids],
        'uids of a set that was opened again',
      )
    },
    'changes to what was opened are kept': async (t) => {
      const directory = await t.directory()
      const items = t.items(4)
      const first = await t.reopen(directory)
      await first.addMany([items])
      await first.dispose()
      const second = await t.reopen(directory)
      const changed = { uids: [items.uids[1]!], vectors: t.vectors(1) }
      await second.removeMany([items.uids[0]!])
      await second.addMany([changed])
      await second.dispose()
      const third = await t.reopen(directory)
      await t.holds(third, [changed, itemsFrom(rowsOf(items).slice(2))], 'a set that was changed after it was opened')
    },
    'removing the last row, or clearing, is kept': async (t) => {
      for (const how of ['removeMany', 'clear'] as const) {
        const directory = await t.directory()
        const set = await t.reopen(directory)
        await set.addMany([{ uids: ['last'], vectors: t.vectors(1) }])
        await set.dispose()
        const second = await t.reopen(directory)
        await (how === 'clear' ? second.clear() : second.removeMany(['last']))
        await second.dispose()
        await t.holds(await t.reopen(directory), [], `a set emptied by ${how} and opened again`)
      }
    },
    'a foreign file is a typed error': async (t) => {
      const directory = await t.directory()
      const items = t.items()
      const set = await t.reopen(directory)
      await set.addMany([items])
      await set.dispose()
      const opensWhole = async (what: string): Promise<void> => {
        const opened = await t.reopen(directory)
        await t.holds(opened, [items], `a set opened from ${what}`)
        await opened.dispose()
      }
      await tellsDamage(t, directory, opensWhole, otherContent)
    },
  },
}
