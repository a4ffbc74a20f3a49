// From descriptor elements to batches, and their equality.

import type { CallOptions } from '../component/call-options.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkDimensions } from '../vectors/private-copy.ts'
import type { Items } from '../vectors/vector-batch.ts'
import type { DescriptorElement } from './descriptor-element.ts'

/**
 * The vectors of elements, in their order, under their uids: what indexes and sets take.
 * @throws CbirError NO_VECTOR (names the uid), DIMENSION_MISMATCH, INVALID_ARGUMENT for an empty list (it has no dimensions)
 */
export async function itemsOfElements(elements: Iterable<DescriptorElement>, options: CallOptions = {}): Promise<Items> {
  const uids: string[] = []
  let data = new Float32Array(0)
  const list = [...elements]
  for (const element of list) {
    throwIfAborted(options.signal)
    const vector = await element.vector(options)
    if (uids.length === 0) data = new Float32Array(list.length * vector.length)
    checkDimensions(vector.length, data.length / list.length, `The vectors of ${JSON.stringify(element.uid)}`)
    data.set(vector, uids.length * vector.length)
    uids.push(element.uid)
  }
  if (uids.length === 0) throw new CbirError('INVALID_ARGUMENT', 'There are no elements to take vectors from. Give at least one.')
  return { uids, vectors: { data, count: uids.length, dimensions: data.length / uids.length } }
}

/** Whether two elements hold the same vector, or both none; names and types do not count (SMQTK's equality). */
export async function descriptorsEqual(a: DescriptorElement, b: DescriptorElement, options?: CallOptions): Promise<boolean> {
  const [hasA, hasB] = await Promise.all([a.hasVector(options), b.hasVector(options)])
  if (!hasA || !hasB) return hasA === hasB
  const [left, right] = await Promise.all([a.vector(options), b.vector(options)])
  return left.length === right.length && left.every((x, i) => x === right[i])
}
