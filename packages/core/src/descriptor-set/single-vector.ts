// The single-item forms of a descriptor set: a batch of one, for any set.

import type { CallOptions } from '../component/call-options.ts'
import { checkUid } from '../vectors/uids.ts'
import type { Attributes, DescriptorSet } from './descriptor-set.ts'

/** A copy of one vector. @throws CbirError UNKNOWN_UID */
export async function getVector(set: DescriptorSet, uid: string, options?: CallOptions): Promise<Float32Array> {
  const into = new Float32Array(await set.dimensionsOf(uid, options))
  const dimensions = await set.getVectors([uid], into, options)
  return dimensions === into.length ? into : into.slice(0, dimensions)
}

/** Adds or overwrites one vector; it is copied before this returns its promise. */
export async function addVector(
  set: DescriptorSet,
  uid: string,
  vector: Float32Array,
  attributes?: Attributes,
  options?: CallOptions,
): Promise<void> {
  checkUid(uid, 0)
  const data = Float32Array.from(vector)
  await set.addMany([{ uids: [uid], vectors: { data, count: 1, dimensions: data.length }, attributes: attributes && [attributes] }], options)
}

/** Whether the set has a vector of that uid. */
export async function hasVector(set: DescriptorSet, uid: string, options?: CallOptions): Promise<boolean> {
  return (await set.hasMany([uid], options))[0] === 1
}

/** Removes one vector. @throws CbirError UNKNOWN_UID */
export function removeVector(set: DescriptorSet, uid: string, options?: CallOptions): Promise<void> {
  return set.removeMany([uid], options)
}
