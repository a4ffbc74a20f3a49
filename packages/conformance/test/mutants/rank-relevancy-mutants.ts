// Wrong rankers: the reference with one thing broken.

import type { FullRankRelevancy } from '@cbir/conformance'
import { CbirError, type FeedbackRanking, type Items, type RankRelevancyCapability, type VectorBatch } from '@cbir/core'
import { forgiving } from './call-mutants.ts'
import { fitted, healed } from './index-mutant-tools.ts'
import { copyOf, type RelevanceMutant, relevanceMutants, type ScoringHandle } from './relevance-mutants.ts'
import { variant } from './run-mutants.ts'

const scoring: ScoringHandle<FullRankRelevancy> = (ranker, change, every) =>
  variant<FullRankRelevancy>(ranker, {
    rank(positive, negative, pool, options) {
      const own = copyOf(pool)
      return change((p, n, o) => ranker.rank(p, n, own, o))(positive, negative, options)
    },
    ...(every && {
      async rankWithFeedback(positive, negative, pool, options) {
        let found: FeedbackRanking | undefined
        const score = change(async (p, n, o) => {
          found = await ranker.rankWithFeedback(p, n, pool, o)
          return found.scores
        })
        const scores = await score(positive, negative, options)
        return { scores, feedback: found?.feedback ?? [] }
      },
    }),
  })

/** A ranker that gets another pool. */
const pooling = (change: (pool: VectorBatch) => VectorBatch) => (ranker: FullRankRelevancy) =>
  variant(ranker, { rank: (positive, negative, pool, options) => ranker.rank(positive, negative, change(pool), options) })

/** A ranker whose feedback gets another pool. */
const asking = (change: (pool: Items) => Items) => (ranker: FullRankRelevancy) =>
  variant(ranker, { rankWithFeedback: (positive, negative, pool, options) => ranker.rankWithFeedback(positive, negative, change(pool), options) })

/** A ranker with other feedback. */
const feedingBack = (change: (found: FeedbackRanking) => FeedbackRanking) => (ranker: FullRankRelevancy) =>
  variant(ranker, { rankWithFeedback: async (...call) => change(await ranker.rankWithFeedback(...call)) })

export const RANK_RELEVANCY_MUTANTS: readonly RelevanceMutant<FullRankRelevancy>[] = [
  ...relevanceMutants(scoring, []),
  {
    name: 'declares less than it has',
    breaks: ['capabilities'],
    make: (ranker) => variant(ranker, { capabilities: new Set<RankRelevancyCapability>() }),
  },
  {
    name: 'a pool without rows is an error',
    breaks: ['pool'],
    make: pooling((pool) => {
      if (pool?.count === 0) throw new CbirError('INVALID_ARGUMENT', 'the pool is empty')
      return pool
    }),
  },
  { name: 'takes NaN in the pool for 0', breaks: ['pool'], make: pooling((pool) => healed(pool)) },
  {
    name: 'cuts or fills up a pool of another length',
    breaks: ['pool'],
    make: pooling((pool) => (Math.abs(pool.dimensions - 16) === 1 ? fitted(pool, 16) : pool)),
  },
  {
    name: 'keeps the first pool',
    breaks: ['pool'],
    make: (ranker) => {
      let first: VectorBatch | undefined
      return pooling((pool) => {
        if (pool?.count === 40) first ??= copyOf(pool)
        return pool?.count === 7 ? (first ?? pool) : pool
      })(ranker)
    },
  },
  {
    name: 'reads the pool later than at the call',
    breaks: ['pool'],
    make: (ranker) =>
      variant(ranker, {
        async rank(positive, negative, pool, options) {
          const [wanted, unwanted] = [copyOf(positive), negative && copyOf(negative)]
          const scores = await ranker.rank(positive, negative, pool, options)
          return pool.data.every((x) => x === 7) ? ranker.rank(wanted, unwanted, pool, options) : scores
        },
      }),
  },
  {
    name: 'the scores are the order of asking',
    breaks: ['feedback'],
    make: feedingBack(({ scores, feedback }) => ({ feedback, scores: scores.map((_, i) => i / scores.length) })),
  },
  { name: 'asks twice', breaks: ['feedback'], make: feedingBack(({ scores, feedback }) => ({ scores, feedback: [...feedback, ...feedback] })) },
  {
    name: 'asks about rows',
    breaks: ['feedback'],
    make: feedingBack(({ scores, feedback }) => ({ scores, feedback: feedback.map((_, i) => `${i}`) })),
  },
  { name: 'asks about nothing', breaks: ['feedback'], make: feedingBack(({ scores }) => ({ scores, feedback: [] })) },
  {
    name: 'takes a uid twice in its pool',
    breaks: ['feedback'],
    make: asking((pool) => ({ ...pool, uids: pool.uids.map((uid, i) => (pool.uids.indexOf(uid) < i ? `${uid} ${i}` : uid)) })),
  },
  {
    name: 'gives missing uids of its pool a name',
    breaks: ['feedback'],
    make: asking((pool) => ({ ...pool, uids: pool.uids.length < pool.vectors.count ? [...pool.uids, 'more'] : pool.uids })),
  },
  { name: 'takes NaN in a pool with names for 0', breaks: ['feedback'], make: asking((pool) => ({ ...pool, vectors: healed(pool.vectors) })) },
  {
    name: 'a pool with a NaN has no scores',
    breaks: ['feedback'],
    make: (ranker) =>
      variant(ranker, {
        rankWithFeedback: (...call) => forgiving(ranker.rankWithFeedback(...call), 'NOT_FINITE', { scores: new Float32Array(0), feedback: [] }),
      }),
  },
  {
    name: 'reads the names of the pool later than at the call',
    breaks: ['feedback'],
    make: (ranker) =>
      variant(ranker, {
        async rankWithFeedback(positive, negative, pool, options) {
          const { scores, feedback } = await ranker.rankWithFeedback(positive, negative, pool, options)
          return { scores, feedback: feedback.map((uid) => (pool.uids.includes(uid) ? uid : (pool.uids[0] ?? uid))) }
        },
      }),
  },
]
