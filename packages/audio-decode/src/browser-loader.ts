// @cbir/audio-decode/loader in a browser: as under Node, but without paths.

import { openAudio } from './browser.ts'
import { type SoundLoaderDefinition, type SoundLoaderFactory, soundLoaderWith } from './sound-loader/sound-loader.ts'

export * from './sound-loader/exports.ts'

/** A plugin that loads recordings, whole or in windows. `Given` is the configuration as a person writes it. */
export function soundLoader<Given, T>(definition: SoundLoaderDefinition<T>): SoundLoaderFactory<Given, T> {
  return soundLoaderWith(openAudio, definition)
}
