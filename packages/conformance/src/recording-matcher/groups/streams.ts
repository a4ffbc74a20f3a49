// Group `streams`: how a sound is cut into chunks makes no difference.

import { ok, same } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { TUNE_RATE, tune } from '../tunes.ts'

/** The samples in chunks of random lengths, all of them in one buffer that is used again. */
async function* chunked(samples: Float32Array, lengthOf: () => number): AsyncGenerator<Float32Array> {
  const buffer = new Float32Array(samples.length)
  for (let from = 0; from < samples.length; ) {
    const part = samples.subarray(from, from + lengthOf())
    buffer.fill(0.7)
    buffer.set(part)
    yield buffer.subarray(0, part.length)
    from += part.length
  }
}

export const streamsGroup: RecordingMatcherGroup = {
  name: 'streams',
  rule: 'samples come all at once or in chunks of any length, whose buffer may be used again; a source that is left early is closed',
  cases: {
    'recordings in chunks': async (t) => {
      const matcher = await t.make()
      for (const i of [0, 1]) await matcher.add(`tune ${i}`, { samples: chunked(tune(i), () => 1 + t.random.integer(5000)), sampleRate: TUNE_RATE })
      await t.holds(matcher, [0, 1], [2], 'a matcher of recordings in chunks')
    },
    'a cut in chunks gives the answer of the whole cut': async (t) => {
      const matcher = await t.holding(0, 1)
      const whole = await matcher.match(t.cut(1))
      const parts = await matcher.match({ samples: chunked(t.cut(1).samples, () => 1 + t.random.integer(2000)), sampleRate: TUNE_RATE })
      t.is(parts, 1, 2, 'a cut in chunks')
      same(parts?.offset, whole?.offset, 'offset of the cut in chunks')
      same(parts?.confidence, whole?.confidence, 'confidence of the cut in chunks')
    },
    'empty chunks': async (t) => {
      const matcher = await t.holding(0)
      const none = new Float32Array(0)
      t.is(await matcher.match({ samples: [none, t.cut(0).samples, none], sampleRate: TUNE_RATE }), 0, 2, 'a cut between empty chunks')
      t.isNone(await matcher.match({ samples: [none, none], sampleRate: TUNE_RATE }), 'empty chunks')
      t.isNone(await matcher.match({ samples: [], sampleRate: TUNE_RATE }), 'no chunks')
    },
    'a source is closed where a chunk is bad': async (t) => {
      const matcher = await t.make()
      let closed = false
      const source = function* (): Generator<Float32Array> {
        try {
          for (let i = 0; i < 1000; i++) yield Float32Array.of(0, Number.NaN)
        } finally {
          closed = true
        }
      }
      await matcher.add('bad', { samples: source(), sampleRate: TUNE_RATE }).catch(() => undefined)
      ok(closed, 'the finally of the source has run')
    },
  },
}
