// descriptorSetSuite: every group of behaviour, on a fresh set, on a reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { temporaryDirectory } from '../framework/temporary-directory.ts'
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
import { DescriptorSetCase, type DescriptorSetGroup, type DescriptorSetSuiteOptions, type SetOrigin } from './set-case.ts'

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
  const { runner, create, reopen, fromConfig } = options
  checkOptions('descriptorSetSuite', options, ['create', 'reopen', 'createReadOnly', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('descriptorSetSuite: create must be a function that gives a new set.')
  const register = (groups: readonly DescriptorSetGroup[], from: SetOrigin): void =>
    registerGroups(groups, options, (scope) => new DescriptorSetCase(options, scope, from))

  runner.group(options.name ?? 'DescriptorSet', () => {
    register(descriptorSetGroups, async (_, fill) => {
      const set = await create()
      await fill(set)
      return set
    })
    const again = descriptorSetGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup)
    if (reopen) {
      const reopened: SetOrigin = async (scope, fill) => {
        const directory = await temporaryDirectory(scope)
        const set = await reopen(directory)
        await fill(set)
        await set.dispose()
        return reopen(directory)
      }
      runner.group(RERUNS.reopened, () => register(again, reopened))
    }
    if (fromConfig) {
      const configured: SetOrigin = async (_, fill) => {
        const set = await madeAgain(await create(), fromConfig)
        await fill(set)
        return set
      }
      runner.group(RERUNS.configured, () => register(again, configured))
    }
  })
}
