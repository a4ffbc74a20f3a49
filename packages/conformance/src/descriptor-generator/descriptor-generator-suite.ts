// descriptorGeneratorSuite: every group of behaviour, on a fresh generator and on one made again from its configuration.

import type { DescriptorGenerator } from '@cbir/core'
import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { DescriptorGeneratorCase, type DescriptorGeneratorGroup, type DescriptorGeneratorSuiteOptions } from './generator-case.ts'
import { abortGroup, eventLoopGroup, reuseGroup } from './groups/calls.ts'
import { badItemsGroup, encodeGroup, outcomesGroup, producerGroup } from './groups/outcomes.ts'

const OPTIONS = ['create', 'inputs', 'manyParts', 'emptyInputs', 'badInputs', 'reuses', 'different', 'tolerance', 'fromConfig']

/** The groups of the suite. */
export const descriptorGeneratorGroups: readonly DescriptorGeneratorGroup[] = [
  componentGroup('descriptor-generator'),
  encodeGroup,
  outcomesGroup,
  badItemsGroup,
  producerGroup,
  reuseGroup,
  abortGroup,
  eventLoopGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one descriptor generator with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function descriptorGeneratorSuite<In>(given: DescriptorGeneratorSuiteOptions<In>): void {
  // What the inputs are is the author's business: the suite hands them on.
  const options = given as unknown as DescriptorGeneratorSuiteOptions
  const { runner, create, inputs, fromConfig } = options
  checkOptions('descriptorGeneratorSuite', options, OPTIONS)
  if (typeof create !== 'function') throw new TypeError('descriptorGeneratorSuite: create must be a function that gives a new generator.')
  if (typeof inputs !== 'function') throw new TypeError('descriptorGeneratorSuite: inputs must be a function that gives so many inputs.')
  runner.group(options.name ?? 'DescriptorGenerator', () => {
    registerGroups(descriptorGeneratorGroups, options, (scope) => new DescriptorGeneratorCase(options, scope, async () => create()))
    if (!fromConfig) return
    const again = descriptorGeneratorGroups.filter((group) => group !== eventLoopGroup)
    const from = async (): Promise<DescriptorGenerator> => madeAgain(await create(), fromConfig)
    runner.group(RERUNS.configured, () => registerGroups(again, options, (scope) => new DescriptorGeneratorCase(options, scope, from)))
  })
}
