// @cbir/audio-decode/loader: what a package of loaders of sound is built with: recordings, windows of them, and the configuration that all share.

import { openAudio } from './index.ts'
import { type SoundLoaderDefinition, type SoundLoaderFactory, soundLoaderWith } from './sound-loader/sound-loader.ts'

export { threadCount } from './codec/codec-threads.ts'
export * from './sound-loader/exports.ts'

/** A plugin that loads recordings, whole or in windows. `Given` is the configuration as a person writes it. */
export function soundLoader<Given, T>(definition: SoundLoaderDefinition<T>): SoundLoaderFactory<Given, T> {
  return soundLoaderWith(openAudio, definition)
}
