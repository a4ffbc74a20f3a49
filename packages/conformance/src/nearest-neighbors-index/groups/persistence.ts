// Group `persistence`: what was saved is there again, whole; damaged files are typed errors.

import { rejects, same, sameList } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import { refusesForeignDirectory, tellsDamage } from '../../framework/tampered-files.ts'
import type { IndexGroup } from '../index-case.ts'
import { joinItems, pickItems } from '../test-vectors.ts'

export const persistenceGroup: IndexGroup = {
  name: 'persistence',
  rule:
    'save(directory) holds the whole index; an index over a directory opens what is there, and every completed build is written; update and remove reach it at ' +
    'flush and dispose; a damaged or foreign file is a typed error, never a crash',
  applies: withCapability('persist'),
  cases: {
    'a saved index opens with the same answers': async (t) => {
      const items = t.items()
      const index = await t.make()
      await index.build([items], { origin: { producer: 'p', space: 's' } })
      const before = await t.snapshot(index)
      const directory = await t.directory()
      await index.save(directory)
      const opened = await t.reopen(directory)
      await opened.nearest(before.queries, 1)
      await t.unchanged(opened, before, 'saving and opening')
      same(opened.dimensions, t.dimensions, 'dimensions of the opened index')
      same(opened.origin.producer, 'p', 'producer of the opened index')
      same(opened.origin.space, 's', 'space of the opened index')
      await t.unchanged(index, before, 'saving')
    },
    'a second save replaces the first': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const directory = await t.directory()
      await index.save(directory)
      const next = t.items(t.rows, 'next')
      const other = await t.filled(next)
      await other.save(directory)
      const opened = await t.reopen(directory)
      await opened.nearest(t.vectors(1), 1)
      await t.holds(opened, next, 'an index opened after a second save')
    },
    'an index over a directory writes every build': async (t) => {
      const directory = await t.directory()
      const items = t.items()
      const index = await t.reopen(directory)
      await index.build([items])
      const opened = await t.reopen(directory)
      await opened.nearest(t.vectors(1), 1)
      await t.holds(opened, items, 'an index opened after a build')
    },
    'changes are written at flush and at dispose': async (t) => {
      if (!t.has('update') || !t.has('remove')) return
      const directory = await t.directory()
      const items = t.items()
      const more = t.items(3, 'more')
      const index = await t.reopen(directory)
      await index.build([items])
      await index.update([more])
      await index.flush()
      const second = await t.reopen(directory)
      await second.nearest(t.vectors(1), 1)
      await t.holds(second, joinItems(items, more), 'an index opened after a flush')
      await second.dispose()
      await index.remove([items.uids[2]!])
      await index.dispose()
      const third = await t.reopen(directory)
      await third.nearest(t.vectors(1), 1)
      await t.holds(
        third,
        joinItems(
          pickItems(items, (_, row) => row !== 2),
          more,
        ),
        'an index opened after a dispose',
      )
    },
    'attachments are written with the index': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const bytes = new TextEncoder().encode('notes')
      let known: boolean[] = []
      index.attach('notes', (has) => {
        known = [has(items.uids[0]!), has('nobody')]
        return [bytes.subarray(0, 2), bytes.subarray(2)]
      })
      const directory = await t.directory()
      await index.save(directory)
      sameList(known, [true, false], 'whether the written content holds a uid')
      const opened = await t.reopen(directory)
      sameList(opened.attachment('notes') ?? [], bytes, 'bytes of the attachment')
      same(opened.attachment('other'), undefined, 'an attachment that was never written')
    },
    'nothing to save is EMPTY_INDEX': async (t) => {
      const index = await t.make()
      const directory = await t.directory()
      await rejects(() => index.save(directory), 'EMPTY_INDEX', 'save of an index that was never built')
    },
    'a damaged file is a typed error': async (t) => {
      const index = await t.filled(t.items())
      const directory = await t.directory()
      await index.save(directory)
      const query = t.vectors(1)
      const wanted = (await index.nearest(query, t.rows)).uids
      await tellsDamage(t, directory, async (what) => {
        const opened = await t.reopen(directory)
        sameList((await opened.nearest(query, t.rows)).uids, wanted, `neighbours from ${what}`)
        await opened.dispose()
      })
    },
    'a directory of something else is a typed error, and is left alone': async (t) => {
      const directory = await t.directory()
      await refusesForeignDirectory(directory, async () => (await t.reopen(directory)).nearest(t.vectors(1), 1))
    },
  },
}
