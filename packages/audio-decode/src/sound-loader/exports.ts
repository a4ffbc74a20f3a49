// What both entries of loaders export.

export { type FeatureMatrix, featureMatrix } from './feature-matrix.ts'
export {
  type AudioLoaderConfig,
  audioFields,
  type FilledLoaderConfig,
  type FilledWindows,
  resType,
  type WindowsConfig,
} from './loader-config.ts'
export { type RawSamples, readable, type SoundInput } from './recording.ts'
export { checkedSamples, checkFiniteSamples, checkSampleRate, type Samples } from './samples.ts'
export type { ParsedLoaderConfig, SoundLoaderDefinition, SoundLoaderFactory } from './sound-loader.ts'
