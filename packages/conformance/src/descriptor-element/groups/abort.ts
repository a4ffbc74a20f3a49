// Group `abort`: an aborted call rejects with ABORTED and its reason.

import { rejects, same } from '../../framework/check.ts'
import type { DescriptorElementGroup } from '../descriptor-element-case.ts'

export const abortGroup: DescriptorElementGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; nothing is changed',
  cases: {
    'a signal that was aborted before': async (t) => {
      const vector = t.vector()
      const element = await t.holding(vector)
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        hasVector: () => element.hasVector(options),
        vector: () => element.vector(options),
        setVector: () => element.setVector(t.vector(), options),
        'setVector(null)': () => element.setVector(null, options),
      }
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      await t.holds(element, vector, 'an element after aborted calls')
    },
  },
}
