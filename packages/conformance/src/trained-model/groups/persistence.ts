// Group `persistence`: a saved model is there again, whole; damaged files are typed errors.

import { CbirError } from '@cbir/core'
import { ok, rejects, same, show } from '../../framework/check.ts'
import { filesBelow } from '../../framework/temporary-directory.ts'
import { type ModelCase, type ModelGroup, sameAnswers } from '../model-case.ts'

/** Opens a directory that was tampered with: a typed error, or the old answers; gives the error. */
async function opensOrSays(t: ModelCase, directory: string, vectors: ReturnType<ModelCase['vectors']>, wanted: ArrayLike<number>, what: string) {
  try {
    const component = await t.reopen(directory)
    sameAnswers(await t.ask(component, vectors), wanted, `the answer from a directory with ${what}`)
    return undefined
  } catch (error) {
    if (!CbirError.isInstance(error)) throw error
    ok(['CORRUPT_DATA', 'IO_FAILED', 'NOT_FOUND'].includes(error.code), `${what} gives CORRUPT_DATA; it gave ${show(error)}`)
    return error
  }
}

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
      const { readFile, writeFile } = await import('node:fs/promises')
      const component = await t.trained()
      const directory = await t.directory()
      await component.save(directory)
      const vectors = t.vectors(8)
      const wanted = (await t.ask(component, vectors)).slice()
      let noticed = 0
      for (const file of await filesBelow(directory)) {
        const whole = await readFile(file)
        const damages: [string, Uint8Array][] = [
          ['an empty file', whole.subarray(0, 0)],
          ['half a file', whole.subarray(0, whole.length >> 1)],
          ['a foreign file', new TextEncoder().encode('<!doctype html><title>not a model</title>')],
        ]
        for (const at of [0, whole.length >> 1, whole.length - 1, t.random.integer(whole.length)]) {
          damages.push([`byte ${at} changed`, Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 0x41 : byte))])
        }
        for (const [what, bytes] of damages) {
          await writeFile(file, bytes)
          if (await opensOrSays(t, directory, vectors, wanted, `${what} (${file.slice(directory.length + 1)})`)) noticed++
        }
        await writeFile(file, whole)
      }
      ok(noticed > 0, 'at least one damage is noticed')
      same(await opensOrSays(t, directory, vectors, wanted, 'its files put back'), undefined, 'error of the undamaged directory')
    },
    'a directory of something else is a typed error, and is left alone': async (t) => {
      const { readFile, writeFile } = await import('node:fs/promises')
      const directory = await t.directory()
      const file = `${directory}/CURRENT`
      await writeFile(file, 'not a generation\n')
      ok(await opensOrSays(t, directory, t.vectors(1), [], 'a foreign CURRENT'), 'a foreign directory does not open')
      same(await readFile(file, 'utf8'), 'not a generation\n', 'the foreign file')
    },
  },
}
