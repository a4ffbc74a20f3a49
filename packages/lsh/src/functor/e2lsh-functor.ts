// The plugin `e2lsh-functor`: p-stable projections, cut into cells.

import type { CallOptions, VectorBatch } from '@cbir/core'
import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { addonFor } from '../lsh-addon.ts'
import { gaussians } from './drawn-numbers.ts'
import type { FunctorAddon } from './functor-addon.ts'
import { type FunctorConfig, functorFields, makeFunctor, type TrainedLshFunctor } from './functor-config.ts'
import type { Projection } from './projection.ts'
import { projectionDriver } from './projection-driver.ts'
import { Random } from './random.ts'
import { StreamMoments } from './stream-moments.ts'
import { thresholdsAt } from './thresholds.ts'

const NAME = 'e2lsh-functor'

/** The configuration of `pStable`. */
export interface PStableConfig extends FunctorConfig {
  /** Bits that each projection gets, 1 to 64; 2 where not given. One more is the number of its cells. */
  readonly bitsPerProjection: number
  /** How wide a cell is, in the vectors' own unit; where not given, the root of the training vectors' mean square distance from their mean. */
  readonly width?: number | undefined
}

const schema = z.strictObject({
  ...functorFields,
  bitsPerProjection: z.number().int().min(1).max(64).default(2),
  width: z.number().positive().optional(),
})

/**
 * p-stable hashing for the euclidean distance (Datar, Immorlica, Indyk, Mirrokni, SoCG 2004): h(x) = ⌊(a · (x − mean) + b) / width⌋, a Gaussian, b uniform in a
 * cell. An integer h becomes bits as a thermometer: of the `bitsPerProjection` cell borders around the mean, those that x is beyond. So the number of
 * differing bits is the sum of |h(x) − h(y)|, cut off at the outermost cells, and grows with the distance; h modulo a table's size would not. Training reads
 * the stream once, for mean and spread; memory does not grow with it.
 *
 * Errors beside those of every functor: INVALID_CONFIG; NOT_USABLE (`implementation: 'native'` without a binary for this platform); with `directory` also
 * CORRUPT_DATA and IO_FAILED.
 * @example const functor = await pStable({ bits: 128 }); await functor.fit([vectors])
 */
export const pStable: PluginFactory<Partial<PStableConfig>, PStableConfig, Promise<TrainedLshFunctor>> = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor', 'TrainableLshFunctor', 'PersistableModel'],
  name: NAME,
  package: '@cbir/lsh',
  configSchema: schema,
  async create(config: PStableConfig): Promise<TrainedLshFunctor> {
    const { bits, normalize, bitsPerProjection } = config
    const functor = {
      bits,
      normalize,
      layout: { bitsPerProjection },
      train: (vectors: AsyncIterable<VectorBatch>, options: CallOptions) => train(vectors, config, options),
    }
    return makeFunctor(NAME, config, projectionDriver(functor, addonFor<FunctorAddon>(config.implementation)))
  },
})

async function train(vectors: AsyncIterable<VectorBatch>, config: PStableConfig, { signal }: CallOptions): Promise<Projection> {
  const { bits, normalize, bitsPerProjection, seed } = config
  const moments = new StreamMoments(normalize)
  for await (const batch of vectors) await moments.add(batch, signal)
  const mean = moments.mean()
  // Vectors that are all alike have no spread; any width says the same of them.
  const width = config.width ?? (moments.spread() || 1)
  const random = new Random(seed)
  const projections = Math.ceil(bits / bitsPerProjection)
  const directions = await gaussians(mean.length * projections, random, signal)
  const matrix = new Float32Array(mean.length * bits)
  const bitsOf = (projection: number): number => Math.min(bitsPerProjection, bits - projection * bitsPerProjection)
  for (let i = 0; i < mean.length; i++) {
    for (let j = 0; j < bits; j++) matrix[i * bits + j] = directions[i * projections + Math.floor(j / bitsPerProjection)]!
  }
  const thresholds = await thresholdsAt(mean, matrix, bits, signal)
  for (let projection = 0; projection < projections; projection++) {
    const shift = random.uniform() - 0.5
    const borders = bitsOf(projection)
    for (let border = 0; border < borders; border++) {
      thresholds[projection * bitsPerProjection + border]! += (border - (borders - 1) / 2 + shift) * width
    }
  }
  return { dimensions: mean.length, bits, matrix, thresholds, normalize }
}
