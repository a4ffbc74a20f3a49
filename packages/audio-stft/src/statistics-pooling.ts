// Statistics pooling: from features over time to one descriptor: the mean, spread and extremes of every feature, and of its slope.

import { featureMatrix } from '@cbir/audio-decode/loader'
import { type CallOptions, defineFeatureExtractor, definePlugin, type FeatureExtractor, type PluginFactory, type Tensor } from '@cbir/core'
import { z } from 'zod'
import { delta } from './delta.ts'
import type { Matrix } from './matrix.ts'
import { medianOf } from './median.ts'
import { eachFrame } from './per-frame.ts'

const STATISTICS = ['mean', 'std', 'min', 'max', 'median'] as const

/** `std` is that of the whole population, as NumPy's. */
export type Statistic = (typeof STATISTICS)[number]

export interface StatisticsPoolingConfig {
  /** Rows of the tensors that come, e.g. 20 for 20 MFCCs. */
  readonly features: number
  /** In the order in which they stand in the descriptor. Default `['mean', 'std']`. */
  readonly statistics?: readonly Statistic[] | undefined
  /** 1: also of the slopes of all features (librosa's `delta` over 9 frames). 2: also of the slopes of these. Default 0. */
  readonly deltas?: 0 | 1 | 2 | undefined
}

interface FilledConfig {
  readonly features: number
  readonly statistics: readonly Statistic[]
  readonly deltas: 0 | 1 | 2
}

const schema = z.strictObject({
  features: z.int().min(1).max(65_536),
  statistics: z
    .array(z.enum(STATISTICS))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names a statistic twice')
    .default(['mean', 'std']),
  deltas: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
})

/**
 * Tensors of shape [features, frames], as the loaders of this package give them, become descriptors of (1 + deltas) · statistics · features numbers: all
 * means, then all standard deviations, … and then the same of the slopes.
 * @example statisticsPooling({ features: 20 })
 */
export const statisticsPooling: PluginFactory<StatisticsPoolingConfig, FilledConfig, FeatureExtractor<Tensor<'f32'>>> = definePlugin({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'statistics-pooling',
  package: '@cbir/audio-stft',
  configSchema: schema,
  create: (config: FilledConfig) => {
    const { features, statistics, deltas } = config
    const dimensions = (1 + deltas) * statistics.length * features
    return defineFeatureExtractor<Tensor<'f32'>>(
      { name: 'statistics-pooling', package: '@cbir/audio-stft', config: { ...config } },
      {
        dimensions,
        fingerprint: `v1:${JSON.stringify(config)}`,
        async extract(inputs, options) {
          // The caller may change its tensors as soon as it has the promise.
          const matrices = inputs.map((input, i) => featureMatrix(input, i, features))
          const data = new Float32Array(matrices.length * dimensions)
          for (const [i, matrix] of matrices.entries()) {
            for (let order = 0; order <= deltas; order++) {
              const of = order === 0 ? matrix : await delta(matrix, { order, mode: 'nearest', signal: options.signal })
              await pool(of, statistics, data.subarray(i * dimensions + order * statistics.length * features), options)
            }
          }
          return { data, count: matrices.length, dimensions }
        },
      },
    )
  },
})

/** Writes all of the first statistic, then all of the second, … */
async function pool({ data, rows, columns }: Matrix, statistics: readonly Statistic[], out: Float32Array, { signal }: CallOptions): Promise<void> {
  await eachFrame(
    rows,
    4 * columns,
    (row) => {
      const values = data.subarray(row * columns, (row + 1) * columns)
      for (const [i, statistic] of statistics.entries()) out[i * rows + row] = COMPUTE[statistic](values)
    },
    signal,
  )
}

const meanOf = (values: Float32Array): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

const COMPUTE: Readonly<Record<Statistic, (values: Float32Array) => number>> = {
  mean: meanOf,
  std: (values) => {
    const mean = meanOf(values)
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2
    return Math.sqrt(sum / values.length)
  },
  min: (values) => values.reduce((a, b) => Math.min(a, b)),
  max: (values) => values.reduce((a, b) => Math.max(a, b)),
  median: (values) => medianOf(values.slice()),
}
