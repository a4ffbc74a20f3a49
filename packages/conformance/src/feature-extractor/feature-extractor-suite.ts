// featureExtractorSuite: every group of behaviour, on a fresh extractor and on one made again from its configuration.

import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { FeatureExtractorCase, type FeatureExtractorGroup, type FeatureExtractorSuiteOptions } from './extractor-case.ts'
import { badInputGroup } from './groups/bad-input.ts'
import { abortGroup, buffersGroup, concurrencyGroup, disposeGroup, eventLoopGroup } from './groups/calls.ts'
import { fingerprintGroup } from './groups/fingerprint.ts'
import { rowsGroup } from './groups/rows.ts'

/** The groups of the suite. */
export const featureExtractorGroups: readonly FeatureExtractorGroup[] = [
  componentGroup('feature-extractor'),
  rowsGroup,
  fingerprintGroup,
  badInputGroup,
  abortGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one feature extractor with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function featureExtractorSuite<T>(given: FeatureExtractorSuiteOptions<T>): void {
  // What the inputs are is the author's business: the suite hands them on.
  const options = given as unknown as FeatureExtractorSuiteOptions
  const { runner, create, inputs, fromConfig } = options
  checkOptions('featureExtractorSuite', options, ['create', 'inputs', 'badInputs', 'spoil', 'different', 'tolerance', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('featureExtractorSuite: create must be a function that gives a new extractor.')
  if (typeof inputs !== 'function') throw new TypeError('featureExtractorSuite: inputs must be a function that gives so many inputs.')
  runner.group(options.name ?? 'FeatureExtractor', () => {
    registerGroups(featureExtractorGroups, options, (scope) => new FeatureExtractorCase(options, scope, async () => create()))
    if (!fromConfig) return
    const again = featureExtractorGroups.filter((group) => group !== eventLoopGroup)
    const from = async () => madeAgain(await create(), fromConfig)
    runner.group(RERUNS.configured, () => registerGroups(again, options, (scope) => new FeatureExtractorCase(options, scope, from)))
  })
}
