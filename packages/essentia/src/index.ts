// @cbir/essentia: Essentia's algorithms as loaders of sound. It runs essentia.js, which is under the GNU Affero General Public License, version 3.
// SPDX-License-Identifier: AGPL-3.0-only

export type { AudioLoaderConfig, RawSamples, SoundInput, SoundLoaderFactory, WindowsConfig } from '@cbir/audio-decode/loader'
export {
  type AlgorithmDescription,
  type AlgorithmInput,
  type AlgorithmTable,
  type ParameterDescription,
  WINDOW_TYPES,
  type WindowType,
} from './algorithms/algorithm-description.ts'
export { ESSENTIA_ALGORITHMS } from './algorithms/essentia-algorithms.ts'
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
export { type EssentiaLoaderConfig, essentiaLoader } from './essentia-loader.ts'
export { type EssentiaMemory, essentiaMemory } from './essentia-threads.ts'
export { type EssentiaExtractorConfig, freesoundExtractor, musicExtractor } from './extractors.ts'
export { type PoolAggregatorConfig, poolAggregator } from './pool-aggregator.ts'
