// relevancyIndexSuite: an index that ranks everything in it by examples keeps its contract.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { checkOptions } from '../framework/suite.ts'
import { checkRelevanceOptions, RELEVANCE_OPTIONS, registerRelevanceSuite } from '../relevance/relevance-case.ts'
import { ONCE, relevanceGroups } from '../relevance/relevance-groups.ts'
import { badVectorsGroup, buildGroup, buildWithNothingGroup, emptyIndexGroup, progressGroup } from './groups/build.ts'
import { buildCalls } from './groups/build-calls.ts'
import { rankingGroup } from './groups/ranking.ts'
import { RelevancyIndexCase, type RelevancyIndexGroup, type RelevancyIndexSuiteOptions } from './relevancy-index-case.ts'

/** The groups of the suite. */
export const relevancyIndexGroups: readonly RelevancyIndexGroup[] = [
  componentGroup('relevancy-index'),
  emptyIndexGroup,
  buildGroup,
  buildWithNothingGroup,
  badVectorsGroup,
  progressGroup,
  rankingGroup,
  ...relevanceGroups.map((group) => ({ ...group, cases: { ...group.cases, ...buildCalls[group.name] } })),
  configurationGroup(),
]

/**
 * Registers the tests of one relevancy index with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function relevancyIndexSuite(options: RelevancyIndexSuiteOptions): void {
  checkOptions('relevancyIndexSuite', options, RELEVANCE_OPTIONS)
  checkRelevanceOptions('relevancyIndexSuite', options)
  registerRelevanceSuite('RelevancyIndex', relevancyIndexGroups, ONCE, options, (scope, again) => new RelevancyIndexCase(options, scope, again))
}
