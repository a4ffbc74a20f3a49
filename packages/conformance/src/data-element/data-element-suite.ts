// dataElementSuite: every group of behaviour, on a fresh element and on one made again from its configuration.

import { componentGroup, configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { DataElementCase, type DataElementGroup, type DataElementSuiteOptions } from './data-element-case.ts'
import { abortGroup } from './groups/abort.ts'
import { buffersGroup } from './groups/buffers.ts'
import { bytesGroup } from './groups/bytes.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { configurationCases } from './groups/configuration.ts'
import { contentTypeGroup } from './groups/content-type.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { identityGroup } from './groups/identity.ts'
import { labelCases } from './groups/label.ts'
import { missingGroup } from './groups/missing.ts'
import { pathGroup } from './groups/path.ts'
import { readOnlyGroup } from './groups/read-only.ts'
import { setBytesGroup } from './groups/set-bytes.ts'

/** The groups of the suite. */
export const dataElementGroups: readonly DataElementGroup[] = [
  componentGroup('data-element', labelCases),
  bytesGroup,
  identityGroup,
  contentTypeGroup,
  setBytesGroup,
  readOnlyGroup,
  missingGroup,
  pathGroup,
  abortGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  configurationGroup(configurationCases),
]

/**
 * Registers the tests of one kind of data element with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function dataElementSuite(options: DataElementSuiteOptions): void {
  const { runner, create, fromConfig } = options
  checkOptions('dataElementSuite', options, ['create', 'writable', 'createMissing', 'fromConfig'])
  if (typeof create !== 'function') throw new TypeError('dataElementSuite: create must be a function that gives an element of some bytes.')
  const register = (groups: readonly DataElementGroup[], holding: DataElementCase['holding']): void =>
    registerGroups(groups, options, (scope) => new DataElementCase(options, scope, holding))

  runner.group(options.name ?? 'DataElement', () => {
    register(dataElementGroups, async (bytes) => create(bytes))
    if (fromConfig) {
      const again = dataElementGroups.filter((group) => group !== eventLoopGroup && group !== missingGroup)
      runner.group(RERUNS.configured, () => register(again, async (bytes) => madeAgain(await create(bytes), fromConfig)))
    }
  })
}
