// vectorLoaderSuite: every group of behaviour, on a fresh loader and on one made again from its configuration.

import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { abortGroup, badInputGroup, concurrencyGroup, eventLoopGroup, ownershipGroup } from './groups/calls.ts'
import { fingerprintGroup } from './groups/fingerprint.ts'
import { partsGroup } from './groups/parts.ts'
import { VectorLoaderCase, type VectorLoaderGroup, type VectorLoaderSuiteOptions } from './loader-case.ts'

/** The groups of the suite. */
export const vectorLoaderGroups: readonly VectorLoaderGroup[] = [
  componentGroup('vector-loader'),
  partsGroup,
  fingerprintGroup,
  badInputGroup,
  abortGroup,
  concurrencyGroup,
  eventLoopGroup,
  ownershipGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one vector loader with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function vectorLoaderSuite<In, T>(given: VectorLoaderSuiteOptions<In, T>): void {
  // What the inputs and the values are is the author's business: the suite hands them on.
  const options = given as unknown as VectorLoaderSuiteOptions
  const { runner, create, inputs, fromConfig } = options
  checkOptions('vectorLoaderSuite', options, ['create', 'inputs', 'manyParts', 'badInputs', 'spoil', 'different', 'equal', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('vectorLoaderSuite: create must be a function that gives a new loader.')
  if (typeof inputs !== 'function') throw new TypeError('vectorLoaderSuite: inputs must be a function that gives so many inputs.')
  runner.group(options.name ?? 'VectorLoader', () => {
    registerGroups(vectorLoaderGroups, options, (scope) => new VectorLoaderCase(options, scope, async () => create()))
    if (!fromConfig) return
    const again = vectorLoaderGroups.filter((group) => group !== eventLoopGroup)
    const from = async () => madeAgain(await create(), fromConfig)
    runner.group(RERUNS.configured, () => registerGroups(again, options, (scope) => new VectorLoaderCase(options, scope, from)))
  })
}
