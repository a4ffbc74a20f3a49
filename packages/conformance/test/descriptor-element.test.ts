// The suite on the reference and on core's elements: in memory, and as rows of a descriptor set.

import { descriptorElementSuite, referenceDescriptorElement, type VectorPlaces } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { CbirError, createRegistry, type DescriptorElement, type DescriptorSet, descriptorSetElement } from '@cbir/core'
import { memoryDescriptorElement, memoryDescriptorElementPlugin, memoryDescriptorSet } from '@cbir/core/memory'

const places: VectorPlaces = new Map()

descriptorElementSuite({
  runner,
  name: 'reference descriptor element',
  create: (type, uid) => referenceDescriptorElement(type, uid, places),
  reopen: (type, uid) => referenceDescriptorElement(type, uid, places),
  fromConfig({ config: { type, uid, ...unknown } }) {
    if (Object.keys(unknown).length > 0) throw new CbirError('INVALID_CONFIG', 'unknown options')
    return referenceDescriptorElement(type as string, uid as string)
  },
})

const registry = createRegistry([memoryDescriptorElementPlugin])

descriptorElementSuite({
  runner,
  name: 'memory-descriptor-element',
  create: memoryDescriptorElement,
  fromConfig: async (config) => (await registry.fromConfig(config)) as DescriptorElement,
})

// A set is of one dimension, so elements of another one have a set of their own.
const sets = new Map<string, DescriptorSet>()
const setOf = (uid: string): DescriptorSet => {
  const set = sets.get(uid) ?? memoryDescriptorSet({})
  sets.set(uid, set)
  return set
}

descriptorElementSuite({
  runner,
  name: 'element of a descriptor set',
  create: (type, uid) => descriptorSetElement(setOf(uid), type, uid),
  reopen: (type, uid) => descriptorSetElement(setOf(uid), type, uid),
})
