// withElements: SMQTK's form of an index, which takes and gives descriptor elements, on top of any index and any descriptor set.

import type { CallOptions } from '../component/call-options.ts'
import type { DescriptorElement } from '../descriptor-element/descriptor-element.ts'
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
    for await (const items of itemsOf(elements, options)) {
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
      const vector = await vectorOf(element, options)
      const found = await index.nearest({ data: vector, count: 1, dimensions: vector.length }, n, options)
      return { elements: await set.getMany(found.uids, options), distances: found.distances }
    },
  }
}

/** Elements as batches of items. @throws CbirError NO_VECTOR */
export async function* itemsOf(elements: Source<DescriptorElement>, options: CallOptions = {}): AsyncGenerator<Items, void, undefined> {
  let batch: { uid: string; vector: Float32Array }[] = []
  for await (const element of pull(elements, (value) => value, options.signal)) {
    batch.push({ uid: element.uid, vector: await vectorOf(element, options) })
    if (batch.length < BATCH) continue
    yield toItems(batch)
    batch = []
  }
  if (batch.length > 0) yield toItems(batch)
}

async function vectorOf(element: DescriptorElement, options: CallOptions): Promise<Float32Array> {
  if (await element.hasVector(options)) return element.vector(options)
  throw new CbirError('NO_VECTOR', `The element ${JSON.stringify(element.uid)} has no vector. Compute it first.`, {
    details: { uids: [element.uid] },
  })
}

function toItems(batch: readonly { readonly uid: string; readonly vector: Float32Array }[]): Items {
  const dimensions = batch[0]?.vector.length ?? 1
  const data = new Float32Array(batch.length * dimensions)
  batch.forEach(({ uid, vector }, i) => {
    if (vector.length !== dimensions) {
      throw new CbirError(
        'DIMENSION_MISMATCH',
        `The element ${JSON.stringify(uid)} has ${vector.length} dimensions, the ones before it ${dimensions}.`,
      )
    }
    data.set(vector, i * dimensions)
  })
  return { uids: batch.map(({ uid }) => uid), vectors: { data, count: batch.length, dimensions } }
}
