// The reference descriptor element: a name and perhaps an array of numbers.

import type { DescriptorElement } from '@cbir/core'
import { checkSignal, raise } from '../framework/reference-tools.ts'

/** Where reference elements keep their vectors: elements of one store with the same type and uid hold the same vector. */
export type VectorPlaces = Map<string, Float32Array>

/** Makes a reference element. */
export function referenceDescriptorElement(type: string, uid: string, places: VectorPlaces = new Map()): DescriptorElement {
  const key = JSON.stringify([type, uid])
  return {
    kind: 'descriptor-element',
    name: 'reference-descriptor-element',
    apiVersion: 1,
    type,
    uid,
    toConfig: () => ({ type: 'reference-descriptor-element', package: '@cbir/conformance', config: { type, uid } }),
    async hasVector({ signal } = {}) {
      checkSignal(signal)
      return places.has(key)
    },
    async vector({ signal } = {}) {
      checkSignal(signal)
      return (places.get(key) ?? raise('NO_VECTOR', `${uid} has no vector`, { uids: [uid] })).slice()
    },
    async setVector(vector, { signal } = {}) {
      checkSignal(signal)
      if (vector === null) return void places.delete(key)
      if (!(vector instanceof Float32Array) || vector.length === 0) raise('INVALID_ARGUMENT', 'a vector must be a Float32Array that is not empty')
      if (!vector.every(Number.isFinite)) raise('NOT_FINITE', 'a vector holds NaN or Infinity')
      places.set(key, vector.slice())
    },
  }
}
