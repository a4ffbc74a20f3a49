// Group `abort`: an aborted call rejects with ABORTED and its reason.

import { ok, rejects, same, throws } from '../../framework/check.ts'
import type { Entry, KeyValueStoreGroup } from '../store-case.ts'

export const abortGroup: KeyValueStoreGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; what had not finished changes nothing',
  cases: {
    'a signal that was aborted before': async (t) => {
      const entries = t.entries(4)
      const store = await t.holding(entries)
      const key = entries[0]![0]
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        count: () => store.count(options),
        hasMany: () => store.hasMany([key], options),
        getMany: () => store.getMany([key], options),
        addMany: () => store.addMany([t.entries(1, 'new')], options),
        removeMany: () => store.removeMany([key], options),
        clear: () => store.clear(options),
      }
      for (const [name, call] of Object.entries(calls)) {
        const error = await rejects(call, 'ABORTED', `${name} with an aborted signal`)
        same(error.cause, reason, `cause of the error of ${name}`)
      }
      for (const list of ['keys', 'entries'] as const) {
        const read = async (): Promise<void> => {
          for await (const batch of store[list](options)) void batch
        }
        const error = await throws(read, 'ABORTED', `${list} with an aborted signal`)
        same(error.cause, reason, `cause of the error of ${list}`)
      }
      await t.holds(store, entries, 'the store')
    },
    'in the middle of addMany': async (t) => {
      const store = await t.make()
      const control = new AbortController()
      const reason = new Error('enough')
      const first = t.entries(3, 'first')
      let pulled = 0
      let finished = false
      const source = async function* (): AsyncGenerator<Entry[]> {
        try {
          yield first
          control.abort(reason)
          for (; pulled < 50; pulled++) yield t.entries(1, `late ${pulled}`)
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => store.addMany(source(), { signal: control.signal }), 'ABORTED', 'addMany aborted while it reads its source')
      same(error.cause, reason, 'cause')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      ok(pulled < 50, 'an aborted addMany does not read its source to the end')
      ok(finished, 'the finally of the source has run')
      await t.holds(store, first, 'a store whose addMany was aborted after the first batch')
    },
    'in the middle of an iteration': async (t) => {
      const store = await t.holding(t.entries(30))
      const control = new AbortController()
      let batches = 0
      const read = async (): Promise<void> => {
        for await (const _ of store.keys({ batchSize: 1, signal: control.signal })) if (++batches === 2) control.abort()
      }
      await throws(read, 'ABORTED', 'keys aborted while they are read')
      ok(batches < 30, 'an aborted iteration ends')
    },
  },
}
