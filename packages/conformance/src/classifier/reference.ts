// The reference classifier: a label's confidence is the softmax of minus the distance to the mean of its examples. A plain loop in double precision.

import {
  type Classifications,
  type Classifier,
  type ClassifierCapability,
  type LabelledVectors,
  rowOf,
  type Source,
  type TrainableClassifier,
  type VectorBatch,
} from '@cbir/core'
import { type PersistableModel, TimeSlice } from '@cbir/core/define'
import { readCheckedFile, writeCheckedFile } from '../framework/checked-file.ts'
import { pulled, raise, trackCalls } from '../framework/reference-tools.ts'
import { checkVectors, euclidean, takeVectors } from '../framework/reference-vectors.ts'

/** Everything that a classifier can do. */
export type FullClassifier = Classifier & TrainableClassifier & PersistableModel

type Means = readonly (readonly [label: string, mean: readonly number[]])[]

const FILE = 'reference-classifier.json'

/** Makes a reference classifier; `means` is the model of one that was trained before. What it learns it keeps in `directory`. */
export function referenceClassifier({ directory }: { directory?: string | undefined } = {}, means?: Means): FullClassifier {
  const calls = trackCalls()
  let training = false
  const model = (): Means => means ?? raise('NOT_TRAINED', 'the classifier has no model')

  return {
    kind: 'classifier',
    name: 'reference-classifier',
    apiVersion: 1,
    capabilities: new Set<ClassifierCapability>(['train', 'persist']),
    toConfig: () => ({ type: 'reference-classifier', package: '@cbir/conformance', config: {} }),
    get hasModel() {
      return means !== undefined
    },
    labels: ({ signal } = {}) => calls.run(signal, () => model().map(([label]) => label)),
    classify: (vectors, { signal } = {}) =>
      calls.run(signal, async () => {
        const held = model()
        const own = takeVectors(vectors)
        checkVectors(own, held[0]![1].length)
        const confidences = new Float32Array(own.count * held.length)
        const slice = new TimeSlice()
        for (let i = 0; i < own.count; i++) {
          const distances = held.map(([, mean]) => euclidean(rowOf(own, i), mean))
          const weights = distances.map((distance) => Math.exp(Math.min(...distances) - distance))
          const total = weights.reduce((sum, weight) => sum + weight, 0)
          for (const [j, weight] of weights.entries()) confidences[i * held.length + j] = weight / total
          if (slice.due()) await slice.pause()
        }
        return classifications(
          held.map(([label]) => label),
          own.count,
          confidences,
        )
      }),
    train: (examples, { signal } = {}) =>
      calls.run(signal, async () => {
        if (means || training) raise('ALREADY_TRAINED', 'the classifier has a model')
        training = true
        try {
          // All at once, so that the first batch of each source is copied before the caller has its promise.
          const learnt = await Promise.all(entriesOf(examples).map(async ([label, source]) => [label, await meanOf(source, signal)] as const))
          if (learnt.some(([, mean]) => mean.length !== learnt[0]![1].length))
            raise('DIMENSION_MISMATCH', 'the labels have vectors of different lengths')
          if (directory !== undefined) await writeCheckedFile(directory, FILE, learnt)
          means = learnt
        } finally {
          training = false
        }
      }),
    save: (to, { signal } = {}) => calls.run(signal, () => writeCheckedFile(to, FILE, model())),
    dispose: () => calls.dispose(),
  }
}

/** Opens the classifier that `directory` holds, or an untrained one that will be kept there. @throws CbirError CORRUPT_DATA */
export async function openReferenceClassifier(options: { directory: string }): Promise<FullClassifier> {
  return referenceClassifier(options, (await readCheckedFile(options.directory, FILE)) as Means | undefined)
}

function entriesOf(examples: LabelledVectors): [string, Source<VectorBatch>][] {
  if (typeof examples !== 'object' || examples === null || Array.isArray(examples))
    raise('INVALID_ARGUMENT', 'examples are an object or a Map by label')
  const entries = examples instanceof Map ? [...examples] : Object.entries(examples)
  if (entries.length < 2) raise('INVALID_ARGUMENT', 'a classifier needs at least two labels')
  if (entries.some(([label]) => typeof label !== 'string' || label === '')) raise('INVALID_ARGUMENT', 'a label must not be empty')
  return entries
}

async function meanOf(source: Source<VectorBatch>, signal: AbortSignal | undefined): Promise<number[]> {
  const sum: number[] = []
  const slice = new TimeSlice()
  let rows = 0
  for await (const batch of pulled(source, takeVectors, signal)) {
    if (batch.count === 0) continue
    checkVectors(batch, rows === 0 ? undefined : sum.length)
    for (const [at, x] of batch.data.entries()) {
      sum[at % batch.dimensions] = (sum[at % batch.dimensions] ?? 0) + x
      if (at % 1024 === 0 && slice.due()) await slice.pause()
    }
    rows += batch.count
  }
  if (rows === 0) raise('EMPTY_BUILD', 'a label has no vector')
  return sum.map((x) => x / rows)
}

function classifications(labels: readonly string[], count: number, confidences: Float32Array): Classifications {
  return {
    labels,
    count,
    confidences,
    of(i) {
      if (!(Number.isInteger(i) && i >= 0 && i < count)) raise('INVALID_ARGUMENT', `there is no row ${i}`)
      return new Map(labels.map((label, j) => [label, confidences[i * labels.length + j]!]))
    },
  }
}
