// Group `event loop`: long calls give turns.

import { givesTurns } from '../../framework/gives-turns.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

/** So many tunes make the recording. */
const TUNES = 8

export const eventLoopGroup: RecordingMatcherGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    'a long recording is added, asked for and removed in turns': async (t) => {
      const matcher = await t.make()
      const samples = new Float32Array(TUNES * tune(0).length)
      for (let i = 0; i < TUNES; i++) samples.set(tune(i), i * tune(0).length)
      const sound = { samples, sampleRate: TUNE_RATE }
      await givesTurns('add', () => matcher.add('long', sound))
      await givesTurns('match', () => matcher.match(sound))
      if (t.has('remove')) await givesTurns('remove', () => matcher.remove(['long']))
    },
  },
}
