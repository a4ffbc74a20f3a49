// audioFingerprint: the plugin.

import type { PersistableRecordingMatcher, RecordingMatcher, RemovableRecordingMatcher } from '@cbir/core'
import { definePlugin, defineRecordingMatcher, openRecordingMatcher, type PluginFactory } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { z } from 'zod'
import { fingerprintDriver } from './fingerprint-driver.ts'

const NAME = 'audio-fingerprint'
const PACKAGE = '@cbir/audio-fingerprint'

/** The configuration of an audio fingerprint matcher. */
export interface AudioFingerprintConfig {
  /** A match that is less sure is none: 0 … 1, 0.5 where not given. Lower: more is found in noise, and more that is not in there. */
  readonly minimumConfidence: number
  /** A directory that the matcher lives in: opened if something is there, written at `flush` and `dispose`. Without it, memory only. */
  readonly directory?: string | undefined
}

/** A matcher with every ability. */
export type AudioFingerprint = RecordingMatcher & RemovableRecordingMatcher & PersistableRecordingMatcher

const schema: z.ZodType<AudioFingerprintConfig> = z.strictObject({
  minimumConfidence: z.number().min(0).max(1).default(0.5),
  directory: z.string().min(1).optional(),
})

/**
 * Recognises recordings by pairs of peaks in their spectrogram (Wang, "An industrial-strength audio search algorithm", 2003), and verifies the best by
 * how many of all peaks coincide. Sounds of 4 to 768 kHz, of three seconds or more.
 *
 * Errors beside those of every matcher: INVALID_CONFIG; INVALID_ARGUMENT (another sample rate, more than 54 hours in one sound); NOT_SUPPORTED (more than
 * 27 000 hours in all); with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const matcher = await audioFingerprint({ directory: 'songs' })
 */
export const audioFingerprint: PluginFactory<Partial<AudioFingerprintConfig>, AudioFingerprintConfig, Promise<AudioFingerprint>> = definePlugin({
  kind: 'recording-matcher',
  interfaces: ['RecordingMatcher', 'RemovableRecordingMatcher', 'PersistableRecordingMatcher'],
  name: NAME,
  package: PACKAGE,
  configSchema: schema,
  async create(config: AudioFingerprintConfig): Promise<AudioFingerprint> {
    const identity = { name: NAME, package: PACKAGE, config: { ...config } }
    const driver = fingerprintDriver(config.minimumConfidence)
    const { directory } = config
    if (directory === undefined) return defineRecordingMatcher(identity, driver, { container: directoryContainer })
    return openRecordingMatcher(identity, driver, { container: directoryContainer, directory })
  },
})
