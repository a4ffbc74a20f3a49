// Group `bad sounds`: what is no sound is an error, and changes nothing.

import type { ErrorCode, Sound } from '@cbir/core'
import { rejects } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { tune } from '../tunes.ts'

/** Samples of which one is no number, late. */
function spoiled(value: number): Float32Array {
  const samples = tune(1).slice()
  samples[samples.length - 10] = value
  return samples
}

const as = (value: unknown): Sound => value as Sound
const BAD: readonly (readonly [what: string, sound: () => Sound, code: ErrorCode])[] = [
  ['no sound', () => as(undefined), 'INVALID_ARGUMENT'],
  ['samples without a rate', () => as({ samples: tune(1) }), 'INVALID_ARGUMENT'],
  ['a rate of 0', () => ({ samples: tune(1), sampleRate: 0 }), 'INVALID_ARGUMENT'],
  ['a rate below 0', () => ({ samples: tune(1), sampleRate: -8000 }), 'INVALID_ARGUMENT'],
  ['a rate that is not a number', () => ({ samples: tune(1), sampleRate: Number.NaN }), 'INVALID_ARGUMENT'],
  ['an endless rate', () => ({ samples: tune(1), sampleRate: Number.POSITIVE_INFINITY }), 'INVALID_ARGUMENT'],
  ['float64 samples', () => as({ samples: Float64Array.from(tune(1)), sampleRate: 8000 }), 'INVALID_ARGUMENT'],
  ['a list of numbers', () => as({ samples: [1, 2, 3], sampleRate: 8000 }), 'INVALID_ARGUMENT'],
  ['a number', () => as({ samples: 5, sampleRate: 8000 }), 'INVALID_ARGUMENT'],
  ['NaN among the samples', () => ({ samples: spoiled(Number.NaN), sampleRate: 11_025 }), 'NOT_FINITE'],
  ['∞ in a late chunk', () => ({ samples: [tune(1), spoiled(Number.POSITIVE_INFINITY)], sampleRate: 11_025 }), 'NOT_FINITE'],
]

export const badSoundsGroup: RecordingMatcherGroup = {
  name: 'bad sounds',
  rule: 'INVALID_ARGUMENT for what is no sound, NOT_FINITE for NaN and ±∞, SOURCE_FAILED for a source that throws; nothing is changed',
  cases: {
    'in add': async (t) => {
      const matcher = await t.holding(0)
      for (const [what, sound, code] of BAD) await rejects(() => matcher.add('bad', sound()), code, `add of ${what}`)
      await rejects(() => matcher.add('', t.tune(1)), 'INVALID_ARGUMENT', 'add with an empty id')
      await rejects(() => matcher.add(5 as unknown as string, t.tune(1)), 'INVALID_ARGUMENT', 'add with a number for an id')
      await t.holds(matcher, [0], [1], 'the matcher after bad sounds')
    },
    'in addMany and matchMany': async (t) => {
      const matcher = await t.holding(0)
      for (const [what, sound, code] of BAD) {
        await rejects(() => matcher.addMany([{ id: 'bad', sound: sound() }]), code, `addMany of ${what}`)
        await rejects(() => matcher.matchMany([sound()]), code, `matchMany of ${what}`)
      }
      await rejects(() => matcher.addMany([undefined as never]), 'INVALID_ARGUMENT', 'addMany of nothing in a list')
      await rejects(() => matcher.addMany(5 as never), 'INVALID_ARGUMENT', 'addMany of a number')
      await rejects(() => matcher.matchMany(5 as never), 'INVALID_ARGUMENT', 'matchMany of a number')
      await t.holds(matcher, [0], [1], 'the matcher after bad sounds')
    },
    'in match': async (t) => {
      const matcher = await t.holding(0)
      for (const [what, sound, code] of BAD) await rejects(() => matcher.match(sound()), code, `match of ${what}`)
      await rejects(
        async () => (await t.make()).match({ samples: spoiled(Number.NaN), sampleRate: 11_025 }),
        'NOT_FINITE',
        'match in an empty matcher',
      )
    },
    'a source that throws': async (t) => {
      const matcher = await t.holding(0)
      const failing = function* (): Generator<Float32Array> {
        yield tune(1)
        throw new Error('the file ends')
      }
      await rejects(() => matcher.add('bad', { samples: failing(), sampleRate: 11_025 }), 'SOURCE_FAILED', 'add of a source that throws')
      await rejects(() => matcher.match({ samples: failing(), sampleRate: 11_025 }), 'SOURCE_FAILED', 'match of a source that throws')
      await t.holds(matcher, [0], [1], 'the matcher after sources that threw')
    },
  },
}
