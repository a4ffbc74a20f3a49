// Group `abort`: an aborted call rejects with ABORTED and its reason.

import { ok, rejects, same } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

export const abortGroup: RecordingMatcherGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason; the matcher is as it was, but for the recordings of addMany that stand',
  cases: {
    'a signal that was aborted before': async (t) => {
      const matcher = await t.holding(0)
      const reason = new Error('enough')
      const options = { signal: AbortSignal.abort(reason) }
      const calls: Record<string, () => Promise<unknown>> = {
        add: () => matcher.add('tune 1', t.tune(1), options),
        addMany: () => matcher.addMany([{ id: 'tune 1', sound: t.tune(1) }], options),
        match: () => matcher.match(t.cut(0), options),
        matchMany: () => matcher.matchMany([t.cut(0)], options),
      }
      if (t.has('remove')) calls['remove'] = () => matcher.remove(['tune 0'], options)
      for (const [name, call] of Object.entries(calls)) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
      await t.holds(matcher, [0], [1], 'the matcher after aborted calls')
    },
    'while a sound is read': async (t) => {
      const matcher = await t.holding(0)
      for (const call of ['add', 'match'] as const) {
        const control = new AbortController()
        const reason = new Error('enough')
        let pulled = 0
        let closed = false
        const source = async function* (): AsyncGenerator<Float32Array> {
          try {
            for (; pulled < 50; pulled++) {
              if (pulled === 2) control.abort(reason)
              yield tune(1)
            }
          } finally {
            closed = true
          }
        }
        const sound = { samples: source(), sampleRate: TUNE_RATE }
        const options = { signal: control.signal }
        const error = await rejects(() => (call === 'add' ? matcher.add('tune 1', sound, options) : matcher.match(sound, options)), 'ABORTED', call)
        same(error.cause, reason, `cause of an aborted ${call}`)
        ok(pulled < 50, `an aborted ${call} does not read its sound to the end`)
        ok(closed, `the finally of the source of an aborted ${call} has run`)
      }
      await t.holds(matcher, [0], [1], 'the matcher after aborted calls')
    },
    'between recordings': async (t) => {
      const matcher = await t.make()
      const control = new AbortController()
      const recordings = async function* (): AsyncGenerator<{ id: string; sound: ReturnType<typeof t.tune> }> {
        yield { id: 'tune 0', sound: t.tune(0) }
        control.abort()
        yield { id: 'tune 1', sound: t.tune(1) }
      }
      const error = await rejects(() => matcher.addMany(recordings(), { signal: control.signal }), 'ABORTED', 'addMany aborted between recordings')
      same(error.details['recordingsAdded'], 1, 'details.recordingsAdded')
      await t.holds(matcher, [0], [1], 'the matcher: the recording before the abort stands')
    },
  },
}
