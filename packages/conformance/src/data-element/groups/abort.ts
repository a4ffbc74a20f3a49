// Group `abort`: an aborted call rejects with ABORTED and its reason.

import { rejects, same, throws } from '../../framework/check.ts'
import { type DataElementGroup, streamed } from '../data-element-case.ts'

export const abortGroup: DataElementGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; nothing is changed',
  cases: {
    'a signal that was aborted before': async (t) => {
      const bytes = t.bytes(20)
      const element = await t.holding(bytes)
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        contentType: () => element.contentType(options),
        uuid: () => element.uuid(options),
        digest: () => element.digest('sha512', options),
        isEmpty: () => element.isEmpty(options),
        bytes: () => element.bytes(options),
      }
      if (t.writable) calls['setBytes'] = () => element.setBytes(t.bytes(5), options)
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      same((await throws(() => streamed(element, options), 'ABORTED', 'stream with an aborted signal')).cause, reason, 'cause of the error of stream')
      await t.holds(element, bytes, 'bytes after aborted calls')
    },
    'in the middle of a stream': async (t) => {
      const element = await t.holding(t.bytes(600_000))
      const control = new AbortController()
      const read = async (): Promise<void> => {
        for await (const _ of element.stream({ signal: control.signal })) control.abort()
      }
      await throws(read, 'ABORTED', 'a stream aborted after its first chunk')
    },
  },
}
