// poolAggregator: Essentia's statistics over the frames of any loader: from features over time to one vector.

import { featureMatrix } from '@cbir/audio-decode/loader'
import { defineFeatureExtractor, definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { z } from 'zod'
import { poolStatistic } from '../worker/statistics.mjs'
import { POOL_STATISTICS, type PoolStatistic } from './descriptor-fields.ts'
import { PACKAGE } from './essentia-loader.ts'

export interface PoolAggregatorConfig {
  /** Rows of the tensors that come, e.g. 13 for MFCC. */
  readonly features: number
  /** In the order in which they stand in the vector. Default `['mean', 'var']`. */
  readonly statistics?: readonly PoolStatistic[] | undefined
}

interface FilledConfig {
  readonly features: number
  readonly statistics: readonly PoolStatistic[]
}

const schema = z.strictObject({
  features: z.int().min(1).max(65_536),
  statistics: z
    .array(z.enum(POOL_STATISTICS as [PoolStatistic, ...PoolStatistic[]]))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names a statistic twice')
    .default(['mean', 'var']),
})

/**
 * Tensors of shape [features, frames] become vectors of statistics · features numbers: all of the first statistic, then all of the second, …
 * @example poolAggregator({ features: 13, statistics: ['mean', 'var', 'dmean'] })
 */
export const poolAggregator: PluginFactory<PoolAggregatorConfig, FilledConfig, FeatureExtractor<Tensor<'f32'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'pool-aggregator',
  package: PACKAGE,
  configSchema: schema,
  create: (config: FilledConfig) => {
    const { features, statistics } = config
    const dimensions = statistics.length * features
    return defineFeatureExtractor<Tensor<'f32'>>(
      { name: 'pool-aggregator', package: PACKAGE, config: { ...config } },
      {
        dimensions,
        fingerprint: `v1:${JSON.stringify(config)}`,
        async extract(inputs, { signal }) {
          // The caller may change its tensors as soon as it has the promise.
          const copies = inputs.map((input, i) => featureMatrix(input, i, features))
          const data = new Float32Array(copies.length * dimensions)
          const work = (row: number): void => {
            const { data: values, columns: frames } = copies[Math.floor(row / features)]!
            const feature = row % features
            const series = Float64Array.from(values.subarray(feature * frames, (feature + 1) * frames))
            const first = Math.floor(row / features) * dimensions + feature
            for (const [i, statistic] of statistics.entries()) data[first + i * features] = poolStatistic(statistic, series)
          }
          await inSlices(copies.length * features, 1, work, signal)
          return { data, count: copies.length, dimensions }
        },
      },
    )
  },
})
