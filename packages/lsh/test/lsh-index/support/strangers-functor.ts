// A functor as a stranger would publish it: signs of random projections, made with core's define, without training or files.

import { randomFrom } from '@cbir/conformance'
import { bitBatch, type LshFunctor } from '@cbir/core'
import { defineLshFunctor, definePlugin, type PluginFactory } from '@cbir/core/define'
import { z } from 'zod'

export interface StrangersConfig {
  readonly bits: number
  readonly seed: number
}

export const strangersFunctor: PluginFactory<Partial<StrangersConfig>, StrangersConfig, LshFunctor> = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor'],
  name: 'strangers-functor',
  package: 'strangers-package',
  configSchema: z.strictObject({ bits: z.int().min(1).default(16), seed: z.int().default(1) }),
  create(config: StrangersConfig): LshFunctor {
    const planes = new Map<number, Float32Array>()
    const planesFor = (dimensions: number): Float32Array => {
      const known = planes.get(dimensions)
      if (known) return known
      const { normal } = randomFrom(config.seed)
      const fresh = Float32Array.from({ length: config.bits * dimensions }, normal)
      planes.set(dimensions, fresh)
      return fresh
    }
    return defineLshFunctor(
      { name: 'strangers-functor', package: 'strangers-package', config: { ...config } },
      {
        bits: config.bits,
        model: true,
        hash(_model, { data, count, dimensions }) {
          const codes = bitBatch(count, config.bits)
          const of = planesFor(dimensions)
          for (let i = 0; i < count; i++) {
            for (let bit = 0; bit < config.bits; bit++) {
              let sum = 0
              for (let j = 0; j < dimensions; j++) sum += of[bit * dimensions + j]! * data[i * dimensions + j]!
              if (sum >= 0) codes.data[i * codes.stride + (bit >> 3)]! |= 1 << (bit & 7)
            }
          }
          return codes
        },
      },
    )
  },
})
