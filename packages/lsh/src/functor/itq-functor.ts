// The plugin `itq-functor`: iterative quantization.

import { type CallOptions, CbirError, type VectorBatch } from '@cbir/core'
import { definePlugin, type PluginFactory } from '@cbir/core/define'
import { nativeTask } from '@cbir/native-kit'
import { z } from 'zod'
import { addonFor } from '../lsh-addon.ts'
import { gaussians } from './drawn-numbers.ts'
import type { FunctorAddon } from './functor-addon.ts'
import { type FunctorConfig, functorFields, makeFunctor, type TrainedLshFunctor } from './functor-config.ts'
import { trainItqInSlices } from './itq-training.ts'
import { orthogonalityProblem } from './orthogonality.ts'
import type { Projection } from './projection.ts'
import { projectionDriver } from './projection-driver.ts'
import { Random } from './random.ts'
import { Reservoir } from './reservoir.ts'

const NAME = 'itq-functor'

/** The configuration of `itq`. */
export interface ItqConfig extends FunctorConfig {
  /** Updates of the rotation at most; 50 where not given. It stops before where the loss falls no more. */
  readonly iterations: number
  /** Vectors of the training stream that are kept to learn from, a uniform sample; 65536 where not given. They take 4 · sample · dimensions bytes. */
  readonly sample: number
}

const schema = z.strictObject({
  ...functorFields,
  iterations: z.number().int().min(1).max(10_000).default(50),
  sample: z.number().int().min(1).max(100_000_000).default(65_536),
})

/**
 * Iterative quantization, as published (Gong and Lazebnik, "Iterative quantization: a Procrustean approach to learning binary codes", CVPR 2011): the vectors
 * less their mean, on the principal components (eigenvectors of the covariance, in double precision), in the rotation whose signs lose least: begun at
 * random, it is fitted to the signs again and again by the orthogonal Procrustes solution. The loss ‖B − V·R‖² never rises; training ends where it falls
 * by less than 10⁻⁹ of itself. Bit = (v · R)ⱼ ≥ 0.
 *
 * Errors beside those of every functor: DIMENSION_MISMATCH (vectors with fewer numbers than `bits`); INVALID_CONFIG; NOT_USABLE (`implementation: 'native'`
 * without a binary for this platform); with `directory` also CORRUPT_DATA and IO_FAILED.
 * @example const functor = await itq({ bits: 64 }); await functor.fit([vectors])
 */
export const itq: PluginFactory<Partial<ItqConfig>, ItqConfig, Promise<TrainedLshFunctor>> = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor', 'TrainableLshFunctor', 'PersistableModel'],
  name: NAME,
  package: '@cbir/lsh',
  configSchema: schema,
  async create(config: ItqConfig): Promise<TrainedLshFunctor> {
    const addon = addonFor<FunctorAddon>(config.implementation)
    const { bits, normalize } = config
    return makeFunctor(
      NAME,
      config,
      projectionDriver(
        { bits, normalize, train: (vectors, options) => train(vectors, config, addon, options), problem: orthogonalityProblem },
        addon,
      ),
    )
  },
})

async function train(
  vectors: AsyncIterable<VectorBatch>,
  { bits, normalize, seed, sample, iterations }: ItqConfig,
  addon: FunctorAddon | undefined,
  options: CallOptions,
): Promise<Projection> {
  const reservoir = new Reservoir(sample, normalize, new Random(seed, 1))
  for await (const batch of vectors) {
    if (batch.dimensions < bits) {
      throw new CbirError(
        'DIMENSION_MISMATCH',
        `ITQ makes at most one bit of each dimension: ${bits} bits of ${batch.dimensions} dimensions are too many. Take fewer bits, or another functor.`,
        { details: { expected: bits, got: batch.dimensions } },
      )
    }
    await reservoir.add(batch, options.signal)
  }
  const start = await gaussians(bits * bits, new Random(seed), options.signal)
  const task = { ...reservoir.sample(), bits, iterations, start }
  const { matrix, thresholds } = addon
    ? await nativeTask(addon, options, (control) => addon.trainItq(task, control))
    : await trainItqInSlices(task, options)
  return { dimensions: task.dimensions, bits, matrix, thresholds, normalize }
}
