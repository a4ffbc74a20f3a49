// defineClassifier: an adapter gives training and classification; core gives the checks, the files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import { type ModelDirectory, type ModelDriver, type ModelStorage, type PersistableModel, TrainedModel } from '../component/trained-model.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { checkShares } from '../vectors/check-shares.ts'
import { checkedVectors, type SharedShape } from '../vectors/checked-vectors.ts'
import { checkDimensions, checkFinite, copyBatch } from '../vectors/private-copy.ts'
import { startNow } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import { describeType, type VectorBatch } from '../vectors/vector-batch.ts'
import type { Classifications, Classifier, ClassifierCapability, LabelledVectors, TrainableClassifier } from './classifier.ts'

type Now<T> = Promise<T> | T

/** The examples of one label, checked: private copies, finite, of the same dimensions as those of the other labels. */
export interface TrainingClass {
  readonly label: string
  readonly vectors: AsyncIterable<VectorBatch>
}

/** What an adapter writes. */
export interface ClassifierDriver<M> extends ModelDriver<M> {
  /** All labels of a model, each once, in the order of the confidences. */
  labelsOf(model: M): readonly string[]
  /** Numbers a vector, where the model says it. */
  dimensionsOf?(model: M): number | undefined
  /** Learns from two labels or more. Absent: the classifier needs no training, and `model` is what `classify` gets. */
  train?(classes: readonly TrainingClass[], options: CallOptions): Now<M>
  /** Confidences in [0, 1], `count × labels`, row-major. Never called with no row. */
  classify(model: M, vectors: VectorBatch, options: CallOptions): Now<Float32Array>
}

/** A classifier with every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedClassifier = Classifier & TrainableClassifier & Required<PersistableModel>

/** A classifier over a driver. */
export function defineClassifier<M>(identity: Identity, driver: ClassifierDriver<M>, storage: ModelStorage = {}): DefinedClassifier {
  return make(identity, driver, storage).classifier
}

/** A classifier whose model lives in a directory. @throws CbirError CORRUPT_DATA, INVALID_CONFIG, NOT_SUPPORTED (the driver cannot save), IO_FAILED */
export async function openClassifier<M>(
  identity: Identity,
  driver: ClassifierDriver<M>,
  at: ModelDirectory,
  options: CallOptions = {},
): Promise<DefinedClassifier> {
  const { classifier, model } = make(identity, driver, at)
  await model.load(options)
  return classifier
}

function make<M>(identity: Identity, driver: ClassifierDriver<M>, storage: ModelStorage): { classifier: DefinedClassifier; model: TrainedModel<M> } {
  const component = describeComponent('classifier', identity)
  const { name } = component
  const model = new TrainedModel('classifier', name, driver, storage)
  const capabilities = new Set<ClassifierCapability>()
  if (driver.train) capabilities.add('train')
  if (model.persists) capabilities.add('persist')

  const classifier: DefinedClassifier = {
    ...component,
    capabilities,
    get hasModel() {
      return model.current !== undefined
    },
    labels: (options = {}) => model.use((held) => [...driver.labelsOf(held)], options.signal),

    classify(vectors, options = {}) {
      return model.use(async (held) => {
        const own = copyBatch(vectors, 'vectors')
        checkDimensions(own.dimensions, driver.dimensionsOf?.(held) ?? own.dimensions, 'The vectors')
        await checkFinite(own, (row) => `Vector ${row}`)
        const labels = [...driver.labelsOf(held)]
        if (own.count === 0) return classifications(labels, new Float32Array(0))
        const confidences = await model.foreign(() => driver.classify(held, own, options), options.signal)
        throwIfAborted(options.signal)
        await checkShares(name, confidences, own.count * labels.length)
        return classifications(labels, confidences)
      }, options.signal)
    },

    train(examples, options = {}) {
      const shape: SharedShape = {}
      const learn = async (): Promise<M> => {
        const classes = entriesOf(examples).map(([label, source]) => {
          return { label, batches: startNow(checkedVectors(source, `the examples of ${JSON.stringify(label)}`, shape, options.signal)) }
        })
        try {
          const given = classes.map(({ label, batches }) => ({ label, vectors: batches.values }))
          return (await driver.train?.(given, options)) as M
        } finally {
          for (const { batches } of classes) await batches.close()
        }
      }
      return model.train(driver.train && learn, options)
    },

    save: (directory, options = {}) => model.save(directory, options),
    load: (directory, options = {}) => model.take(directory, options),
    dispose: () => model.dispose(),
  }
  return { classifier, model }
}

/** @throws CbirError INVALID_ARGUMENT */
function entriesOf(examples: LabelledVectors): [string, Source<VectorBatch>][] {
  const type = describeType(examples)
  if (type !== 'Map' && type !== 'Object') throw new CbirError('INVALID_ARGUMENT', `Examples must be a Map or an object by label, got ${type}.`)
  const entries = type === 'Map' ? [...(examples as ReadonlyMap<string, Source<VectorBatch>>)] : Object.entries(examples)
  if (entries.length < 2) throw new CbirError('INVALID_ARGUMENT', `There are examples of ${entries.length} label; a classifier needs at least two.`)
  if (entries.some(([label]) => typeof label !== 'string' || label === '')) {
    throw new CbirError('INVALID_ARGUMENT', 'A label must be a string that is not empty.')
  }
  return entries
}

function classifications(labels: readonly string[], confidences: Float32Array): Classifications {
  const count = confidences.length / Math.max(1, labels.length)
  return {
    labels,
    count,
    confidences,
    of(i) {
      if (!(Number.isInteger(i) && i >= 0 && i < count))
        throw new CbirError('INVALID_ARGUMENT', `There is no row ${i}; there are ${count}, counted from 0.`)
      return new Map(labels.map((label, j) => [label, confidences[i * labels.length + j]!]))
    },
  }
}
