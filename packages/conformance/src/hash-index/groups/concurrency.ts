// Group `concurrency`: many calls at once give what one after another gives.

import { answersWithin, ok, same, sameList, show } from '../../framework/check.ts'
import { heldBack, watched } from '../../framework/held-back.ts'
import { codesOf, type HashIndexGroup, partsOf } from '../hash-index-case.ts'

export const concurrencyGroup: HashIndexGroup = {
  name: 'concurrency',
  rule: 'any number of queries at once; while a build or an update reads its source the index goes on answering; a batch is seen whole or not at all',
  cases: {
    'many queries at once are each answered for themselves': async (t) => {
      const codes = t.codes()
      const index = await t.holding(codes)
      const found = await Promise.all(codes.map((code) => index.nearest(t.batch([code]), 1)))
      sameList(
        found.map((one) => codesOf(one, 0)[0]),
        codes,
        'the code closest to each code',
      )
    },
    'the old index answers while a build reads its source': async (t) => {
      const codes = t.codes()
      const next = t.codes(12)
      const index = await t.holding(codes)
      const { source, reached, release } = heldBack(t.batch(next.slice(0, 5)), [t.batch(next.slice(5))])
      t.defer(release)
      const built = watched(index.build(source))
      await answersWithin(reached, t.patience, 'a build that reads its source')
      await answersWithin(t.holds(index, codes, 'the old index while a build is under way'), t.patience, 'nearest while a build waits for its source')
      release()
      same(await built, 12, 'what build gives')
      await t.holds(index, next, 'the index after the build')
    },
    'queries are answered while an update waits for its source': async (t) => {
      if (!t.has('update')) return
      const codes = t.codes()
      const more = t.codes(6)
      const index = await t.holding(codes)
      const { source, reached, release } = heldBack(t.batch(more.slice(0, 3)), [t.batch(more.slice(3))])
      t.defer(release)
      const updated = watched(index.update(source))
      await answersWithin(reached, t.patience, 'an update that reads its source')
      await answersWithin(index.nearest(t.queries(1), 3), t.patience, 'nearest while an update waits for its source')
      release()
      same(await updated, 46, 'what update gives')
      await t.holds(index, [...codes, ...more], 'the index after the update')
    },
    'updates at once are all there': async (t) => {
      if (!t.has('update')) return
      const codes = t.codes()
      const parts = Array.from({ length: 8 }, () => t.codes(6))
      const index = await t.holding(codes)
      await Promise.all(parts.map((part) => index.update(partsOf(part, 2).map((some) => t.batch(some)))))
      await t.holds(index, [...codes, ...parts.flat()], 'an index after 8 updates at once')
    },
    'a query sees a batch whole or not at all': async (t) => {
      if (!t.has('update')) return
      const index = await t.holding(t.codes())
      for (let round = 0; round < 5; round++) {
        const four = t.codes(4)
        const updated = watched(index.update([t.batch(four)]))
        const seen: ReturnType<typeof index.nearest>[] = []
        for (let i = 0; i < 20; i++) {
          seen.push(watched(index.nearest(t.queries(1), 1000)))
          await undefined
        }
        await updated
        for (const found of await Promise.all(seen)) {
          const there = new Set(codesOf(found, 0))
          const visible = four.filter((code) => there.has(code)).length
          ok(visible === 0 || visible === 4, `a query sees all four codes of a batch or none; it saw ${show(visible)}`)
        }
      }
    },
    'of two removals of a code one succeeds': async (t) => {
      if (!t.has('remove')) return
      const codes = t.codes()
      const index = await t.holding(codes)
      const one = t.batch([codes[3]!])
      const results = await Promise.allSettled([index.remove(one), index.remove(one)])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'removals that succeeded')
      same(index.count, 39, 'count')
    },
  },
}
