// hashIndexSuite: every group of behaviour, on a fresh index, on a saved and reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { registerFilledSuite } from '../framework/filled-case.ts'
import { checkOptions } from '../framework/suite.ts'
import { abortGroup } from './groups/abort.ts'
import { badCodesGroup } from './groups/bad-codes.ts'
import { buffersGroup } from './groups/buffers.ts'
import { buildGroup } from './groups/build.ts'
import { capabilitiesGroup } from './groups/capabilities.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { disposeGroup } from './groups/dispose.ts'
import { distanceGroup } from './groups/distance.ts'
import { emptyIndexGroup } from './groups/empty-index.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { kGroup } from './groups/k.ts'
import { orderGroup } from './groups/order.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { progressGroup } from './groups/progress.ts'
import { recallGroup } from './groups/recall.ts'
import { removeGroup } from './groups/remove.ts'
import { rowsGroup } from './groups/rows.ts'
import { uniqueCodesGroup } from './groups/unique-codes.ts'
import { updateGroup } from './groups/update.ts'
import { HashIndexCase, type HashIndexGroup, type HashIndexSuiteOptions } from './hash-index-case.ts'

/** The groups of the suite. */
export const hashIndexGroups: readonly HashIndexGroup[] = [
  componentGroup('hash-index'),
  capabilitiesGroup,
  distanceGroup,
  orderGroup,
  recallGroup,
  kGroup,
  uniqueCodesGroup,
  rowsGroup,
  badCodesGroup,
  buildGroup,
  updateGroup,
  removeGroup,
  emptyIndexGroup,
  abortGroup,
  progressGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  persistenceGroup,
  configurationGroup(),
]

const OPTIONS = ['create', 'capabilities', 'bits', 'minimumRecall', 'reopen', 'fromConfig']

/**
 * Registers the tests of one hash index with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function hashIndexSuite(options: HashIndexSuiteOptions): void {
  checkHashIndexOptions(options)
  const again = hashIndexGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup)
  const groups = { fresh: hashIndexGroups, reopened: again, configured: again }
  registerFilledSuite('HashIndex', options, groups, 'saved', (scope, from) => new HashIndexCase(options, scope, from))
}

function checkHashIndexOptions(options: HashIndexSuiteOptions): void {
  const suite = 'hashIndexSuite'
  checkOptions(suite, options, OPTIONS)
  const { create, capabilities, bits = 70, reopen, minimumRecall } = options
  const wrong = (message: string): never => {
    throw new TypeError(`${suite}: ${message}`)
  }
  if (typeof create !== 'function') wrong('create must be a function that gives a new index.')
  if (!Array.isArray(capabilities)) wrong('capabilities must list the abilities of the index; [] where it has none.')
  if (!(Number.isInteger(bits) && bits >= 16)) wrong('bits must be a whole number of at least 16.')
  if (capabilities.includes('persist') !== (reopen !== undefined)) wrong('reopen belongs to the ability persist: give both or neither.')
  if (minimumRecall !== undefined && capabilities.includes('exact')) wrong('an exact index has no minimumRecall; leave it out.')
}
