// Group `abort`: an aborted call rejects with ABORTED and its reason.

import type { Items } from '@cbir/core'
import { ok, rejects, same } from '../../framework/check.ts'
import type { IndexGroup } from '../index-case.ts'

export const abortGroup: IndexGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason',
  cases: {
    'a signal that was aborted before': async (t) => {
      const items = t.items()
      const index = await t.filled(items)
      const before = await t.snapshot(index)
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const calls: Record<string, () => Promise<unknown>> = {
        build: () => index.build([t.items(t.rows, 'next')], { signal }),
        nearest: () => index.nearest(t.vectors(1), 3, { signal }),
        compileFilter: () => index.compileFilter(() => true, { signal }),
      }
      if (t.has('update')) calls['update'] = () => index.update([t.items(2, 'more')], { signal })
      if (t.has('remove')) calls['remove'] = () => index.remove([items.uids[0]!], { signal })
      if (t.has('range')) calls['within'] = () => index.within(t.vectors(1), 1, { signal })
      for (const [name, call] of Object.entries(calls)) {
        const error = await rejects(call, 'ABORTED', `${name} with an aborted signal`)
        same(error.cause, reason, `cause of the error of ${name}`)
      }
      await t.unchanged(index, before, 'aborted calls')
    },
    'in the middle of a build': async (t) => {
      const index = await t.make()
      const control = new AbortController()
      const reason = new Error('enough')
      let pulled = 0
      let finished = false
      const source = async function* (): AsyncGenerator<Items> {
        try {
          for (; pulled < 50; pulled++) {
            if (pulled === 2) control.abort(reason)
            yield t.items(3, `batch ${pulled}`)
          }
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => index.build(source(), { signal: control.signal }), 'ABORTED', 'a build aborted while it reads its source')
      same(error.cause, reason, 'cause')
      ok(pulled < 50, 'an aborted build does not read its source to the end')
      ok(finished, 'the finally of the source has run')
      same(index.count, 0, 'count after an aborted first build')
    },
    'in the middle of an update': async (t) => {
      if (!t.has('update')) return
      const index = await t.filled(t.items())
      const control = new AbortController()
      const source = async function* (): AsyncGenerator<Items> {
        yield t.items(3, 'first')
        control.abort()
        for (let i = 0; i < 50; i++) yield t.items(1, `late ${i}`)
      }
      const error = await rejects(() => index.update(source(), { signal: control.signal }), 'ABORTED', 'an update aborted while it reads its source')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      same(index.count, t.rows + 3, 'count: the batch before the abort stands')
    },
  },
}
