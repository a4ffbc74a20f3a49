// Group `abort`: an aborted call rejects with ABORTED and its reason.

import type { VectorBatch } from '@cbir/core'
import { ok, rejects, same } from '../../framework/check.ts'
import type { ModelGroup } from '../model-case.ts'

export const abortGroup: ModelGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; an aborted training leaves no model',
  cases: {
    'a signal that was aborted before': async (t) => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const trained = await t.trained()
      const calls = t.questions(trained, { signal })
      const fresh = await t.make()
      if (t.trains) calls['the training'] = () => t.teach(fresh, [t.vectors(t.rows)], { signal })
      if (t.has('persist')) calls['save'] = async () => trained.save(await t.directory(), { signal })
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      if (t.trains) same(fresh.hasModel, false, 'hasModel after an aborted training')
    },
    'in the middle of a training': async (t) => {
      if (!t.trains) return
      const component = await t.make()
      const control = new AbortController()
      const reason = new Error('enough')
      let pulled = 0
      let finished = false
      const source = async function* (): AsyncGenerator<VectorBatch> {
        try {
          for (; pulled < 50; pulled++) {
            if (pulled === 2) control.abort(reason)
            yield t.vectors(t.rows)
          }
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => t.teach(component, source(), { signal: control.signal }), 'ABORTED', 'a training aborted while it reads')
      same(error.cause, reason, 'cause')
      ok(pulled < 50, 'an aborted training does not read its source to the end')
      ok(finished, 'the finally of the source has run')
      same(component.hasModel, false, 'hasModel after an aborted training')
    },
  },
}
