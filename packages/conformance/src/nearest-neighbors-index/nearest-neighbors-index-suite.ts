// nearestNeighborsIndexSuite: every group of behaviour, on a fresh index, on a saved and reopened one, and on one made again from its configuration.

import { componentGroup } from '../framework/component-groups.ts'
import { registerFilledSuite, registerFresh } from '../framework/filled-case.ts'
import { checkOptions } from '../framework/suite.ts'
import { METRIC_NAMES } from './exact-distance.ts'
import { abortGroup } from './groups/abort.ts'
import { badVectorsGroup } from './groups/bad-vectors.ts'
import { buffersGroup } from './groups/buffers.ts'
import { buildTwiceGroup } from './groups/build-twice.ts'
import { buildWithNothingGroup } from './groups/build-with-nothing.ts'
import { capabilitiesGroup } from './groups/capabilities.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { configurationGroup } from './groups/configuration.ts'
import { disposeGroup } from './groups/dispose.ts'
import { distanceGroup } from './groups/distance.ts'
import { emptyIndexGroup } from './groups/empty-index.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { filterGroup } from './groups/filter.ts'
import { kGroup } from './groups/k.ts'
import { metricsGroup } from './groups/metrics.ts'
import { orderGroup } from './groups/order.ts'
import { originGroup } from './groups/origin.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { progressGroup } from './groups/progress.ts'
import { rangeGroup } from './groups/range.ts'
import { recallGroup } from './groups/recall.ts'
import { removeGroup } from './groups/remove.ts'
import { tuningGroup } from './groups/tuning.ts'
import { updateGroup } from './groups/update.ts'
import { zeroVectorGroup } from './groups/zero-vector.ts'
import { IndexCase, type IndexGroup, type NearestNeighborsIndexSuiteOptions } from './index-case.ts'

/** The groups of the suite, in the order of the design's table. */
export const nearestNeighborsIndexGroups: readonly IndexGroup[] = [
  componentGroup('nearest-neighbors-index'),
  capabilitiesGroup,
  distanceGroup,
  metricsGroup,
  zeroVectorGroup,
  orderGroup,
  recallGroup,
  kGroup,
  badVectorsGroup,
  buildWithNothingGroup,
  buildTwiceGroup,
  updateGroup,
  removeGroup,
  filterGroup,
  rangeGroup,
  emptyIndexGroup,
  abortGroup,
  progressGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  originGroup,
  tuningGroup,
  persistenceGroup,
  configurationGroup,
]

const OPTIONS = ['create', 'capabilities', 'metric', 'dimensions', 'rows', 'minimumRecall', 'tolerance', 'reopen', 'fromConfig', 'tuning']

/**
 * Registers the tests of one index with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function nearestNeighborsIndexSuite(options: NearestNeighborsIndexSuiteOptions): void {
  checkIndexOptions(options)
  const configured = nearestNeighborsIndexGroups.filter((group) => group !== eventLoopGroup)
  // Only what starts from an index that holds something is another test then; files are not tested through files again.
  const reopened = configured.filter((group) => group !== persistenceGroup)
  const groups = { fresh: nearestNeighborsIndexGroups, reopened, configured }
  registerFilledSuite('NearestNeighborsIndex', options, groups, 'saved', (scope, from) => new IndexCase(options, scope, from))
}

/** Registers one group alone, on fresh indexes. For work on one behaviour; the suite is what proves an index. */
export function nearestNeighborsIndexGroup(group: IndexGroup, options: NearestNeighborsIndexSuiteOptions): void {
  checkIndexOptions(options)
  registerFresh([group], options, (scope, from) => new IndexCase(options, scope, from))
}

function checkIndexOptions(options: NearestNeighborsIndexSuiteOptions): void {
  const suite = 'nearestNeighborsIndexSuite'
  checkOptions(suite, options, OPTIONS)
  const wrong = (message: string): never => {
    throw new TypeError(`${suite}: ${message}`)
  }
  if (typeof options.create !== 'function') wrong('create must be a function that gives a new index.')
  if (!METRIC_NAMES.includes(options.metric)) wrong(`metric must be one of ${METRIC_NAMES.join(', ')}.`)
  if (!Array.isArray(options.capabilities)) wrong('capabilities must list the abilities of the index; [] where it has none.')
  if (options.capabilities.includes('persist') !== (options.reopen !== undefined))
    wrong('reopen belongs to the ability persist: give both or neither.')
  if (options.dimensions !== undefined && !(options.dimensions >= 4)) wrong('dimensions must be at least 4.')
  if (options.rows !== undefined && !(options.rows >= 40)) wrong('rows must be at least 40.')
  if (options.minimumRecall !== undefined && options.capabilities.includes('exact')) wrong('an exact index has no minimumRecall; leave it out.')
}
