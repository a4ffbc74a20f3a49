// ITQ's training in native code and in TypeScript, and what tests say of its outcome.

import { vectorBatchOf } from '@cbir/core'
import type { FunctorAddon, ItqResult, ItqTask } from '../../../src/functor/functor-addon.ts'
import { trainItqInSlices } from '../../../src/functor/itq-training.ts'
import { hashInSlices } from '../../../src/functor/projection.ts'
import { Random } from '../../../src/functor/random.ts'
import { Reservoir, type Sample } from '../../../src/functor/reservoir.ts'
import { addonFor } from '../../../src/lsh-addon.ts'

export const addon: FunctorAddon = addonFor<FunctorAddon>('native')!

/** Every way of training there is on this machine. */
export const trainers: readonly { readonly name: string; train(task: ItqTask): Promise<ItqResult> }[] = [
  ...addon.instructionSets.map((instructionSet) => ({
    name: `native, ${instructionSet}`,
    train: (task: ItqTask) => addon.trainItq({ ...task, instructionSet }),
  })),
  { name: 'typescript', train: (task) => trainItqInSlices(task) },
]

/** All rows, as training sees them. */
export async function sampleOf(rows: readonly ArrayLike<number>[], normalize: 'none' | 'l1' | 'l2' = 'none'): Promise<Sample> {
  const reservoir = new Reservoir(rows.length, normalize, new Random(0))
  await reservoir.add(vectorBatchOf(rows))
  return reservoir.sample()
}

/** A first rotation from a seed. */
export function startOf(bits: number, seed = 1): Float64Array {
  const random = new Random(seed)
  return Float64Array.from({ length: bits * bits }, () => random.gaussian())
}

/** The codes that a trained model gives, as strings of 0 and 1. */
export async function codesOf(model: ItqResult, rows: readonly ArrayLike<number>[], normalize: 'none' | 'l1' | 'l2' = 'none'): Promise<string[]> {
  const { dimensions } = vectorBatchOf(rows)
  const bits = model.thresholds.length
  const { data, stride } = await hashInSlices({ dimensions, bits, ...model, normalize }, vectorBatchOf(rows))
  return rows.map((_, row) => Array.from({ length: bits }, (_, j) => (data[row * stride + (j >> 3)]! >> (j & 7)) & 1).join(''))
}

/** Rows around some centres, with coordinates of different spread. */
export function clusteredRows(count: number, dimensions: number, seed: number): Float32Array[] {
  const random = new Random(seed)
  const centres = Array.from({ length: 7 }, () => Array.from({ length: dimensions }, (_, i) => random.gaussian() * (1 + 3 / (i + 1))))
  return Array.from({ length: count }, () => {
    const centre = centres[random.below(centres.length)]!
    return Float32Array.from(centre, (x) => x + 0.5 * random.gaussian())
  })
}
