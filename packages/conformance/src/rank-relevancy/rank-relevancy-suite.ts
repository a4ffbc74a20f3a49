// rankRelevancySuite: what scores a pool by examples, with or without feedback, keeps its contract.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { checkOptions } from '../framework/suite.ts'
import { checkRelevanceOptions, RELEVANCE_OPTIONS, registerRelevanceSuite } from '../relevance/relevance-case.ts'
import { ONCE, relevanceGroups } from '../relevance/relevance-groups.ts'
import { feedbackGroup } from './groups/feedback.ts'
import { capabilitiesGroup, poolGroup } from './groups/pool.ts'
import { RankRelevancyCase, type RankRelevancyGroup, type RankRelevancySuiteOptions } from './rank-relevancy-case.ts'

/** The groups of the suite. */
export const rankRelevancyGroups: readonly RankRelevancyGroup[] = [
  componentGroup('rank-relevancy'),
  capabilitiesGroup,
  poolGroup,
  feedbackGroup,
  ...relevanceGroups,
  configurationGroup(),
]

/**
 * Registers the tests of one ranker with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function rankRelevancySuite(options: RankRelevancySuiteOptions): void {
  checkOptions('rankRelevancySuite', options, [...RELEVANCE_OPTIONS, 'capabilities'])
  checkRelevanceOptions('rankRelevancySuite', options)
  if (!Array.isArray(options.capabilities)) throw new TypeError('rankRelevancySuite: capabilities must list the abilities; [] where there are none.')
  registerRelevanceSuite('RankRelevancy', rankRelevancyGroups, ONCE, options, (scope, again) => new RankRelevancyCase(options, scope, again))
}
