// The plugin `random-projection-functor`: signs of random projections.

import type { CallOptions, VectorBatch } from '@cbir/core'
import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'
import { addonFor } from '../lsh-addon.ts'
import { drawn } from './drawn-numbers.ts'
import type { FunctorAddon } from './functor-addon.ts'
import { type FunctorConfig, functorFields, makeFunctor, type TrainedLshFunctor } from './functor-config.ts'
import type { Projection } from './projection.ts'
import { projectionDriver } from './projection-driver.ts'
import { Random } from './random.ts'
import { StreamMoments } from './stream-moments.ts'
import { thresholdsAt } from './thresholds.ts'

const NAME = 'random-projection-functor'
const SQRT_3 = Math.sqrt(3)

/** The configuration of `randomProjection`. */
export interface RandomProjectionConfig extends FunctorConfig {
  /** `gaussian` (where not given): N(0, 1); `sparse`: √3 · (1, 0, −1) with probabilities 1/6, 2/3, 1/6. */
  readonly distribution: 'gaussian' | 'sparse'
  /** Whether the mean of the training vectors is taken off first; true where not given. */
  readonly centre: boolean
}

const schema = z.strictObject({
  ...functorFields,
  distribution: z.enum(['gaussian', 'sparse']).default('gaussian'),
  centre: z.boolean().default(true),
})

/**
 * Random hyperplanes (Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002): bit j is (x − mean) · aⱼ ≥ 0. The share of differing
 * bits of two vectors is their angle over π, on average. `sparse` is Achlioptas, "Database-friendly random projections" (2003). Training reads the stream
 * once, for its mean; memory does not grow with it.
 *
 * Errors beside those of every functor: INVALID_CONFIG; NOT_USABLE (`implementation: 'native'` without a binary for this platform); with `directory` also
 * CORRUPT_DATA and IO_FAILED.
 * @example const functor = await randomProjection({ bits: 128 }); await functor.fit([vectors])
 */
export const randomProjection: PluginFactory<Partial<RandomProjectionConfig>, RandomProjectionConfig, Promise<TrainedLshFunctor>> = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor', 'TrainableLshFunctor', 'PersistableModel'],
  name: NAME,
  package: '@cbir/lsh',
  configSchema: schema,
  async create(config: RandomProjectionConfig): Promise<TrainedLshFunctor> {
    const { bits, normalize } = config
    const functor = { bits, normalize, train: (vectors: AsyncIterable<VectorBatch>, options: CallOptions) => train(vectors, config, options) }
    return makeFunctor(NAME, config, projectionDriver(functor, addonFor<FunctorAddon>(config.implementation)))
  },
})

async function train(vectors: AsyncIterable<VectorBatch>, config: RandomProjectionConfig, { signal }: CallOptions): Promise<Projection> {
  const { bits, normalize, centre, distribution, seed } = config
  const moments = new StreamMoments(normalize)
  for await (const batch of vectors) await moments.add(batch, signal)
  const mean = moments.mean()
  const random = new Random(seed)
  const draw = distribution === 'gaussian' ? () => random.gaussian() : () => sparse(random)
  const matrix = await drawn(new Float32Array(mean.length * bits), draw, signal)
  if (distribution === 'sparse') fillEmptyColumns(matrix, bits, random)
  const thresholds = centre ? await thresholdsAt(mean, matrix, bits, signal) : new Float64Array(bits)
  return { dimensions: mean.length, bits, matrix, thresholds, normalize }
}

function sparse(random: Random): number {
  const side = random.below(6)
  if (side > 1) return 0
  return side === 0 ? SQRT_3 : -SQRT_3
}

/** A column of zeros, as may be where there are few dimensions, says nothing: it gets one number. */
function fillEmptyColumns(matrix: Float32Array, bits: number, random: Random): void {
  const rows = matrix.length / bits
  for (let j = 0; j < bits; j++) {
    let isEmpty = true
    for (let i = 0; i < rows && isEmpty; i++) isEmpty = matrix[i * bits + j] === 0
    if (isEmpty) matrix[random.below(rows) * bits + j] = random.below(2) === 0 ? SQRT_3 : -SQRT_3
  }
}
