// withElements: SMQTK's form of an index, which takes and gives descriptor elements, on top of any index and any descriptor set.

import type { CallOptions } from '../component/call-options.ts'
import { needComponent } from '../component/need-component.ts'
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
  /** @throws CbirError NO_VECTOR (names the uid; index and set are unchanged), and as `build` */
  buildIndex(elements: Source<DescriptorElement>, options?: CallOptions): Promise<number>
  /** Whole batches of 256 elements. @throws CbirError NO_VECTOR (names the uid; nothing of its batch was added), and as `update` */
  updateIndex(elements: Source<DescriptorElement>, options?: CallOptions): Promise<number>
  /** The elements stay in the set. @throws CbirError as `remove` */
  removeFromIndex(uids: Iterable<string>, options?: CallOptions): Promise<number>
  /** The `n` nearest elements, 1 where not given. @throws CbirError NO_VECTOR, EMPTY_INDEX */
  nn(element: DescriptorElement, n?: number, options?: NearestOptions): Promise<ElementNeighbours>
}

/** The elements that go in are kept in `set`; those that come out are read from it. */
export function withElements(index: NearestNeighborsIndex & Partial<Updatable & Removable>, set: DescriptorSet): ElementIndex {
  needComponent(index, 'nearest-neighbors-index', 'index')
  needComponent(set, 'descriptor-set', 'set')
  const cannot = (method: string): never => {
    throw new CbirError('NOT_SUPPORTED', `This ${index.name} cannot ${method}.`)
  }
  /** Each batch into the set before the index has it: what the index finds must be there. */
  async function* keep(elements: Source<DescriptorElement>, options: CallOptions): AsyncGenerator<Items, void, undefined> {
    for await (const items of inBatches(elements, options)) {
      await set.addMany([items], options)
      yield items
    }
  }
  /** Everything into the set when the index has taken it all, and before it answers with it. */
  async function* keepAtEnd(elements: Source<DescriptorElement>, options: CallOptions): AsyncGenerator<Items, void, undefined> {
    const taken: DescriptorElement[] = []
    for await (const items of inBatches(elements, options, taken)) yield items
    await set.addMany(inBatches(taken, options), options)
  }
  return {
    get count() {
      return index.count
    },
    buildIndex: (elements, options = {}) => index.build(keepAtEnd(elements, options), options),
    updateIndex: async (elements, options = {}) => index.update?.(keep(elements, options), options) ?? cannot('update'),
    removeFromIndex: async (uids, options = {}) => index.remove?.(uids, options) ?? cannot('remove'),
    async nn(element, n = 1, options = {}) {
      const vector = await element.vector(options)
      const found = await index.nearest({ data: vector, count: 1, dimensions: vector.length }, n, options)
      return { elements: await set.getMany(found.uids, options), distances: found.distances }
    },
  }
}

/** Elements as batches of items; `taken` gets those that were given out. @throws CbirError NO_VECTOR */
async function* inBatches(
  elements: Source<DescriptorElement>,
  options: CallOptions,
  taken?: DescriptorElement[],
): AsyncGenerator<Items, void, undefined> {
  let batch: DescriptorElement[] = []
  const give = async (): Promise<Items> => {
    const items = await itemsOfElements(batch, options)
    for (const element of batch) taken?.push(element)
    batch = []
    return items
  }
  for await (const element of pull(elements, (value) => value, options.signal)) {
    batch.push(element)
    if (batch.length === BATCH) yield await give()
  }
  if (batch.length > 0) yield await give()
}
