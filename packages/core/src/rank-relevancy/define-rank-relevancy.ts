// defineRankRelevancy: an adapter scores rows; core gives the checks, names, abort and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { guardCalls } from '../concurrency/guard.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkExamples, type Examples, takeExamples } from '../relevancy-index/examples.ts'
import { checkShares } from '../vectors/check-shares.ts'
import { checkUids } from '../vectors/check-uids.ts'
import { copyItems } from '../vectors/items-reader.ts'
import { checkFinite, copyBatch } from '../vectors/private-copy.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import type { RankRelevancy, RankRelevancyCapability, RankRelevancyWithFeedback } from './rank-relevancy.ts'

type Now<T> = Promise<T> | T

/** A ranking, and the rows of the pool to ask about next, the most useful first, none twice. */
export interface RowFeedback {
  readonly scores: Float32Array
  readonly rows: ArrayLike<number>
}

/** What an adapter writes. Batches are private copies, finite, of equal dimensions; there is a positive example and a row in the pool. */
export interface RankRelevancyDriver {
  /** A score in [0, 1] for each row of the pool. */
  rank(examples: Examples, pool: VectorBatch, options: CallOptions): Now<Float32Array>
  /** Present: ability `feedback`. */
  rankWithFeedback?(examples: Examples, pool: VectorBatch, options: CallOptions): Now<RowFeedback>
  close?(): Now<void>
}

/** With every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedRankRelevancy = RankRelevancy & RankRelevancyWithFeedback

/** A `RankRelevancy` over a driver. */
export function defineRankRelevancy(identity: Identity, driver: RankRelevancyDriver): DefinedRankRelevancy {
  const component = describeComponent('rank-relevancy', identity)
  const { name } = component
  const guard = guardCalls(name, 'ADAPTER_FAULT')

  async function check(examples: Examples, pool: VectorBatch): Promise<void> {
    await checkExamples(examples, pool.dimensions)
    await checkFinite(pool, (row) => `Row ${row} of the pool`)
  }

  return {
    ...component,
    capabilities: new Set<RankRelevancyCapability>(driver.rankWithFeedback ? ['feedback'] : []),

    async rank(positive, negative, pool, options = {}) {
      const examples = takeExamples(positive, negative)
      const own = copyBatch(pool, 'pool')
      return guard.read(async () => {
        await check(examples, own)
        if (own.count === 0) return new Float32Array(0)
        const scores = await driver.rank(examples, own, options)
        await checkShares(name, scores, own.count)
        return scores
      }, options.signal)
    },

    async rankWithFeedback(positive, negative, pool, options = {}) {
      const examples = takeExamples(positive, negative)
      const { uids, vectors } = copyItems(pool)
      return guard.read(async () => {
        if (!driver.rankWithFeedback)
          throw new CbirError('NOT_SUPPORTED', `${name} gives no feedback; use rank, or one that has the ability "feedback".`)
        await checkUids(uids, true, options.signal)
        await check(examples, vectors)
        if (uids.length === 0) return { scores: new Float32Array(0), feedback: [] }
        const { scores, rows } = await driver.rankWithFeedback(examples, vectors, options)
        await checkShares(name, scores, uids.length)
        const feedback = Array.from(rows, (row) => uids[row] as string)
        if (feedback.includes(undefined as never) || new Set(feedback).size < feedback.length) {
          throw new CbirError('ADAPTER_FAULT', `${name} asks about rows that the pool does not have, or twice about one.`)
        }
        return { scores, feedback }
      }, options.signal)
    },

    dispose: () => guard.dispose(() => driver.close?.()),
  }
}
