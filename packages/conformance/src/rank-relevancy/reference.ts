// The reference RankRelevancy: scores by the distances to the nearest examples, and asks next about what is least decided.

import { type RankRelevancy, type RankRelevancyCapability, type RankRelevancyWithFeedback, rowOf, type VectorBatch } from '@cbir/core'
import { raise, trackCalls } from '../framework/reference-tools.ts'
import { checkVectors, takeVectors } from '../framework/reference-vectors.ts'
import { type ReferenceExamples, referenceScores, takeReferenceExamples } from '../relevance/reference-scores.ts'

/** Everything that a ranker can do. */
export type FullRankRelevancy = RankRelevancy & RankRelevancyWithFeedback

export function referenceRankRelevancy(): FullRankRelevancy {
  const calls = trackCalls()

  async function scoresOf(pool: VectorBatch, examples: ReferenceExamples, signal: AbortSignal | undefined): Promise<Float32Array> {
    checkVectors(pool)
    const rows = Array.from({ length: pool.count }, (_, i) => rowOf(pool, i))
    return referenceScores(rows, pool.dimensions, examples, signal)
  }

  return {
    kind: 'rank-relevancy',
    name: 'reference-rank-relevancy',
    apiVersion: 1,
    capabilities: new Set<RankRelevancyCapability>(['feedback']),
    toConfig: () => ({ type: 'reference-rank-relevancy', package: '@cbir/conformance', config: {} }),
    rank: (positive, negative, pool, { signal } = {}) =>
      calls.run(signal, () => scoresOf(takeVectors(pool), takeReferenceExamples(positive, negative), signal)),
    rankWithFeedback: (positive, negative, pool, { signal } = {}) =>
      calls.run(signal, async () => {
        const uids = [...(pool?.uids ?? [])]
        const vectors = takeVectors(pool?.vectors)
        const examples = takeReferenceExamples(positive, negative)
        if (uids.length !== vectors.count) raise('INVALID_ARGUMENT', 'there must be one uid for each vector')
        const twice = uids.find((uid, i) => uids.indexOf(uid) < i)
        if (twice !== undefined) raise('DUPLICATE_UID', `${twice} is given twice`, { uids: [twice] })
        const scores = await scoresOf(vectors, examples, signal)
        const doubt = uids.map((uid, i) => ({ uid, doubt: Math.abs(scores[i]! - 0.5) })).sort((a, b) => a.doubt - b.doubt)
        return { scores, feedback: doubt.map(({ uid }) => uid) }
      }),
    dispose: () => calls.dispose(),
  }
}
