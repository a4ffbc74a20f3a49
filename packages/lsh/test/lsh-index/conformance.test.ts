// The suite of the kit, over different parts: our own, stores of somebody else's, a functor and a hash index of a stranger's, and TypeScript.

import { nearestNeighborsIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { memoryDescriptorSet, memoryHashIndex, memoryKeyValueStore } from '@cbir/core/memory'
import { itq, type LshIndex, type LshIndexOptions, linearHashIndex, lshIndex, multiIndexHashing, pStable, randomProjection } from '@cbir/lsh'
import { strangersFunctor } from './support/strangers-functor.ts'

const registry = createRegistry([
  lshIndex,
  itq,
  randomProjection,
  pStable,
  linearHashIndex,
  multiIndexHashing,
  memoryHashIndex,
  memoryDescriptorSet,
  memoryKeyValueStore,
  strangersFunctor,
])

/** Each call makes the parts anew. */
const combinations: Readonly<Record<string, () => Promise<LshIndexOptions>>> = {
  'a functor, and our own parts': async () => ({ functor: await randomProjection({ bits: 32 }) }),
  'a functor that the build trains, multi-index hashing': async () => ({
    functor: await itq({ bits: 8 }),
    hashIndex: await multiIndexHashing(),
    metric: 'cosine',
  }),
  "stores of somebody else's": async () => ({
    functor: await randomProjection({ bits: 24 }),
    descriptorSet: memoryDescriptorSet(),
    hashToUids: memoryKeyValueStore(),
  }),
  "a stranger's functor and hash index": async () => ({
    functor: strangersFunctor({ bits: 20 }),
    hashIndex: memoryHashIndex(),
    metric: 'angular',
    candidates: 1000,
  }),
  TypeScript: async () => ({ functor: await pStable({ bits: 32 }), implementation: 'typescript', metric: 'manhattan' }),
}

/** The parts of the index that was written to a directory last: its stores are not in there. */
const writtenBy = new Map<string, LshIndexOptions>()

function remembered(index: LshIndex, parts: LshIndexOptions): LshIndex {
  const { save } = index
  return Object.defineProperty(index, 'save', {
    value: (directory: string) => {
      writtenBy.set(directory, parts)
      return save.call(index, directory)
    },
  })
}

for (const [name, make] of Object.entries(combinations)) {
  const { metric = 'euclidean' } = await make()
  nearestNeighborsIndexSuite({
    name: `lsh-index: ${name}`,
    runner,
    async create() {
      const parts = await make()
      return remembered(await lshIndex(parts), parts)
    },
    capabilities: ['update', 'remove', 'persist'],
    metric,
    async reopen(directory) {
      const { descriptorSet, hashToUids } = writtenBy.get(directory) ?? {}
      const parts = { ...(await make()), ...(descriptorSet && { descriptorSet }), ...(hashToUids && { hashToUids }) }
      const index = remembered(await lshIndex({ ...parts, directory }), parts)
      writtenBy.set(directory, parts)
      return index
    },
    // Stores that a registry makes are not those that the index was saved over.
    fromConfig: name === "stores of somebody else's" ? undefined : (config) => registry.fromConfig(config, 'nearest-neighbors-index'),
    tuning: { candidates: 50, recall: 0.9, probes: 4 },
  })
}
