// recordingMatcherSuite: every group of behaviour, on a fresh matcher, on a saved and reopened one, and on one made again from its configuration.

import { componentGroup, configurationGroup } from '../framework/component-groups.ts'
import { registerFilledSuite } from '../framework/filled-case.ts'
import { checkOptions } from '../framework/suite.ts'
import { abortGroup } from './groups/abort.ts'
import { addGroup } from './groups/add.ts'
import { badSoundsGroup } from './groups/bad-sounds.ts'
import { buffersGroup } from './groups/buffers.ts'
import { capabilitiesGroup } from './groups/capabilities.ts'
import { concurrencyGroup } from './groups/concurrency.ts'
import { disposeGroup } from './groups/dispose.ts'
import { eventLoopGroup } from './groups/event-loop.ts'
import { matchManyGroup } from './groups/match-many.ts'
import { persistenceGroup } from './groups/persistence.ts'
import { progressGroup } from './groups/progress.ts'
import { recognitionGroup } from './groups/recognition.ts'
import { removeGroup } from './groups/remove.ts'
import { streamsGroup } from './groups/streams.ts'
import { RecordingMatcherCase, type RecordingMatcherGroup, type RecordingMatcherSuiteOptions } from './recording-matcher-case.ts'

/** The groups of the suite. */
export const recordingMatcherGroups: readonly RecordingMatcherGroup[] = [
  componentGroup('recording-matcher'),
  capabilitiesGroup,
  recognitionGroup,
  addGroup,
  badSoundsGroup,
  streamsGroup,
  matchManyGroup,
  removeGroup,
  abortGroup,
  progressGroup,
  disposeGroup,
  concurrencyGroup,
  eventLoopGroup,
  buffersGroup,
  persistenceGroup,
  configurationGroup(),
]

const OPTIONS = ['create', 'capabilities', 'tolerance', 'reopen', 'fromConfig']

/**
 * Registers the tests of one recording matcher with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function recordingMatcherSuite(options: RecordingMatcherSuiteOptions): void {
  checkRecordingMatcherOptions(options)
  const again = recordingMatcherGroups.filter((group) => group !== eventLoopGroup && group !== persistenceGroup && group !== badSoundsGroup)
  const groups = { fresh: recordingMatcherGroups, reopened: again, configured: again }
  registerFilledSuite('RecordingMatcher', options, groups, 'saved', (scope, from) => new RecordingMatcherCase(options, scope, from))
}

function checkRecordingMatcherOptions(options: RecordingMatcherSuiteOptions): void {
  const suite = 'recordingMatcherSuite'
  checkOptions(suite, options, OPTIONS)
  const { create, capabilities, reopen, tolerance = 0.1 } = options
  const wrong = (message: string): never => {
    throw new TypeError(`${suite}: ${message}`)
  }
  if (typeof create !== 'function') wrong('create must be a function that gives a new matcher.')
  if (!Array.isArray(capabilities)) wrong('capabilities must list the abilities of the matcher; [] where it has none.')
  if (capabilities.includes('persist') !== (reopen !== undefined)) wrong('reopen belongs to the ability persist: give both or neither.')
  if (!(tolerance > 0)) wrong('tolerance must be seconds above 0.')
}
