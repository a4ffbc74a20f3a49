// The RankRelevancy suite bites: every wrong ranker fails exactly the groups that it breaks.

import { type FullRankRelevancy, rankRelevancyGroups, rankRelevancySuite, referenceRankRelevancy } from '@cbir/conformance'
import { configOf, same } from './config-of.ts'
import { RANK_RELEVANCY_MUTANTS } from './rank-relevancy-mutants.ts'
import { testMutants } from './test-mutants.ts'

testMutants('wrong rankers', RANK_RELEVANCY_MUTANTS, rankRelevancyGroups, (runner, { make = same, fromConfig }) => {
  const create = (): FullRankRelevancy => make(referenceRankRelevancy())
  rankRelevancySuite({ runner, patience: 1500, create, capabilities: ['feedback'], ...configOf(fromConfig, create) })
})
