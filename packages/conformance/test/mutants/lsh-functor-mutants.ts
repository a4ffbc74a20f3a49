// Wrong functors: the reference with one thing broken. `#n` names the defect of SMQTK that a mutant repeats.

import type { FullLshFunctor } from '@cbir/conformance'
import { type BitBatch, CbirError, rowOf, type VectorBatch } from '@cbir/core'
import { type Handles, type ModelMutant, modelMutants, storedModelMutants } from './model-mutants.ts'
import { variant } from './run-mutants.ts'

export interface LshFunctorMutant extends ModelMutant<FullLshFunctor> {
  /** The suite is told that codes cannot have more bits than vectors have numbers. */
  readonly bitsWithinDimensions?: true
}

const handles: Handles<FullLshFunctor> = {
  asking(functor, change) {
    const ask = change(async (vectors, options) => (await functor.hash(vectors, options)).data)
    return variant(functor, {
      async hash(vectors, options) {
        const data = await ask(vectors, options)
        const { bits } = functor
        const stride = Math.ceil(bits / 64) * 8
        return { data: data as Uint8Array, count: data.length / stride, bits, stride }
      },
    })
  },
  teaching(functor, change) {
    const teach = change((source, options) => functor.fit(source, options))
    return variant(functor, { fit: (source, options) => teach(source, options) })
  },
  otherwise: (codes, secret) => codes.map((byte, at) => (at % 8 === 0 ? byte ^ Math.floor(secret * 255) : byte)),
}

/** A functor whose codes are changed. */
const coding =
  (change: (codes: BitBatch, vectors: VectorBatch) => BitBatch) =>
  (functor: FullLshFunctor): FullLshFunctor =>
    variant(functor, {
      async hash(vectors, options) {
        const own = vectors && { ...vectors, data: vectors.data.slice() }
        return change(await functor.hash(vectors, options), own)
      },
    })

/** A number that says nothing of a vector but that it is this one. */
const textHash = (vector: Float32Array): number => vector.reduce((h, x) => Math.imul(h ^ Math.floor(x * 1e6), 0x01000193) >>> 0, 0x811c9dc5)

const EVERYTHING_TRAINED = [
  'abort',
  'already trained',
  'buffers',
  'capabilities',
  'closeness',
  'codes',
  'concurrency',
  'determinism',
  'dispose',
  'event loop',
  'failed training',
  'more bits than dimensions',
  'rows',
  'training',
  'wrong dimension, NaN, Infinity',
]

export const LSH_FUNCTOR_MUTANTS: readonly LshFunctorMutant[] = [
  ...modelMutants(handles, []),
  ...storedModelMutants(handles),
  {
    name: 'a fit that cannot run (#2)',
    breaks: EVERYTHING_TRAINED,
    make: (functor) =>
      variant(functor, {
        fit: async () => {
          throw new TypeError('descriptors is not defined')
        },
      }),
  },
  {
    name: 'a byte for each bit',
    breaks: ['codes'],
    make: coding(({ count, bits, stride, data }) => ({
      count,
      bits,
      stride,
      data: Uint8Array.from(
        { length: count * bits },
        (_, at) => (data[Math.floor(at / bits) * stride + ((at % bits) >> 3)]! >> ((at % bits) & 7)) & 1,
      ),
    })),
  },
  {
    name: 'set bits behind the last one',
    breaks: ['codes'],
    make: coding((codes) => ({ ...codes, data: codes.data.map((byte, at) => (at % codes.stride === 7 ? 1 : byte)) })),
  },
  {
    name: 'rows without padding',
    breaks: ['codes'],
    make: coding(({ count, bits, stride, data }) => ({ count, bits, stride: 2, data: data.filter((_, at) => at % stride < 2) })),
  },
  { name: 'says one bit less than it gives', breaks: ['codes'], make: (functor) => variant(functor, { bits: functor.bits - 1 }) },
  {
    name: 'counts bits where it should count dimensions',
    breaks: ['codes'],
    make: (functor) => variant(functor, { get dimensions() { return functor.hasModel ? functor.bits : undefined } }), // biome-ignore format: one line
  },
  {
    name: 'codes of close vectors have nothing in common',
    breaks: ['closeness'],
    make: coding((codes, vectors) => ({
      ...codes,
      data: codes.data.map((_, at) => (at % codes.stride === 0 ? textHash(rowOf(vectors, Math.floor(at / codes.stride))) & 0xff : 0)),
    })),
  },
  {
    name: 'every vector has the same code',
    breaks: ['closeness'],
    make: coding((codes) => ({ ...codes, data: codes.data.map((_, at) => (at % codes.stride === 0 ? 5 : 0)) })),
  },
  { name: 'fewer dimensions than bits are accepted where they should not be', breaks: ['more bits than dimensions'], bitsWithinDimensions: true },
  {
    name: 'fewer dimensions than bits are refused where they should not be',
    breaks: ['more bits than dimensions'],
    make: (functor) =>
      variant(functor, {
        fit: (source, options) => {
          if (Array.isArray(source) && source[0]?.dimensions < functor.bits) {
            return Promise.reject(new CbirError('DIMENSION_MISMATCH', 'fewer dimensions than bits'))
          }
          return functor.fit(source, options)
        },
      }),
  },
]
