// Wrong descriptor elements: the reference with one thing broken.

import { referenceDescriptorElement, type VectorPlaces } from '@cbir/conformance'
import type { DescriptorElement } from '@cbir/core'
import { forgiving, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface DescriptorElementMutant extends Mutant {
  /** What `create` gives. */
  readonly make?: (element: DescriptorElement) => DescriptorElement
  /** Makes the element itself. */
  readonly create?: (type: string, uid: string) => DescriptorElement
  /** Runs the suite with `reopen`. */
  readonly reopen?: (element: DescriptorElement) => DescriptorElement
  /** Runs the suite with `fromConfig`. */
  readonly fromConfig?: (element: DescriptorElement) => DescriptorElement
}

const setting =
  (change: (vector: Float32Array) => Float32Array | null) =>
  (element: DescriptorElement): DescriptorElement =>
    variant(element, { setVector: (vector, o) => element.setVector(vector instanceof Float32Array ? change(vector) : vector, o) })

const shared: VectorPlaces = new Map()

export const DESCRIPTOR_ELEMENT_MUTANTS: readonly DescriptorElementMutant[] = [
  { name: 'is of another kind', breaks: ['component'], make: (element) => variant(element, { kind: 'data-element' as 'descriptor-element' }) },
  { name: 'forgets its type', breaks: ['component'], make: (element) => variant(element, { type: 'descriptor' }) },
  {
    name: 'names that differ in case share a vector',
    breaks: ['component'],
    create: (type, uid) => variant(referenceDescriptorElement(type, uid.toLowerCase(), shared), { uid }),
  },
  { name: 'long vectors are cut', breaks: ['vector'], make: setting((vector) => (vector.length === 1000 ? vector.slice(0, 256) : vector)) },
  {
    name: 'very small numbers become 0',
    breaks: ['vector'],
    make: setting((vector) => vector.map((x) => (Number.isFinite(x) && Math.abs(x) < 1e-38 ? 0 : x))),
  },
  {
    name: 'a vector is set once',
    breaks: ['vector'],
    make: (element) => {
      let known = false
      return variant(element, {
        setVector: async (vector, o) => {
          const good = vector instanceof Float32Array && vector.length > 0 && vector.every(Number.isFinite)
          if (known && good && !o) return
          known = good
          return element.setVector(vector, o)
        },
      })
    },
  },
  {
    name: 'an element without a vector has zeros',
    breaks: ['no vector'],
    make: (element) => variant(element, { vector: (...call) => forgiving(element.vector(...call), 'NO_VECTOR', new Float32Array(16)) }),
  },
  {
    name: 'null does not clear',
    breaks: ['no vector'],
    make: (element) => variant(element, { setVector: async (vector, o) => (vector === null && !o ? undefined : element.setVector(vector, o)) }),
  },
  {
    name: 'says that it has a vector when it has none',
    breaks: ['bad vectors', 'no vector'],
    make: (element) => variant(element, { hasVector: async (...call) => (await element.hasVector(...call)) || true }),
  },
  { name: 'NaN becomes 0', breaks: ['bad vectors'], make: setting((vector) => vector.map((x) => (Number.isNaN(x) ? 0 : x))) },
  {
    name: 'an empty vector clears',
    breaks: ['bad vectors'],
    make: setting((vector) => (vector.length === 0 && vector.buffer.byteLength === 0 ? null : vector)),
  },
  {
    name: 'a refused vector clears',
    breaks: ['bad vectors'],
    make: (element) =>
      variant(element, {
        setVector: (vector, o) =>
          element.setVector(vector, o).catch(async (error: unknown) => {
            if (!o) await element.setVector(null)
            throw error
          }),
      }),
  },
  { name: 'ignores the signal', breaks: ['abort'], make: (element) => variant(element, { hasVector: () => element.hasVector() }) },
  {
    name: 'an aborted call does its work all the same',
    breaks: ['abort'],
    make: (element) => variant(element, { setVector: (vector) => element.setVector(vector) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (element) => variant(element, { vector: (...call) => withoutReason(element.vector(...call)) }),
  },
  {
    name: 'reads a vector later than at the call',
    breaks: ['buffers'],
    make: (element) =>
      variant(element, {
        setVector: async (...call) => {
          await undefined
          return element.setVector(...call)
        },
      }),
  },
  {
    name: 'gives out the vector that it holds',
    breaks: ['buffers'],
    make: (element) => {
      let held: Float32Array | undefined
      return variant(element, {
        setVector: async (...call) => {
          await element.setVector(...call)
          held = undefined
        },
        vector: async (...call) => {
          const own = await element.vector(...call)
          held ??= own
          return held
        },
      })
    },
  },
  {
    name: 'made again it has lost its vector',
    breaks: ['persistence'],
    reopen: ({ type, uid }) => referenceDescriptorElement(type, uid),
  },
  {
    name: 'what was cleared comes back when it is made again',
    breaks: ['persistence'],
    reopen: (element) => variant(element, { hasVector: async (...call) => (await element.hasVector(...call)) || true }),
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (element) => variant(element, { toConfig: () => ({ ...element.toConfig(), config: { since: new Date(0) } }) }),
  },
  {
    name: 'made again it has another configuration',
    breaks: ['configuration'],
    fromConfig: (element) => variant(element, { toConfig: () => ({ ...element.toConfig(), config: { made: 'again' } }) }),
  },
  {
    name: 'made again from its configuration it has another uid',
    breaks: ['made again from its configuration › component'],
    fromConfig: (element) => variant(element, { uid: 'another' }),
  },
]
