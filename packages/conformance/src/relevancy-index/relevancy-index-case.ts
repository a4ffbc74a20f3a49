// What a case of the RelevancyIndex suite works with.

import type { CallOptions, ComponentConfig, Items, RelevancyIndex, VectorBatch } from '@cbir/core'
import { sameList } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import type { Group } from '../framework/suite.ts'
import { RelevanceCase, type RelevanceSuiteOptions, sameScores } from '../relevance/relevance-case.ts'

/** Options of `relevancyIndexSuite`. */
export interface RelevancyIndexSuiteOptions extends RelevanceSuiteOptions {
  readonly create: () => Made<RelevancyIndex>
  readonly fromConfig?: ((config: ComponentConfig) => Made<RelevancyIndex>) | undefined
}

/** A group of the RelevancyIndex suite. */
export type RelevancyIndexGroup = Group<RelevancyIndexCase, RelevancyIndexSuiteOptions>

export class RelevancyIndexCase extends RelevanceCase<RelevancyIndex> {
  async ready(pool: Items): Promise<RelevancyIndex> {
    const index = await this.make()
    await index.build([pool])
    return index
  }

  async score(index: RelevancyIndex, _pool: Items, positive: VectorBatch, negative?: VectorBatch, options?: CallOptions): Promise<Float32Array> {
    return (await index.rank(positive, negative, options)).scores
  }

  questions(index: RelevancyIndex, _pool: Items, positive: VectorBatch, options?: CallOptions): Record<string, () => Promise<unknown>> {
    return { rank: () => index.rank(positive, this.vectors(2), options) }
  }

  /** The index must rank as one that was built from `items`. */
  async holds(index: RelevancyIndex, items: Items, what: string): Promise<void> {
    const [positive, negative] = [this.vectors(2), this.vectors(2)]
    const expected = await (await this.ready(items)).rank(positive, negative)
    const found = await index.rank(positive, negative)
    sameList([...found.uids].sort(), [...items.uids].sort(), `uids of ${what}`)
    const scoreOf = new Map(found.uids.map((uid, i) => [uid, found.scores[i]!]))
    sameScores(
      expected.uids.map((uid) => scoreOf.get(uid)!),
      expected.scores,
      `scores of ${what}`,
    )
  }
}
