// Groups about the pool: any size, in any order, and nothing kept of it.

import { badBatches } from '../../framework/bad-batches.ts'
import { rejects, same, sameList } from '../../framework/check.ts'
import { sameScores } from '../../relevance/relevance-case.ts'
import type { RankRelevancyGroup } from '../rank-relevancy-case.ts'

export const capabilitiesGroup: RankRelevancyGroup = {
  name: 'capabilities',
  rule: 'a ranker says what it can do; the method of an ability that it does not have exists and rejects with NOT_SUPPORTED',
  cases: {
    'the declared abilities are those of the suite’s options': async (t) => {
      sameList([...(await t.make()).capabilities].sort(), [...t.options.capabilities].sort(), 'capabilities')
    },
    'what is not declared rejects with NOT_SUPPORTED': async (t) => {
      if (t.options.capabilities.includes('feedback')) return
      const ranker = await t.make()
      await rejects(() => ranker.rankWithFeedback(t.vectors(2), undefined, t.items()), 'NOT_SUPPORTED', 'rankWithFeedback without the ability')
    },
  },
}

export const poolGroup: RankRelevancyGroup = {
  name: 'pool',
  rule: 'a score for each row of the pool, any count, zero too; nothing is kept between calls; a bad pool is an error',
  cases: {
    'a pool without rows': async (t) => {
      same((await (await t.make()).rank(t.vectors(2), t.vectors(2), t.none)).length, 0, 'scores of no row')
    },
    'nothing is kept between calls': async (t) => {
      const ranker = await t.make()
      const [positive, negative] = [t.vectors(2), t.vectors(2)]
      const pool = t.vectors(t.rows)
      const first = (await ranker.rank(positive, negative, pool)).slice()
      same((await ranker.rank(t.vectors(4), undefined, t.vectors(7))).length, 7, 'scores of another pool')
      sameScores(await ranker.rank(positive, negative, pool), first, 'scores of the first pool, again')
    },
    'vectors that cannot be': async (t) => {
      const ranker = await t.make()
      for (const [name, code, batch] of badBatches(t))
        await rejects(() => ranker.rank(t.vectors(2), t.vectors(2), batch), code, `a pool with ${name}`)
    },
    'a pool changed right after the call': async (t) => {
      const ranker = await t.make()
      const [positive, pool] = [t.vectors(2), t.vectors(t.rows)]
      const wanted = (await ranker.rank(positive, undefined, pool)).slice()
      const passed = { ...pool, data: pool.data.slice() }
      const answer = ranker.rank(positive, undefined, passed)
      passed.data.fill(7)
      sameScores(await answer, wanted, 'scores of a pool that was changed after the call')
    },
  },
}
