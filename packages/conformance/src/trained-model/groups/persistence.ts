// Group `persistence`: a saved model is there again, whole; damaged files are typed errors.

import { rejects, same } from '../../framework/check.ts'
import { refusesForeignDirectory, tellsDamage } from '../../framework/tampered-files.ts'
import { type ModelGroup, sameAnswers } from '../model-case.ts'

export const persistenceGroup: ModelGroup = {
  name: 'persistence',
  rule:
    'save(directory) holds the whole model; what is created over a directory has the model that is there, or writes the one that it learns; ' +
    'a damaged or foreign file is a typed error, never a crash',
  applies: ({ capabilities }) => capabilities.includes('persist'),
  cases: {
    'a saved model opens with the same answers': async (t) => {
      const component = await t.trained()
      const directory = await t.directory()
      await component.save(directory)
      const opened = await t.reopen(directory)
      same(opened.hasModel, true, 'hasModel of the opened component')
      await t.agree(opened, component, 'what the opened component answers')
    },
    'a second save replaces the first': async (t) => {
      const directory = await t.directory()
      await (await t.trained()).save(directory)
      const other = await t.make()
      if (t.trains) await t.teach(other, [t.vectors(t.rows)])
      await other.save(directory)
      await t.agree(await t.reopen(directory), other, 'what is opened after a second save')
    },
    'over a directory, what is learnt is written': async (t) => {
      if (!t.trains) return
      const directory = await t.directory()
      const component = await t.reopen(directory)
      same(component.hasModel, false, 'hasModel over an empty directory')
      await t.teach(component, [t.examplesOfTheCase()])
      const opened = await t.reopen(directory)
      same(opened.hasModel, true, 'hasModel of what was opened after a training')
      await t.agree(opened, component, 'what is opened after a training')
    },
    'without a model there is nothing to save': async (t) => {
      if (!t.trains) return
      const component = await t.make()
      const directory = await t.directory()
      await rejects(() => component.save(directory), 'NOT_TRAINED', 'save without a model')
    },
    'a damaged file is a typed error': async (t) => {
      const component = await t.trained()
      const directory = await t.directory()
      await component.save(directory)
      const vectors = t.vectors(8)
      const wanted = (await t.ask(component, vectors)).slice()
      await tellsDamage(t, directory, async (what) => sameAnswers(await t.ask(await t.reopen(directory), vectors), wanted, `the answer from ${what}`))
    },
    'a directory of something else is a typed error, and is left alone': async (t) => {
      const directory = await t.directory()
      await refusesForeignDirectory(directory, async () => t.ask(await t.reopen(directory), t.vectors(1)))
    },
  },
}
