// The RecordingMatcher suite bites: every wrong matcher fails exactly the groups that it breaks.

import { type FullRecordingMatcher, recordingMatcherGroups, recordingMatcherSuite, referenceRecordingMatcher } from '@cbir/conformance'
import { CbirError, type RecordingMatcherCapability } from '@cbir/core'
import { RECORDING_MATCHER_MUTANTS } from './recording-matcher-mutants.ts'
import { variant } from './run-mutants.ts'
import { testMutants } from './test-mutants.ts'

/** The reference without files, so that a mutant has to be wrong in one way only. */
function withoutFiles(matcher: FullRecordingMatcher): FullRecordingMatcher {
  const refuse = async (): Promise<never> => {
    throw new CbirError('NOT_SUPPORTED', 'this matcher does not save')
  }
  return variant(matcher, { capabilities: new Set<RecordingMatcherCapability>(['remove']), save: refuse, flush: refuse })
}

testMutants('wrong recording matchers', RECORDING_MATCHER_MUTANTS, recordingMatcherGroups, (runner, mutant) => {
  const { make = (matcher) => matcher, open, fromConfig } = mutant
  recordingMatcherSuite({
    runner,
    patience: 1000,
    create: () => (open ? referenceRecordingMatcher() : make(withoutFiles(referenceRecordingMatcher()))),
    capabilities: open ? ['remove', 'persist'] : ['remove'],
    ...(open && { reopen: open }),
    ...(fromConfig && {
      fromConfig({ config }) {
        if ('no such option' in config) throw new CbirError('INVALID_CONFIG', 'unknown option')
        return withoutFiles(fromConfig())
      },
    }),
  })
})
