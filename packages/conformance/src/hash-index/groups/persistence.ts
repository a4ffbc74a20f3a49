// Group `persistence`: a saved index opens again, whole; damaged files are typed errors.

import { rejects, same, sameList } from '../../framework/check.ts'
import { withCapability } from '../../framework/filled-case.ts'
import { tellsDamage } from '../../framework/tampered-files.ts'
import { codesOf, type HashIndexGroup } from '../hash-index-case.ts'

export const persistenceGroup: HashIndexGroup = {
  name: 'persistence',
  rule:
    'save(directory) holds the whole index; an index over a directory opens what is there, and every completed build is written; update and remove reach it at ' +
    'flush and dispose; a damaged or foreign file is a typed error, never a crash',
  applies: withCapability('persist'),
  cases: {
    'a saved index opens with the same answers and rows': async (t) => {
      const codes = t.codes()
      const index = await t.make()
      await index.build([t.batch(codes)])
      if (t.has('remove')) await index.remove(t.batch(codes.splice(10, 3)))
      const before = await t.snapshot(index)
      const rows = await index.rowsOf(t.batch(codes))
      const directory = await t.directory()
      await index.save(directory)
      await t.unchanged(index, before, 'saving')
      const opened = await t.reopen(directory)
      await t.unchanged(opened, before, 'saving and opening')
      sameList(await opened.rowsOf(t.batch(codes)), rows, 'rows of the opened index')
      same(opened.bits, t.bits, 'bits of the opened index')
    },
    'a second save replaces the first': async (t) => {
      const next = t.codes(15)
      const directory = await t.directory()
      await (await t.holding(t.codes())).save(directory)
      await (await t.holding(next)).save(directory)
      await t.holds(await t.reopen(directory), next, 'an index opened after a second save')
    },
    'an index over a directory writes every build': async (t) => {
      const directory = await t.directory()
      const codes = t.codes()
      const index = await t.reopen(directory)
      await index.build([t.batch(codes)])
      await t.holds(await t.reopen(directory), codes, 'an index opened after a build')
    },
    'changes are written at flush and at dispose': async (t) => {
      if (!t.has('update') || !t.has('remove')) return
      const directory = await t.directory()
      const codes = t.codes()
      const more = t.codes(3)
      const index = await t.reopen(directory)
      await index.build([t.batch(codes)])
      await index.update([t.batch(more)])
      await index.flush()
      const second = await t.reopen(directory)
      await t.holds(second, [...codes, ...more], 'an index opened after a flush')
      await second.dispose()
      await index.remove(t.batch([codes[0]!]))
      await index.dispose()
      await t.holds(await t.reopen(directory), [...codes.slice(1), ...more], 'an index opened after a dispose')
    },
    'removing the last code is written': async (t) => {
      if (!t.has('remove')) return
      const directory = await t.directory()
      const [code] = t.codes(1)
      const index = await t.reopen(directory)
      await index.build([t.batch([code!])])
      await index.remove(t.batch([code!]))
      await index.dispose()
      const opened = await t.reopen(directory)
      same(opened.count, 0, 'count of an index that was emptied and opened again')
      await rejects(() => opened.nearest(t.queries(1), 1), 'EMPTY_INDEX', 'nearest on an index that was emptied and opened again')
    },
    'nothing to save is EMPTY_INDEX': async (t) => {
      const index = await t.make()
      const directory = await t.directory()
      await rejects(() => index.save(directory), 'EMPTY_INDEX', 'save of an index that was never built')
    },
    'a damaged file is a typed error': async (t) => {
      const codes = t.codes()
      const directory = await t.directory()
      await (await t.holding(codes)).save(directory)
      await tellsDamage(t, directory, async (what) => {
        const index = await t.reopen(directory)
        await t.holds(index, codes, `an index opened from ${what}`)
        await index.dispose()
      })
    },
    'codes of an answer are whole after opening': async (t) => {
      const codes = ['1'.repeat(t.bits), `${'0'.repeat(t.bits - 1)}1`]
      const directory = await t.directory()
      await (await t.holding(codes)).save(directory)
      const opened = await t.reopen(directory)
      sameList(codesOf(await opened.nearest(t.batch(codes.slice(1)), 2), 0), [codes[1], codes[0]], 'codes after opening')
    },
  },
}
