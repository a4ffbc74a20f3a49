// withElements: SMQTK's form of an index, which takes and gives descriptor elements, on top of any index and any descriptor set.

import type { CallOptions } from '../component/call-options.ts'
import type { DescriptorElement } from '../descriptor-element/descriptor-element.ts'
import { itemsOfElements } from '../descriptor-element/element-vectors.ts'
import type { DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import type { Items } from '../vectors/vector-batch.ts'
import type { NearestNeighborsIndex, NearestOptions, Removable, Updatable } from './nearest-neighbors-index.ts'

const BATCH = 256

/** Neighbours as elements, closest first. */
export interface ElementNeighbours {
  readonly elements: readonly DescriptorElement[]
  readonly distances: Float32Array
}

/** SMQTK's NearestNeighborsIndex: `buildIndex`, `updateIndex`, `removeFromIndex`, `nn`, `count`. */
export interface ElementIndex {
  readonly count: number
  /** @throws CbirError NO_VECTOR (names the uid; nothing changed), and as `build` */
  buildIndex(elements: Source<DescriptorElement>, options?: CallOptions): Promise<number>
  updateIndex(elements: Source<DescriptorElement>, options?: CallOptions): Promise<number>
  removeFromIndex(uids: Iterable<string>, options?: CallOptions): Promise<number>
  /** The `n` nearest elements, 1 where not given. @throws CbirError NO_VECTOR, EMPTY_INDEX */
  nn(element: DescriptorElement, n?: number, options?: NearestOptions): Promise<ElementNeighbours>
}

/** The elements that go in are kept in `set`; those that come out are read from it. */
export function withElements(index: NearestNeighborsIndex & Partial<Updatable & Removable>, set: DescriptorSet): ElementIndex {
  const able = <K extends 'update' | 'remove'>(method: K): NonNullable<(typeof index)[K]> => {
    const found = index[method]
    if (!found) throw new CbirError('NOT_SUPPORTED', `This ${index.name} cannot ${method}.`)
    return found
  }
  async function* keep(elements: Source<DescriptorElement>, options: CallOptions): AsyncGenerator<Items, void, undefined> {
    for await (const items of inBatches(elements, options)) {
      await set.addMany([items], options)
      yield items
    }
  }
  return {
    get count() {
      return index.count
    },
    buildIndex: (elements, options = {}) => index.build(keep(elements, options), options),
    updateIndex: async (elements, options = {}) => able('update')(keep(elements, options), options),
    removeFromIndex: async (uids, options = {}) => able('remove')(uids, options),
    async nn(element, n = 1, options = {}) {
      const vector = await element.vector(options)
      const found = await index.nearest({ data: vector, count: 1, dimensions: vector.length }, n, options)
      return { elements: await set.getMany(found.uids, options), distances: found.distances }
    },
  }
}

/** Elements as batches of items. @throws CbirError NO_VECTOR */
async function* inBatches(elements: Source<DescriptorElement>, options: CallOptions): AsyncGenerator<Items, void, undefined> {
  let batch: DescriptorElement[] = []
  for await (const element of pull(elements, (value) => value, options.signal)) {
    batch.push(element)
    if (batch.length < BATCH) continue
    yield await itemsOfElements(batch, options)
    batch = []
  }
  if (batch.length > 0) yield await itemsOfElements(batch, options)
}
