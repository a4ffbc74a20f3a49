// The driver of a functor over a projection: hashing by native code or in TypeScript, and the files of its model.

import { bitBatch, type CallOptions, CbirError, type ContainerWriter, type OpenContainer, type VectorBatch } from '@cbir/core'
import { inSlices, type LshFunctorDriver } from '@cbir/core/define'
import { fitsInTurn, nativeTask, spendInTurn } from '@cbir/native-kit'
import type { FunctorAddon, NativeProjection } from './functor-addon.ts'
import type { Normalization } from './normalization.ts'
import { hashInSlices, type Projection } from './projection.ts'

const MATRIX = 'matrix'
const THRESHOLDS = 'thresholds'
/** Bytes of a chunk of a saved file. */
const CHUNK_BYTES = 1 << 20
/** Numbers that are checked between two looks at the clock. */
const CHECK_STEP = 1 << 16
/** Longest call, in milliseconds, that runs on the calling thread: waking another costs some 50 µs. */
const SHORT_MS = 0.2
/** Milliseconds that a multiplication takes in native code, about. */
const MULTIPLICATION_MS = 1e-7
/** Milliseconds that a call takes besides. */
const CALL_MS = 0.001

/** A projection, and the same in native memory. */
export interface FunctorModel {
  readonly projection: Projection
  readonly native: NativeProjection | undefined
}

export interface ProjectionFunctor {
  readonly bits: number
  readonly normalize: Normalization
  /** Other facts that a saved model and the one that opens it must share. */
  readonly layout?: Readonly<Record<string, number | string | boolean>> | undefined
  /** Learns the projection. */
  train(vectors: AsyncIterable<VectorBatch>, options: CallOptions): Promise<Projection>
  /** Says what is wrong with the numbers of a saved projection that are finite; undefined where they are right. */
  problem?(projection: Projection, options: CallOptions): Promise<string | undefined>
}

/** `addon`: undefined for hashing in TypeScript. */
export function projectionDriver(
  functor: ProjectionFunctor,
  addon: FunctorAddon | undefined,
  instructionSet?: string,
): LshFunctorDriver<FunctorModel> {
  const { bits, normalize } = functor
  const modelOf = (projection: Projection): FunctorModel => ({
    projection,
    native: addon?.createProjection(
      { dimensions: projection.dimensions, bits, norm: normalize, instructionSet },
      projection.matrix,
      projection.thresholds,
    ),
  })
  return {
    bits,
    layout: { bits, normalize, ...functor.layout },
    dimensionsOf: ({ projection }) => projection.dimensions,
    fit: async (vectors, options) => modelOf(await functor.train(vectors, options)),
    hash: ({ projection, native }, vectors, options) =>
      addon && native ? hashNatively(addon, native, bits, vectors, options) : hashInSlices(projection, vectors, options),
    save: (model, writer) => save(model.projection, writer),
    load: async (container, options) => modelOf(await load(functor, container, options)),
    close: ({ native }) => {
      if (native) addon?.close(native)
    },
  }
}

function hashNatively(
  addon: FunctorAddon,
  native: NativeProjection,
  bits: number,
  { data, count, dimensions }: VectorBatch,
  options: CallOptions,
): ReturnType<LshFunctorDriver<FunctorModel>['hash']> {
  const codes = bitBatch(count, bits)
  const expected = CALL_MS + count * dimensions * bits * MULTIPLICATION_MS
  if (expected <= SHORT_MS && fitsInTurn(expected)) {
    addon.hash(native, data, count, codes.data, true)
    spendInTurn(expected)
    return codes
  }
  return nativeTask(addon, { signal: options.signal }, async (control) => {
    await addon.hash(native, data, count, codes.data, false, control)
    return codes
  })
}

async function save({ matrix, thresholds }: Projection, writer: ContainerWriter): Promise<void> {
  await writer.write(MATRIX, chunks(matrix))
  await writer.write(THRESHOLDS, chunks(thresholds))
}

function* chunks({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < byteLength; at += CHUNK_BYTES) yield new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK_BYTES, byteLength - at))
}

async function load(functor: ProjectionFunctor, container: OpenContainer, options: CallOptions): Promise<Projection> {
  const { bits, normalize } = functor
  const sizeOf = (name: string): number => container.files.find((file) => file.name === name)?.size ?? 0
  const dimensions = sizeOf(MATRIX) / (4 * bits)
  if (!Number.isInteger(dimensions) || dimensions < 1 || sizeOf(THRESHOLDS) !== 8 * bits) {
    throw corrupt(`its files take ${sizeOf(MATRIX)} and ${sizeOf(THRESHOLDS)} bytes, which is no projection on ${bits} bits`)
  }
  const [matrix, thresholds] = [await container.read(MATRIX, options), await container.read(THRESHOLDS, options)]
  const projection: Projection = {
    dimensions,
    bits,
    matrix: new Float32Array(matrix.slice().buffer),
    thresholds: new Float64Array(thresholds.slice().buffer),
    normalize,
  }
  for (const numbers of [projection.matrix, projection.thresholds]) {
    await inSlices(
      numbers.length,
      CHECK_STEP,
      (from, to) => {
        for (let i = from; i < to; i++) if (!Number.isFinite(numbers[i])) throw corrupt('it holds NaN or ±Infinity')
      },
      options.signal,
    )
  }
  const problem = await functor.problem?.(projection, options)
  if (problem !== undefined) throw corrupt(problem)
  return projection
}

function corrupt(what: string): CbirError {
  return new CbirError('CORRUPT_DATA', `The saved model of the functor is damaged: ${what}. Restore it from a copy, or train again.`)
}
