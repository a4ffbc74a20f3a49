// The reference relevancy index: every vector is scored by its distances to the nearest examples, in double precision.

import { type Items, type RelevancyIndex, rowOf } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { pulled, raise, trackCalls } from '../framework/reference-tools.ts'
import { checkVectors, takeVectors } from '../framework/reference-vectors.ts'
import { referenceScores, takeReferenceExamples } from '../relevance/reference-scores.ts'

/** Makes a reference index. A build makes a new Map, so a running ranking keeps the one that it began with. */
export function referenceRelevancyIndex(): RelevancyIndex {
  const calls = trackCalls()
  let content: { readonly vectors: ReadonlyMap<string, Float32Array>; readonly dimensions: number } | undefined

  return {
    kind: 'relevancy-index',
    name: 'reference-relevancy-index',
    apiVersion: 1,
    toConfig: () => ({ type: 'reference-relevancy-index', package: '@cbir/conformance', config: {} }),
    get count() {
      return content?.vectors.size ?? 0
    },
    get dimensions() {
      return content?.dimensions
    },
    build: (source, { signal, onProgress } = {}) =>
      calls.run(signal, async () => {
        const vectors = new Map<string, Float32Array>()
        const slice = new TimeSlice()
        let dimensions: number | undefined
        for await (const { uids, vectors: batch } of pulled(source, takeItems, signal)) {
          if (batch.count === 0) continue
          dimensions ??= batch.dimensions
          checkVectors(batch, dimensions)
          for (const [i, uid] of uids.entries()) {
            if (vectors.has(uid)) raise('DUPLICATE_UID', `${uid} is given twice`, { uids: [uid] })
            vectors.set(uid, rowOf(batch, i))
            if (slice.due()) await slice.pause()
          }
          onProgress?.({ done: vectors.size })
        }
        if (dimensions === undefined) return raise('EMPTY_BUILD', 'there is nothing to build from')
        content = { vectors, dimensions }
        return vectors.size
      }),
    rank: (positive, negative, { signal } = {}) =>
      calls.run(signal, async () => {
        if (!content) return raise('EMPTY_INDEX', 'the index holds no vectors')
        const examples = takeReferenceExamples(positive, negative)
        const { vectors, dimensions } = content
        const uids = [...vectors.keys()]
        const scores = await referenceScores([...vectors.values()], dimensions, examples, signal)
        return {
          uids,
          scores,
          async top(k) {
            if (!Number.isInteger(k) || k < 1) raise('INVALID_ARGUMENT', `k must be a positive integer, got ${k}`)
            const all = uids.map((uid, i) => ({ uid, score: scores[i]! }))
            return all.sort((a, b) => b.score - a.score).slice(0, k)
          },
        }
      }),
    dispose: () => calls.dispose(),
  }
}

function takeItems({ uids, vectors }: Items): Items {
  const own = { uids: [...(uids ?? [])], vectors: takeVectors(vectors) }
  if (own.uids.length !== own.vectors.count) raise('INVALID_ARGUMENT', 'there must be one uid for each vector')
  if (own.uids.some((uid) => typeof uid !== 'string')) raise('INVALID_ARGUMENT', 'a uid must be a text')
  return own
}
