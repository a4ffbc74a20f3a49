// Group `progress`: a long call says how far it is.

import { ok, same } from '../../framework/check.ts'
import type { RecordingMatcherGroup } from '../recording-matcher-case.ts'
import { tune } from '../tunes.ts'

const ascends = (seen: readonly number[]): boolean => seen.every((done, i) => i === 0 || done >= seen[i - 1]!)

export const progressGroup: RecordingMatcherGroup = {
  name: 'progress',
  rule: 'add and match count samples, addMany and matchMany what they are given; never less than before',
  cases: {
    'of every call': async (t) => {
      const matcher = await t.make()
      const seen: number[] = []
      const options = { onProgress: ({ done }: { done: number }) => void seen.push(done) }
      const ends = (at: number, what: string): void => {
        ok(seen.length > 0, `${what} reports progress`)
        ok(ascends(seen), `progress of ${what} never goes back`)
        same(seen.at(-1), at, `the last progress of ${what}`)
        seen.length = 0
      }
      await matcher.add('tune 0', t.tune(0), options)
      ends(tune(0).length, 'add')
      await matcher.addMany(
        [
          { id: 'tune 1', sound: t.tune(1) },
          { id: 'tune 2', sound: t.tune(2) },
        ],
        options,
      )
      ends(2, 'addMany')
      await matcher.match(t.cut(0), options)
      ends(t.cut(0).samples.length, 'match')
      await matcher.matchMany([t.cut(0), t.cut(1), t.cut(2)], options)
      ends(3, 'matchMany')
    },
  },
}
