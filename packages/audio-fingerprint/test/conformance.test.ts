// The suite of the kit.

import { audioFingerprint } from '@cbir/audio-fingerprint'
import { recordingMatcherSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'

const registry = createRegistry([audioFingerprint])

recordingMatcherSuite({
  name: 'audio-fingerprint',
  runner,
  create: () => audioFingerprint({}),
  capabilities: ['remove', 'persist'],
  reopen: (directory) => audioFingerprint({ directory }),
  fromConfig: (config) => registry.fromConfig(config, 'recording-matcher'),
})
