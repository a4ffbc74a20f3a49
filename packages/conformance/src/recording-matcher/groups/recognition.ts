// Group `recognition`: the recording that a sound was cut from, and where; none for any other sound.

import { CUT_SECONDS, type RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, TUNE_SECONDS, tune } from '../tunes.ts'

export const recognitionGroup: RecordingMatcherGroup = {
  name: 'recognition',
  rule: 'a cut gives the id of its recording and where in it the cut begins; a sound that is not in there gives none, and so does one too short to tell',
  cases: {
    'cuts from anywhere': async (t) => {
      const matcher = await t.holding(0, 1, 2)
      for (const i of [0, 1, 2]) {
        for (const at of [0, t.place(), t.place(), TUNE_SECONDS - CUT_SECONDS])
          t.is(await matcher.match(t.cut(i, at)), i, at, `a cut from ${at} s on`)
      }
    },
    'a whole recording': async (t) => {
      const matcher = await t.holding(0, 1)
      t.is(await matcher.match(t.tune(1)), 1, 0, 'a whole recording')
    },
    'softer, and upside down in sign': async (t) => {
      const matcher = await t.holding(0, 1)
      const { samples, sampleRate } = t.cut(1)
      t.is(await matcher.match({ samples: samples.map((x) => -0.05 * x), sampleRate }), 1, 2, 'a soft cut')
    },
    'what is not in there': async (t) => {
      const matcher = await t.holding(0, 1)
      for (const i of [3, 4, 5]) t.isNone(await matcher.match(t.cut(i, t.place())), `a cut of tune ${i}, which was not added`)
    },
    'silence, and next to nothing': async (t) => {
      const matcher = await t.holding(0, 1)
      const sampleRate = TUNE_RATE
      t.isNone(await matcher.match({ samples: new Float32Array(5 * TUNE_RATE), sampleRate }), 'silence')
      t.isNone(await matcher.match({ samples: new Float32Array(0), sampleRate }), 'a sound without samples')
      t.isNone(await matcher.match({ samples: Float32Array.of(0.5), sampleRate }), 'one sample')
      t.isNone(await matcher.match({ samples: tune(0).slice(0, 300), sampleRate }), 'a fortieth of a second')
    },
  },
}
