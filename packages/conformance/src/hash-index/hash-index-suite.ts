// hashIndexSuite: every group of behaviour, on a fresh index, on a saved and reopened one, and on one made again from its configuration.

import { configurationGroup, madeAgain, RERUNS } from '../framework/component-groups.ts'
import { checkOptions, registerGroups } from '../framework/suite.ts'
import { temporaryDirectory } from '../framework/temporary-directory.ts'
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
import { HashIndexCase, type HashIndexGroup, type HashIndexOrigin, type HashIndexSuiteOptions } from './hash-index-case.ts'

/** The groups of the suite. */
export const hashIndexGroups: readonly HashIndexGroup[] = [
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
  const { runner, create, reopen, fromConfig } = options
  const register = (groups: readonly HashIndexGroup[], from: HashIndexOrigin): void =>
    registerGroups(groups, options, (scope) => new HashIndexCase(options, scope, from))
  const fresh: HashIndexOrigin = { create: async () => create(), settle: async (index) => index }
  const again = hashIndexGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup)

  runner.group(options.name ?? 'HashIndex', () => {
    register(hashIndexGroups, fresh)
    if (reopen) {
      const reopened: HashIndexOrigin = {
        ...fresh,
        async settle(index, scope) {
          const directory = await temporaryDirectory(scope)
          await index.save(directory)
          await index.dispose()
          return reopen(directory)
        },
      }
      runner.group(RERUNS.reopened, () => register(again, reopened))
    }
    if (fromConfig) {
      const configured: HashIndexOrigin = { ...fresh, create: async () => madeAgain(await create(), fromConfig) }
      runner.group(RERUNS.configured, () => register(again, configured))
    }
  })
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
