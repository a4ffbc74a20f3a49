// Group `abort`: an aborted call rejects with ABORTED and its reason.

import type { DataElement } from '@cbir/core'
import { ok, rejects, same, throws } from '../../framework/check.ts'
import { type DataSetGroup, elementsOf } from '../data-set-case.ts'

export const abortGroup: DataSetGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; what had not finished changes nothing',
  cases: {
    'a signal that was aborted before': async (t) => {
      const contents = await t.contents(3)
      const set = await t.holding(contents.slice(0, 2))
      const { uuid } = contents[0]!
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        count: () => set.count(options),
        hasMany: () => set.hasMany([uuid], options),
        getMany: () => set.getMany([uuid], options),
      }
      if (t.writable) calls['addMany'] = () => set.addMany([elementsOf(contents.slice(2))], options)
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      for (const list of ['elements', 'uuids'] as const) {
        const read = async (): Promise<void> => {
          for await (const one of set[list](options)) void one
        }
        same((await throws(read, 'ABORTED', `${list} with an aborted signal`)).cause, reason, `cause of the error of ${list}`)
      }
      await t.holds(set, contents.slice(0, 2), 'the set after aborted calls')
    },
    'in the middle of addMany': async (t) => {
      if (!t.writable) return
      const contents = await t.contents(4)
      const set = await t.make()
      const control = new AbortController()
      const reason = new Error('enough')
      let finished = false
      const source = async function* (): AsyncGenerator<DataElement[]> {
        try {
          yield elementsOf(contents.slice(0, 2))
          control.abort(reason)
          yield elementsOf(contents.slice(2))
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => set.addMany(source(), { signal: control.signal }), 'ABORTED', 'addMany aborted while it reads its source')
      same(error.cause, reason, 'cause')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      ok(finished, 'the finally of the source has run')
      await t.holds(set, contents.slice(0, 2), 'a set whose addMany was aborted after the first batch')
    },
    'in the middle of an iteration': async (t) => {
      const set = await t.holding(await t.contents(10))
      const control = new AbortController()
      let seen = 0
      const read = async (): Promise<void> => {
        for await (const _ of set.elements({ signal: control.signal })) if (++seen === 2) control.abort()
      }
      await throws(read, 'ABORTED', 'elements aborted while they are read')
      ok(seen < 10, 'an aborted iteration ends')
    },
  },
}
