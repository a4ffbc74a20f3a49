// Wrong relevancy indexes: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import { referenceRelevancyIndex } from '@cbir/conformance'
import { CbirError, type Items, type Relevance, type RelevancyIndex } from '@cbir/core'
import { codeOf, forgiving, unsignalled } from './call-mutants.ts'
import { changedSource } from './changed-source.ts'
import { fitted, healed } from './index-mutant-tools.ts'
import { type RelevanceMutant, relevanceMutants, type ScoringHandle } from './relevance-mutants.ts'
import { variant } from './run-mutants.ts'

/** A ranking with these scores. */
function ranking(uids: readonly string[], scores: Float32Array): Relevance {
  return {
    uids,
    scores,
    async top(k) {
      if (!Number.isInteger(k) || k < 1) throw new CbirError('INVALID_ARGUMENT', 'k must be a positive integer')
      const all = uids.map((uid, i) => ({ uid, score: scores[i]! }))
      return all.sort((a, b) => b.score - a.score).slice(0, k)
    },
  }
}

const scoring: ScoringHandle<RelevancyIndex> = (index, change) => {
  let uids: readonly string[] = []
  const score = change(async (...call) => {
    const found = await index.rank(...call)
    uids = found.uids
    return found.scores
  })
  return variant(index, {
    async rank(positive, negative, options) {
      const scores = await score(positive, negative, options)
      return ranking(uids, scores)
    },
  })
}

/** An index whose content is lost where a build fails with `code`. */
const losing =
  (code: string) =>
  (index: RelevancyIndex): RelevancyIndex => {
    let held = index
    return variant(index, {
      get count() {
        return held.count
      },
      get dimensions() {
        return held.dimensions
      },
      build: (...call) =>
        held.build(...call).catch((error: unknown) => {
          if (codeOf(error) === code) held = referenceRelevancyIndex()
          throw error
        }),
      rank: (...call) => held.rank(...call),
      dispose: () => held.dispose(),
    })
  }

/** An index that builds from other batches. */
const building = (change: (items: Items) => Items) => (index: RelevancyIndex) =>
  variant(index, { build: (source, options) => index.build(changedSource(source, change), options) })

/** An index whose failures of a build are others. */
const failing = (change: (error: CbirError) => unknown) => (index: RelevancyIndex) =>
  variant(index, {
    build: (...call) =>
      index.build(...call).catch((error: unknown) => {
        throw CbirError.isInstance(error) ? change(error) : error
      }),
  })

/** An index whose rankings are others. */
const ranked = (change: (found: Relevance) => Relevance) => (index: RelevancyIndex) =>
  variant(index, { rank: async (...call) => change(await index.rank(...call)) })

const IN_A_BUILD = 'wrong dimension, NaN, Infinity in a build'

