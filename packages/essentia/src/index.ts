// @cbir/essentia: Essentia's algorithms as loaders of sound. It runs essentia.js, which is under the GNU Affero General Public License, version 3.

export type { AudioLoaderConfig, RawSamples, SoundInput, SoundLoaderFactory, WindowsConfig } from '@cbir/audio-decode/loader'
export {
  type DescriptorField,
  descriptorFields,
  descriptorNames,
  dimensionsOf,
  type ExtractorKind,
  type FieldChoice,
  POOL_STATISTICS,
  type PoolStatistic,
} from './descriptor-fields.ts'
export { type AlgorithmDescription, type AlgorithmInput, ESSENTIA_ALGORITHMS } from './essentia-algorithms.ts'
export { type EssentiaLoaderConfig, essentiaLoader, WINDOW_TYPES, type WindowType } from './essentia-loader.ts'
export { type EssentiaMemory, essentiaMemory } from './essentia-threads.ts'
export { type EssentiaExtractorConfig, freesoundExtractor, musicExtractor } from './extractors.ts'
export { type PoolAggregatorConfig, poolAggregator } from './pool-aggregator.ts'
