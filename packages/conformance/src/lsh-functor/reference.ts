// The reference functor: bit j is the side of a random plane on which a vector lies, the planes through the mean of the training vectors
// (Charikar 2002, "Similarity estimation techniques from rounding algorithms"). A plain loop in double precision.

import { bitBatch, type LshFunctor, type LshFunctorCapability, type TrainableLshFunctor } from '@cbir/core'
import { type PersistableModel, TimeSlice } from '@cbir/core/define'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { type Random, randomFrom } from '../framework/random.ts'
import { pulled, raise, trackCalls } from '../framework/reference-tools.ts'
import { checkVectors, takeVectors } from '../framework/reference-vectors.ts'

/** Everything that a functor can do. */
export type FullLshFunctor = LshFunctor & TrainableLshFunctor & PersistableModel

export interface ReferenceLshOptions {
  readonly bits: number
  readonly seed?: number | undefined
  /** What is learnt is kept here; open what it holds with {@link openReferenceLshFunctor}. */
  readonly directory?: string | undefined
}

const FILE = 'reference-functor.json'

/** Makes a reference functor; `mean` is the model of one that was trained before. */
export function referenceLshFunctor({ bits, seed = 1, directory }: ReferenceLshOptions, mean?: readonly number[]): FullLshFunctor {
  const calls = trackCalls()
  let training = false
  let planes = mean && planesOf(mean.length)

  function planesOf(dimensions: number): number[][] {
    const random: Random = randomFrom(seed)
    return Array.from({ length: bits }, () => Array.from({ length: dimensions }, () => random.normal()))
  }
  const write = (to: string, model: readonly number[]): Promise<void> => writeCheckedFile(to, FILE, { bits, seed, mean: model })

  return {
    kind: 'lsh-functor',
    name: 'reference-functor',
    apiVersion: 1,
    capabilities: new Set<LshFunctorCapability>(['fit', 'persist']),
    bits,
    toConfig: () => ({ type: 'reference-functor', package: '@cbir/conformance', config: { bits, seed } }),
    get hasModel() {
      return planes !== undefined
    },
    get dimensions() {
      return mean?.length
    },
    hash: (vectors, { signal } = {}) =>
      calls.run(signal, async () => {
        if (!mean || !planes) return raise('NOT_TRAINED', 'the functor has no model')
        const own = takeVectors(vectors)
        checkVectors(own, mean.length)
        const codes = bitBatch(own.count, bits)
        const slice = new TimeSlice()
        for (let i = 0; i < own.count; i++) {
          const at = i * own.dimensions
          for (let j = 0; j < bits; j++) {
            const plane = planes[j]!
            let side = 0
            for (let d = 0; d < plane.length; d++) side += plane[d]! * (own.data[at + d]! - mean[d]!)
            if (side >= 0) codes.data[i * codes.stride + (j >> 3)]! |= 1 << (j & 7)
          }
          if (slice.due()) await slice.pause()
        }
        return codes
      }),
    fit: (source, { signal } = {}) =>
      calls.run(signal, async () => {
        if (planes || training) raise('ALREADY_TRAINED', 'the functor has a model')
        training = true
        try {
          const sum: number[] = []
          const slice = new TimeSlice()
          let rows = 0
          for await (const batch of pulled(source, takeVectors, signal)) {
            if (batch.count === 0) continue
            checkVectors(batch, rows === 0 ? undefined : sum.length)
            for (let at = 0; at < batch.data.length; at++) {
              const d = at % batch.dimensions
              sum[d] = (sum[d] ?? 0) + batch.data[at]!
              if (at % 1024 === 0 && slice.due()) await slice.pause()
            }
            rows += batch.count
          }
          if (rows === 0) raise('EMPTY_BUILD', 'there is nothing to learn from')
          const learnt = sum.map((x) => x / rows)
          if (directory !== undefined) await write(directory, learnt)
          mean = learnt
          planes = planesOf(learnt.length)
        } finally {
          training = false
        }
      }),
    save: (to, { signal } = {}) => calls.run(signal, async () => (mean ? write(to, mean) : raise('NOT_TRAINED', 'there is no model to save'))),
    dispose: () => calls.dispose(),
  }
}

/** Opens the functor that `directory` holds, or an untrained one that will be kept there. @throws CbirError CORRUPT_DATA, INVALID_CONFIG */
export async function openReferenceLshFunctor(options: ReferenceLshOptions & { directory: string }): Promise<FullLshFunctor> {
  const stored = (await readCheckedFile(options.directory, FILE)) as { bits: number; seed: number; mean: number[] } | undefined
  if (stored && (stored.bits !== options.bits || stored.seed !== (options.seed ?? 1)))
    raise('INVALID_CONFIG', 'the functor was saved with other options')
  return referenceLshFunctor(options, stored?.mean)
}
