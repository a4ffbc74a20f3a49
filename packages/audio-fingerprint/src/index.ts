// @cbir/audio-fingerprint: is this very recording in there, and where.

export { type AudioFingerprint, type AudioFingerprintConfig, audioFingerprint } from './audio-fingerprint.ts'
