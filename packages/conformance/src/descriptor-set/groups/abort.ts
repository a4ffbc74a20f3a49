// Group `abort`: an aborted call rejects with ABORTED and its reason.

import type { DescriptorItems } from '@cbir/core'
import { ok, rejects, same, throws } from '../../framework/check.ts'
import { allRows, type DescriptorSetGroup } from '../set-case.ts'

export const abortGroup: DescriptorSetGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason',
  cases: {
    'a signal that was aborted before': async (t) => {
      const items = t.items(4)
      const set = await t.holding([items])
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const calls: Record<string, () => Promise<unknown>> = {
        count: () => set.count({ signal }),
        hasMany: () => set.hasMany(items.uids, { signal }),
        addMany: () => set.addMany([t.items(1, 'new')], { signal }),
        getVectors: () => set.getVectors(items.uids, new Float32Array(100), { signal }),
        getAttributes: () => set.getAttributes(items.uids, { signal }),
        getMany: () => set.getMany(items.uids, { signal }),
        removeMany: () => set.removeMany([items.uids[0]!], { signal }),
        clear: () => set.clear({ signal }),
      }
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      const iteration = async (): Promise<void> => {
        for await (const _ of set.items({ signal }));
      }
      await throws(iteration, 'ABORTED', 'items with an aborted signal')
      same((await allRows(set)).length, 4, 'rows after aborted calls')
    },
    'in the middle of a source': async (t) => {
      const set = await t.make()
      const control = new AbortController()
      let finished = false
      const source = async function* (): AsyncGenerator<DescriptorItems> {
        try {
          yield t.items(3, 'first')
          control.abort()
          for (let i = 0; i < 50; i++) yield t.items(1, `late ${i}`)
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => set.addMany(source(), { signal: control.signal }), 'ABORTED', 'addMany aborted while it reads its source')
      same(error.details['batchesApplied'], 1, 'details.batchesApplied')
      same(await set.count(), 3, 'count: the batch before the abort stands')
      ok(finished, 'the finally of the source has run')
    },
  },
}
