// descriptorSetSuite: every group of behaviour, on a fresh set, on a reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { registerFilledSuite } from '../framework/filled-case.ts'
import { checkOptions } from '../framework/suite.ts'
import { abortGroup } from './groups/abort.ts'
import { addGroup } from './groups/add.ts'
import { attributesGroup } from './groups/attributes.ts'
import { badInputGroup } from './groups/bad-input.ts'
import { buffersGroup } from './groups/buffers.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { disposeGroup } from './groups/dispose.ts'
import { elementsGroup } from './groups/elements.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { getGroup } from './groups/get.ts'
import { itemsGroup } from './groups/items.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { readOnlyGroup } from './groups/read-only.ts'
import { removeGroup } from './groups/remove.ts'
import { DescriptorSetCase, type DescriptorSetGroup, type DescriptorSetSuiteOptions } from './set-case.ts'

/** The groups of the suite. */
export const descriptorSetGroups: readonly DescriptorSetGroup[] = [
  componentGroup('descriptor-set'),
  getGroup,
  addGroup,
  attributesGroup,
  removeGroup,
  itemsGroup,
  elementsGroup,
  badInputGroup,
  readOnlyGroup,
  abortGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  persistenceGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one descriptor set with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function descriptorSetSuite(options: DescriptorSetSuiteOptions): void {
  checkOptions('descriptorSetSuite', options, ['create', 'reopen', 'createReadOnly', 'fromConfig'])
  if (typeof options.create !== 'function') throw new TypeError('descriptorSetSuite: create must be a function that gives a new set.')
  const again = descriptorSetGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup)
  const groups = { fresh: descriptorSetGroups, reopened: again, configured: again }
  registerFilledSuite('DescriptorSet', options, groups, 'kept', (scope, from) => new DescriptorSetCase(options, scope, from))
}
