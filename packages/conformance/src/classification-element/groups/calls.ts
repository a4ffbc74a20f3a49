// Groups about calls: copies, abort, and many at once.

import { ok, rejects, same, show } from '../../framework/check.ts'
import { type ClassificationElementGroup, CONFIDENCES, holds } from '../classification-element-case.ts'

export const copiesGroup: ClassificationElementGroup = {
  name: 'copies',
  rule: 'classifications are copied in and out; the caller may change a Map as soon as the call has returned its promise',
  cases: {
    'what was given may be changed right after the call': async (t) => {
      const element = await t.make()
      const given = new Map(CONFIDENCES)
      const set = element.setClassifications(given)
      given.set('dog', 1)
      given.delete('zebra')
      await set
      await holds(element, CONFIDENCES, 'an element whose Map was changed after the call')
    },
    'what was got may be changed': async (t) => {
      const element = await t.filled()
      ;(await element.classifications()).clear()
      await holds(element, CONFIDENCES, 'an element whose answer was changed')
    },
  },
}

export const abortGroup: ClassificationElementGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; nothing is changed',
  cases: {
    'a signal that was aborted before': async (t) => {
      const element = await t.filled()
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const calls = {
        hasClassifications: () => element.hasClassifications({ signal }),
        classifications: () => element.classifications({ signal }),
        setClassifications: () => element.setClassifications({ cow: 1 }, { signal }),
      }
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      await holds(element, CONFIDENCES, 'an element after aborted calls')
    },
  },
}

export const concurrencyGroup: ClassificationElementGroup = {
  name: 'concurrency',
  rule: 'many calls at once: every answer is one of the classifications that were set, whole',
  cases: {
    'reads beside writes': async (t) => {
      const element = await t.filled()
      const all = Array.from({ length: 10 }, (_, i) => new Map([['number', i], ['square', i * i]])) // biome-ignore format: one line
      const reads: Promise<Map<string, number>>[] = []
      await Promise.all(
        all.map(async (one) => {
          reads.push(element.classifications())
          await element.setClassifications(one)
          reads.push(element.classifications())
        }),
      )
      const text = (one: ReadonlyMap<string, number>): string => JSON.stringify([...one].sort())
      const whole = new Set([CONFIDENCES, ...all].map(text))
      for (const found of await Promise.all([...reads, element.classifications()])) {
        ok(whole.has(text(found)), `a read gives what was set in one call; it gives ${show(found)}`)
      }
      ok(!(await element.classifications()).has('dog'), 'the writes have replaced what was there before')
    },
  },
}

export const persistenceGroup: ClassificationElementGroup = {
  name: 'persistence',
  rule: 'an element that is kept finds what was set, under its type and uid',
  applies: ({ reopen }) => reopen !== undefined,
  cases: {
    'what was set is there again': async (t) => {
      const element = await t.filled()
      const again = await t.options.reopen?.(element.type, element.uid)
      ok(again && (await again.hasClassifications()), 'the reopened element has classifications')
      await holds(again, CONFIDENCES, 'a reopened element')
    },
    'under another uid there is nothing': async (t) => {
      const element = await t.filled()
      const other = await t.options.reopen?.(element.type, `${element.uid} too`)
      same(await other?.hasClassifications(), false, 'hasClassifications of another uid')
    },
  },
}
