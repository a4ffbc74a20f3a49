// descriptorElementSuite: every group of behaviour, on a fresh element, on a reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import {
  DescriptorElementCase,
  type DescriptorElementGroup,
  type DescriptorElementOrigin,
  type DescriptorElementSuiteOptions,
} from './descriptor-element-case.ts'
import { abortGroup } from './groups/abort.ts'
import { badVectorsGroup } from './groups/bad-vectors.ts'
import { buffersGroup } from './groups/buffers.ts'
import { nameCases } from './groups/names.ts'
import { noVectorGroup } from './groups/no-vector.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { vectorGroup } from './groups/vector.ts'

/** The groups of the suite. */
export const descriptorElementGroups: readonly DescriptorElementGroup[] = [
  componentGroup('descriptor-element', nameCases),
  vectorGroup,
  noVectorGroup,
  badVectorsGroup,
  abortGroup,
  buffersGroup,
  persistenceGroup,
  configurationGroup(),
]

/**
 * Registers the tests of one kind of descriptor element with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function descriptorElementSuite(options: DescriptorElementSuiteOptions): void {
  const { runner, create, reopen, fromConfig } = options
  checkOptions('descriptorElementSuite', options, ['create', 'reopen', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('descriptorElementSuite: create must be a function that gives an element without a vector.')
  const register = (groups: readonly DescriptorElementGroup[], from: DescriptorElementOrigin): void =>
    registerGroups(groups, options, (scope) => new DescriptorElementCase(options, scope, from))

  runner.group(options.name ?? 'DescriptorElement', () => {
    register(descriptorElementGroups, async (type, uid, vector) => {
      const element = await create(type, uid)
      if (vector) await element.setVector(vector)
      return element
    })
    const again = descriptorElementGroups.filter((group) => group !== persistenceGroup)
    if (reopen) {
      const reopened: DescriptorElementOrigin = async (type, uid, vector) => {
        const element = await create(type, uid)
        if (vector) await element.setVector(vector)
        return reopen(type, uid)
      }
      runner.group(RERUNS.reopened, () => register(again, reopened))
    }
    if (fromConfig) {
      const configured: DescriptorElementOrigin = async (type, uid, vector) => {
        const element = await madeAgain(await create(type, uid), fromConfig)
        if (vector) await element.setVector(vector)
        return element
      }
      runner.group(RERUNS.configured, () => register(again, configured))
    }
  })
}
