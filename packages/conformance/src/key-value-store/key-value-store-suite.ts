// keyValueStoreSuite: every group of behaviour, on a fresh store, on a reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { registerFilledSuite } from '../framework/filled-case.ts'
import { checkOptions } from '../framework/suite.ts'
import { abortGroup } from './groups/abort.ts'
import { addGroup } from './groups/add.ts'
import { badInputGroup } from './groups/bad-input.ts'
import { buffersGroup } from './groups/buffers.ts'
import { clearGroup } from './groups/clear.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { disposeGroup } from './groups/dispose.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { getGroup } from './groups/get.ts'
import { orderGroup } from './groups/order.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { readOnlyGroup } from './groups/read-only.ts'
import { removeGroup } from './groups/remove.ts'
import { valuesGroup } from './groups/values.ts'
import { KeyValueStoreCase, type KeyValueStoreGroup, type KeyValueStoreSuiteOptions } from './store-case.ts'

/** The groups of the suite. */
export const keyValueStoreGroups: readonly KeyValueStoreGroup[] = [
  componentGroup('key-value-store'),
  valuesGroup,
  getGroup,
  addGroup,
  removeGroup,
  clearGroup,
  orderGroup,
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
 * Registers the tests of one key-value store with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function keyValueStoreSuite(options: KeyValueStoreSuiteOptions): void {
  checkOptions('keyValueStoreSuite', options, ['create', 'reopen', 'createReadOnly', 'fromConfig'])
  if (typeof options.create !== 'function') throw new TypeError('keyValueStoreSuite: create must be a function that gives a new store.')
  const again = keyValueStoreGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup)
  const groups = { fresh: keyValueStoreGroups, reopened: again, configured: again }
  registerFilledSuite('KeyValueStore', options, groups, 'kept', (scope, from) => new KeyValueStoreCase(options, scope, from))
}
