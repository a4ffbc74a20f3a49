// Group `abort`: an aborted call rejects with ABORTED and its reason.

import type { BitBatch } from '@cbir/core'
import { ok, rejects, same } from '../../framework/check.ts'
import type { HashIndexGroup } from '../hash-index-case.ts'

export const abortGroup: HashIndexGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; the index is as it was, but for the batches of an update that stand',
  cases: {
    'a signal that was aborted before': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        build: () => index.build([t.queries(3)], options),
        nearest: () => index.nearest(t.queries(1), 3, options),
        rowsOf: () => index.rowsOf(t.queries(1), options),
      }
      if (t.has('update')) calls['update'] = () => index.update([t.queries(3)], options)
      if (t.has('remove')) calls['remove'] = () => index.remove(t.batch(codes.slice(0, 1)), options)
      for (const [name, call] of Object.entries(calls)) {
        const error = await rejects(call, 'ABORTED', `${name} with an aborted signal`)
        same(error.cause, reason, `cause of the error of ${name}`)
      }
      await t.holds(index, codes, 'the index after aborted calls')
    },
    'in the middle of a build': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const control = new AbortController()
      const reason = new Error('enough')
      let pulled = 0
      let finished = false
      const source = async function* (): AsyncGenerator<BitBatch> {
        try {
          for (; pulled < 50; pulled++) {
            if (pulled === 2) control.abort(reason)
            yield t.queries(3)
          }
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => index.build(source(), { signal: control.signal }), 'ABORTED', 'a build aborted while it reads its source')
      same(error.cause, reason, 'cause')
      ok(pulled < 50, 'an aborted build does not read its source to the end')
      ok(finished, 'the finally of the source has run')
      await t.holds(index, codes, 'the index after an aborted build')
    },
    'in the middle of an update': async (t) => {
      if (!t.has('update')) return
      const codes = t.codes()
      const first = t.codes(3)
      const index = await t.holding(codes)
      const control = new AbortController()
      const source = async function* (): AsyncGenerator<BitBatch> {
        yield t.batch(first)
        control.abort()
        for (let i = 0; i < 50; i++) yield t.queries(1)
      }
      const error = await rejects(() => index.update(source(), { signal: control.signal }), 'ABORTED', 'an update aborted while it reads its source')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      await t.holds(index, [...codes, ...first], 'the index: the batch before the abort stands')
    },
  },
}
