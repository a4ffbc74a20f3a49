// The suite on the reference, and on core's defineRecordingMatcher with files.

import { openReferenceRecordingMatcher, recordingMatcherSuite, referenceRecordingMatcher } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError } from '@cbir/core'
import { defineRecordingMatcher, openRecordingMatcher } from '@cbir/core/define'
import { directoryContainer as container } from '@cbir/core/node'
import { loudnessDriver } from './support/loudness-driver.ts'

recordingMatcherSuite({
  runner,
  name: 'reference recording matcher',
  create: () => referenceRecordingMatcher(),
  capabilities: ['remove', 'persist'],
  reopen: openReferenceRecordingMatcher,
  fromConfig({ config }) {
    if (Object.keys(config).length > 0) throw new CbirError('INVALID_CONFIG', 'the reference recording matcher has no options')
    return referenceRecordingMatcher()
  },
})

recordingMatcherSuite({
  runner,
  name: 'a matcher of defineRecordingMatcher with files',
  create: () => defineRecordingMatcher('loudness', loudnessDriver, { container }),
  capabilities: ['remove', 'persist'],
  reopen: (directory) => openRecordingMatcher('loudness', loudnessDriver, { container, directory }),
})

const { free: _, ...withoutRemoval } = loudnessDriver
recordingMatcherSuite({
  runner,
  name: 'a matcher of defineRecordingMatcher that can neither remove nor save',
  create: () => defineRecordingMatcher('loudness', withoutRemoval),
  capabilities: [],
})
