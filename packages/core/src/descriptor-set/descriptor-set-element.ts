// A descriptor element that is a view of one row of a descriptor set.

import { describeComponent } from '../component/describe-component.ts'
import type { DescriptorElement, DescriptorElementFactory } from '../descriptor-element/descriptor-element.ts'
import { noVectorError, takeVector } from '../descriptor-element/take-vector.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkUid } from '../vectors/uids.ts'
import type { DescriptorSet } from './descriptor-set.ts'
import { addVector, getVector, hasVector } from './single-vector.ts'

/** The element of `uid`: what is set is written to the set, what is asked is read from it. Not configured from data: the set is. */
export function descriptorSetElement(set: DescriptorSet, type: string, uid: string): DescriptorElement {
  checkUid(uid, 0)
  const missing = (error: unknown): never => {
    throw CbirError.isInstance(error, 'UNKNOWN_UID') ? noVectorError(uid) : error
  }
  return {
    ...describeComponent('descriptor-element', `${set.name}-element`),
    type,
    uid,
    hasVector: (options) => hasVector(set, uid, options),
    vector: (options) => getVector(set, uid, options).catch(missing),
    async setVector(vector, options) {
      const own = takeVector(uid, vector)
      const there = await hasVector(set, uid, options)
      // Clearing an element that has no vector is not an error; one that gets another vector keeps its attributes.
      if (own) return addVector(set, uid, own, there ? (await set.getAttributes([uid], options))[0] : undefined, options)
      if (there) await set.removeMany([uid], options)
    },
  }
}

/** Makes elements whose vectors live in `set`, whatever their type. */
export function descriptorSetElementFactory(set: DescriptorSet): DescriptorElementFactory {
  return { create: (type, uid) => descriptorSetElement(set, type, uid) }
}
