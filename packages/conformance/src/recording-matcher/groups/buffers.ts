// Group `buffers`: what is passed in may be changed as soon as the call has given its promise.

import { watched } from '../../framework/held-back.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

export const buffersGroup: RecordingMatcherGroup = {
  name: 'buffers',
  rule: 'the caller may change, transfer or shrink a buffer as soon as the call has returned its promise; a source may reuse its objects',
  cases: {
    'a sound changed or transferred right after the call': async (t) => {
      const matcher = await t.holding(0)
      const changed = t.cut(0)
      const first = watched(matcher.match(changed))
      changed.samples.fill(0)
      t.is(await first, 0, 2, 'a cut that was changed after the call')
      const moved = t.cut(0, 1)
      const second = watched(matcher.match(moved))
      structuredClone(moved.samples.buffer, { transfer: [moved.samples.buffer as ArrayBuffer] })
      t.is(await second, 0, 1, 'a cut that was transferred after the call')
    },
    'a recording changed right after the call': async (t) => {
      const matcher = await t.make()
      const samples = tune(0).slice()
      const added = watched(matcher.add('tune 0', { samples, sampleRate: TUNE_RATE }))
      samples.set(tune(1))
      await added
      const list = [{ id: 'tune 2', sound: { samples: tune(2).slice(), sampleRate: TUNE_RATE } }]
      const more = watched(matcher.addMany(list))
      list[0]!.sound.samples.fill(0)
      await more
      await t.holds(matcher, [0, 2], [1], 'a matcher whose recordings were changed after the call')
    },
    'ids changed right after the call': async (t) => {
      if (!t.has('remove')) return
      const matcher = await t.holding(0, 1)
      const ids = ['tune 0']
      const removed = watched(matcher.remove(ids))
      ids[0] = 'tune 1'
      await removed
      await t.holds(matcher, [1], [0], 'a matcher after a removal whose list was changed')
    },
    'a source that reuses its buffer for the next recording': async (t) => {
      const matcher = await t.make()
      const source = function* (): Generator<{ id: string; sound: { samples: Float32Array; sampleRate: number } }> {
        const samples = new Float32Array(tune(0).length)
        for (const i of [0, 1]) {
          samples.set(tune(i))
          yield { id: `tune ${i}`, sound: { samples, sampleRate: TUNE_RATE } }
          samples.fill(0)
        }
      }
      await matcher.addMany(source())
      await t.holds(matcher, [0, 1], [2], 'a matcher filled from a source that reuses its buffer')
    },
  },
}