export const RELEVANCY_INDEX_MUTANTS: readonly RelevanceMutant<RelevancyIndex>[] = [
  ...relevanceMutants(scoring, ['build', 'build with nothing', IN_A_BUILD, 'abort', 'buffers', 'concurrency']),
  {
    name: 'an index without content ranks nothing',
    breaks: ['empty index'],
    make: (index) => variant(index, { rank: (...call) => forgiving(index.rank(...call), 'EMPTY_INDEX', ranking([], new Float32Array(0))) }),
  },
  {
    name: 'a build from nothing raises nothing (#7)',
    breaks: ['build with nothing'],
    make: (index) => variant(index, { build: (...call) => forgiving(index.build(...call), 'EMPTY_BUILD', 0) }),
  },
  { name: 'a build from nothing empties the index (#7)', breaks: ['build with nothing'], make: losing('EMPTY_BUILD') },
  { name: 'a build whose source throws empties the index (#7)', breaks: ['build'], make: losing('SOURCE_FAILED') },
  { name: 'a build with a NaN empties the index', breaks: [IN_A_BUILD], make: losing('NOT_FINITE') },
  { name: 'an aborted build empties the index', breaks: ['abort'], make: losing('ABORTED') },
  { name: 'a uid twice empties the index', breaks: ['build'], make: losing('DUPLICATE_UID') },
  {
    name: 'a second build adds to the first',
    breaks: ['build'],
    make: (index) => {
      let first: Items | undefined
      return variant(index, {
        build(source, options) {
          const [batch, ...others]: Items[] = Array.isArray(source) ? source : []
          if (first && others.length === 0 && String(batch?.uids?.[0]).startsWith('next')) return index.build([first, batch!], options)
          first ??= batch
          return index.build(source, options)
        },
      })
    },
  },
  {
    name: 'the later of two equal uids wins',
    breaks: ['build'],
    make: (index) => variant(index, { build: (...call) => forgiving(index.build(...call), 'DUPLICATE_UID', index.count) }),
  },
  {
    name: 'does not name the uid that is there twice',
    breaks: ['build'],
    make: failing((error) => (error.code === 'DUPLICATE_UID' ? new CbirError('DUPLICATE_UID', 'a uid is there twice') : error)),
  },
  {
    name: 'forgets why its source failed',
    breaks: ['build'],
    make: failing((error) => (error.code === 'SOURCE_FAILED' ? new CbirError('SOURCE_FAILED', 'failed') : error)),
  },
  {
    name: 'gives the count of the last batch',
    breaks: ['build'],
    make: (index) => variant(index, { build: async (source, options) => Math.min(7, await index.build(source, options)) }),
  },
  {
    name: 'gives missing uids a number',
    breaks: ['build'],
    make: building((items) => ({ ...items, uids: items.uids.length < items.vectors.count ? [...items.uids, 'more'] : items.uids })),
  },
  { name: 'takes NaN for 0 in a build', breaks: [IN_A_BUILD], make: building((items) => ({ ...items, vectors: healed(items.vectors) })) },
  {
    name: 'cuts or fills up vectors of another length in a build',
    breaks: [IN_A_BUILD],
    make: building((items) => ({ ...items, vectors: Math.abs(items.vectors?.dimensions - 16) === 1 ? fitted(items.vectors, 16) : items.vectors })),
  },
  {
    name: 'a build ignores the signal',
    breaks: ['abort'],
    make: (index) => variant(index, { build: (source, options) => index.build(source, unsignalled(options)) }),
  },
  {
    name: 'a build looks at the signal only before it begins',
    breaks: ['abort'],
    make: (index) => variant(index, { build: (source, options) => index.build(source, options?.signal?.aborted ? options : unsignalled(options)) }),
  },
  {
    name: 'never reports progress',
    breaks: ['progress'],
    make: (index) => variant(index, { build: (source, { onProgress: _, ...options } = {}) => index.build(source, options) }),
  },
  {
    name: 'progress goes back',
    breaks: ['progress'],
    make: (index) =>
      variant(index, {
        build: (source, options) => index.build(source, { ...options, onProgress: ({ done }) => options?.onProgress?.({ done: -done }) }),
      }),
  },
  {
    name: 'rankings wait for a build',
    breaks: ['concurrency'],
    make: (index) => {
      let built: Promise<unknown> = Promise.resolve()
      return variant(index, {
        build(...call) {
          const own = index.build(...call)
          built = own.catch(() => undefined)
          return own
        },
        async rank(...call) {
          const found = await index.rank(...call)
          await built
          return found
        },
      })
    },
  },
  {
    name: 'dispose does not wait for a build',
    breaks: ['dispose'],
    make: (index) => variant(index, { dispose: async () => void index.dispose() }),
  },
  {
    name: 'reads the first batch later than at the call',
    breaks: ['buffers'],
    make: (index) =>
      variant(index, {
        async build(...call) {
          await undefined
          return index.build(...call)
        },
      }),
  },
  {
    name: 'keeps the batches of a source and reads them at its end',
    breaks: ['buffers'],
    make: (index) =>
      variant(index, {
        build(source, options) {
          const isGenerator = typeof source === 'object' && source !== null && !Array.isArray(source) && Symbol.iterator in source
          return index.build(isGenerator ? [...source] : source, options)
        },
      }),
  },
  {
    name: 'uids in the order of their names',
    breaks: ['ranking', 'relevance'],
    make: ranked(({ uids, scores }) => {
      const rows = [...uids.keys()].sort((a, b) => (uids[a]! < uids[b]! ? 1 : -1))
      return ranking(
        rows.map((row) => uids[row]!),
        Float32Array.from(rows, (row) => scores[row]!),
      )
    }),
  },
  { name: 'top gives the worst', breaks: ['ranking'], make: ranked((found) => ({ ...found, top: async (k) => (await found.top(k)).reverse() })) },
  {
    name: 'of equal ones the later',
    breaks: ['ranking'],
    make: ranked((found) => ({
      ...found,
      async top(k) {
        await found.top(k)
        const all = found.uids.map((uid, i) => ({ uid, score: found.scores[i]! })).reverse()
        return all.sort((a, b) => b.score - a.score).slice(0, k)
      },
    })),
  },
  {
    name: 'top(0) is empty',
    breaks: ['ranking'],
    make: ranked((found) => ({ ...found, top: async (k) => (k === 0 ? [] : found.top(k)) })),
  },
  {
    name: 'top of more than there are is an error',
    breaks: ['ranking'],
    make: ranked((found) => ({
      ...found,
      async top(k) {
        if (k > found.uids.length) throw new CbirError('INVALID_ARGUMENT', 'k is more than the uids')
        return found.top(k)
      },
    })),
  },
]
