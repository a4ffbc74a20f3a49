// defineLshFunctor: an adapter gives training and hashing; core gives the checks, the files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { type ModelDirectory, type ModelDriver, type ModelStorage, type PersistableModel, TrainedModel } from '../component/trained-model.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { whenReady } from '../concurrency/ready.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { type BitBatch, bitBatch, checkBitBatch } from '../vectors/bit-batch.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkedVectors, type SharedShape } from '../vectors/checked-vectors.ts'
import { checkDimensions, checkFiniteNow, copyBatch } from '../vectors/private-copy.ts'
import { startNow } from '../vectors/pull.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import type { LshFunctor, LshFunctorCapability, TrainableLshFunctor } from './lsh-functor.ts'

type Now<T> = Promise<T> | T

/** What an adapter writes. Every batch that it gets is a private copy, finite, of equal dimensions. */
export interface LshFunctorDriver<M> extends ModelDriver<M> {
  readonly bits: number
  /** Numbers a vector, where the model says it. */
  dimensionsOf?(model: M): number | undefined
  /** Learns a model. Absent: the functor needs none, and `model` is what `hash` gets. */
  fit?(vectors: AsyncIterable<VectorBatch>, options: CallOptions): Now<M>
  /** One code of `bits` bits for each row. Never called with no row. */
  hash(model: M, vectors: VectorBatch, options: CallOptions): Now<BitBatch>
}

/** A functor with every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedLshFunctor = LshFunctor & TrainableLshFunctor & Required<PersistableModel>

/** A functor over a driver. @throws CbirError INVALID_ARGUMENT (`bits` not a positive integer) */
export function defineLshFunctor<M>(identity: Identity, driver: LshFunctorDriver<M>, storage: ModelStorage = {}): DefinedLshFunctor {
  return make(identity, driver, storage).functor
}

/** A functor whose model lives in a directory. @throws CbirError CORRUPT_DATA, INVALID_CONFIG, NOT_SUPPORTED (the driver cannot save), IO_FAILED */
export async function openLshFunctor<M>(
  identity: Identity,
  driver: LshFunctorDriver<M>,
  at: ModelDirectory,
  options: CallOptions = {},
): Promise<DefinedLshFunctor> {
  const { functor, model } = make(identity, driver, at)
  await model.load(options)
  return functor
}

function make<M>(identity: Identity, driver: LshFunctorDriver<M>, storage: ModelStorage): { functor: DefinedLshFunctor; model: TrainedModel<M> } {
  const component = describeComponent('lsh-functor', identity)
  const { name } = component
  const { bits } = driver
  checkPositiveInteger(bits, 'bits')
  const model = new TrainedModel('lsh-functor', name, driver, storage)
  const capabilities = new Set<LshFunctorCapability>()
  if (driver.fit) capabilities.add('fit')
  if (model.persists) capabilities.add('persist')
  const dimensionsOf = (held: M | undefined): number | undefined => (held === undefined ? undefined : driver.dimensionsOf?.(held))

  // One vector is hashed in a microsecond: nothing is awaited that is there already.
  const hashOwn = (held: M, own: VectorBatch, options: CallOptions): Now<BitBatch> => {
    if (own.count === 0) return bitBatch(0, bits)
    return whenReady(
      model.foreignNow(() => driver.hash(held, own, options), options.signal),
      (codes) => {
        throwIfAborted(options.signal)
        checkCodes(name, codes, own.count, bits)
        return codes
      },
    )
  }

  const functor: DefinedLshFunctor = {
    ...component,
    capabilities,
    bits,
    get hasModel() {
      return model.current !== undefined
    },
    get dimensions() {
      return dimensionsOf(model.current)
    },

    hash(vectors, options = {}) {
      return model.use((held) => {
        const own = copyBatch(vectors, 'vectors')
        checkDimensions(own.dimensions, dimensionsOf(held) ?? own.dimensions, 'The vectors')
        return whenReady(
          checkFiniteNow(own, (row) => `Vector ${row}`),
          () => hashOwn(held, own, options),
        )
      }, options.signal)
    },

    fit(source, options = {}) {
      const shape: SharedShape = {}
      const learn = async (): Promise<M> => {
        const batches = startNow(checkedVectors(source, 'the training vectors', shape, options.signal))
        try {
          return (await driver.fit?.(batches.values, options)) as M
        } finally {
          await batches.close()
        }
      }
      return model.train(driver.fit && learn, options)
    },

    save: (directory, options = {}) => model.save(directory, options),
    load: (directory, options = {}) => model.take(directory, options),
    dispose: () => model.dispose(),
  }
  return { functor, model }
}

function checkCodes(name: string, codes: BitBatch, count: number, bits: number): void {
  try {
    checkBitBatch(codes, 'the codes')
  } catch (cause) {
    throw new CbirError('ADAPTER_FAULT', `${name} gave no batch of codes: ${(cause as Error).message}`, { cause })
  }
  if (codes.count === count && codes.bits === bits) return
  throw new CbirError('ADAPTER_FAULT', `${name} gave ${codes.count} codes of ${codes.bits} bits; expected ${count} of ${bits}.`)
}
