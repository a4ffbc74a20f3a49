// Group `feedback`: the ranking, and what to ask the person about next.

import type { Items } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { names, ok, rejects, same } from '../../framework/check.ts'
import { sameScores } from '../../relevance/relevance-case.ts'
import type { RankRelevancyGroup } from '../rank-relevancy-case.ts'

export const feedbackGroup: RankRelevancyGroup = {
  name: 'feedback',
  rule: 'rankWithFeedback gives the scores that rank gives, and uids of the pool to ask about next, none twice; its errors are those of rank, and DUPLICATE_UID',
  applies: ({ capabilities }) => capabilities.includes('feedback'),
  cases: {
    'the scores are those of rank': async (t) => {
      const ranker = await t.make()
      const pool = t.items()
      for (const negative of [undefined, t.vectors(3)]) {
        const positive = t.vectors(2)
        const alone = (await ranker.rank(positive, negative, pool.vectors)).slice()
        sameScores((await ranker.rankWithFeedback(positive, negative, pool)).scores, alone, 'scores with feedback')
      }
    },
    'it asks about uids of the pool, none twice': async (t) => {
      const ranker = await t.make()
      const pool = t.items()
      const { feedback } = await ranker.rankWithFeedback(t.vectors(2), t.vectors(2), pool)
      ok(feedback.length > 0, 'it asks about something')
      same(new Set(feedback).size, feedback.length, 'different uids to ask about')
      for (const uid of feedback) ok(pool.uids.includes(uid), `${JSON.stringify(uid)} is in the pool`)
    },
    'a pool without rows': async (t) => {
      const { scores, feedback } = await (await t.make()).rankWithFeedback(t.vectors(2), undefined, { uids: [], vectors: t.none })
      same(scores.length, 0, 'scores of no row')
      same(feedback.length, 0, 'uids to ask about')
    },
    'what cannot be': async (t) => {
      const ranker = await t.make()
      const rank = (pool: Items): Promise<unknown> => ranker.rankWithFeedback(t.vectors(2), t.vectors(2), pool)
      const { uids, vectors } = t.items()
      const twice = await rejects(() => rank({ uids: [uids[1]!, ...uids.slice(1)], vectors }), 'DUPLICATE_UID', 'a pool with a uid twice')
      names(twice, uids[1]!, 'the error')
      await rejects(() => rank({ uids: uids.slice(1), vectors }), 'INVALID_ARGUMENT', 'a pool with a uid too few')
      for (const [name, code, batch] of badBatches(t)) await rejects(() => rank({ uids: ['a', 'b'], vectors: batch }), code, `a pool with ${name}`)
    },
    'the pool may be changed right after the call': async (t) => {
      const ranker = await t.make()
      const [positive, pool] = [t.vectors(2), t.items()]
      const wanted = await ranker.rankWithFeedback(positive, undefined, pool)
      const passed = { uids: [...pool.uids], vectors: { ...pool.vectors, data: pool.vectors.data.slice() } }
      const answer = ranker.rankWithFeedback(positive, undefined, passed)
      passed.vectors.data.fill(7)
      passed.uids.fill('spoiled')
      const { scores, feedback } = await answer
      sameScores(scores, wanted.scores, 'scores of a pool that was changed after the call')
      ok(
        feedback.every((uid) => pool.uids.includes(uid)),
        'the uids are those that were in the pool at the call',
      )
    },
  },
}
