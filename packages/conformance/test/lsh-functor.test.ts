// The suite on the reference, and on functors made with core's defineLshFunctor: both must pass before they can judge others.

import { lshFunctorSuite, openReferenceLshFunctor, referenceLshFunctor } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { bitBatch, rowOf, type VectorBatch } from '@cbir/core'
import { type DefinedLshFunctor, defineLshFunctor, type LshFunctorDriver, openLshFunctor, TimeSlice } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { jsonModel, onlyOptions } from './support/model-tools.ts'

/** Bit j: whether number j of a vector is above the mean of the training vectors. Shorter vectors than codes are refused. */
function aboveMean(bits: number): LshFunctorDriver<number[]> {
  const slice = new TimeSlice()
  return {
    ...jsonModel<number[]>(),
    bits,
    layout: { bits },
    dimensionsOf: (mean) => mean.length,
    async fit(vectors) {
      let sum: number[] = []
      let rows = 0
      for await (const batch of vectors) {
        for (let i = 0; i < batch.count; i++, rows++) {
          sum = Array.from(rowOf(batch, i), (x, j) => x + (sum[j] ?? 0))
          if (slice.due()) await slice.pause()
        }
      }
      return sum.map((x) => x / rows)
    },
    async hash(mean, vectors) {
      const codes = bitBatch(vectors.count, bits)
      for (let i = 0; i < vectors.count; i++) {
        for (let j = 0; j < bits; j++) {
          if (rowOf(vectors, i)[j % mean.length]! >= mean[j % mean.length]!) codes.data[i * codes.stride + (j >> 3)]! |= 1 << (j & 7)
        }
        if (slice.due()) await slice.pause()
      }
      return codes
    },
  }
}

const identity = (bits: number): { name: string; package: string; config: { bits: number } } => ({
  name: 'above-mean',
  package: 'test',
  config: { bits },
})

lshFunctorSuite({
  runner,
  name: 'reference functor',
  create: () => referenceLshFunctor({ bits: 20 }),
  capabilities: ['fit', 'persist'],
  reopen: (directory) => openReferenceLshFunctor({ bits: 20, directory }),
  fromConfig: ({ config }) => referenceLshFunctor(onlyOptions(config, 'bits', 'seed') as { bits: number; seed: number }),
})

lshFunctorSuite({
  runner,
  name: 'reference functor over histograms',
  create: () => referenceLshFunctor({ bits: 64, seed: 7 }),
  capabilities: ['fit', 'persist'],
  histograms: true,
  dimensions: 9,
  reopen: (directory) => openReferenceLshFunctor({ bits: 64, seed: 7, directory }),
})

lshFunctorSuite({
  runner,
  name: 'functor made with defineLshFunctor',
  create: () => defineLshFunctor(identity(12), aboveMean(12), { container: directoryContainer }),
  capabilities: ['fit', 'persist'],
  reopen: (directory) => openLshFunctor(identity(12), aboveMean(12), { container: directoryContainer, directory }),
  fromConfig: ({ config }) => {
    const { bits } = onlyOptions(config, 'bits') as { bits: number }
    return defineLshFunctor(identity(bits), aboveMean(bits), { container: directoryContainer })
  },
})

/** The signs of the numbers: it needs no training. */
function signs(): DefinedLshFunctor {
  const { fit: _fit, save: _save, load: _load, ...driver } = aboveMean(16)
  return defineLshFunctor('signs', {
    ...driver,
    model: new Array<number>(16).fill(0),
    hash: (zero, vectors: VectorBatch) => driver.hash(zero, vectors, {}),
  })
}

lshFunctorSuite({ runner, name: 'functor without training', create: signs, capabilities: [] })
