// The suite on the reference, and on classifiers made with core's defineClassifier: both must pass before they can judge others.

import { classifierSuite, openReferenceClassifier, referenceClassifier } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { rowOf } from '@cbir/core'
import { type ClassifierDriver, type DefinedClassifier, defineClassifier, openClassifier, TimeSlice } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { jsonModel, onlyOptions } from './support/model-tools.ts'

type Examples = { readonly label: string; readonly mean: readonly number[] }[]

/** Each label for itself: 1 / (1 + squared distance to its mean). */
const closeness: ClassifierDriver<Examples> = {
  ...jsonModel<Examples>(),
  labelsOf: (model) => model.map(({ label }) => label),
  dimensionsOf: (model) => model[0]?.mean.length,
  async train(classes) {
    const slice = new TimeSlice()
    const model: Examples = []
    for (const { label, vectors } of classes) {
      let sum: number[] = []
      let rows = 0
      for await (const batch of vectors) {
        for (let i = 0; i < batch.count; i++, rows++) {
          sum = Array.from(rowOf(batch, i), (x, j) => x + (sum[j] ?? 0))
          if (slice.due()) await slice.pause()
        }
      }
      model.push({ label, mean: sum.map((x) => x / rows) })
    }
    return model
  },
  async classify(model, vectors) {
    const slice = new TimeSlice()
    const confidences = new Float32Array(vectors.count * model.length)
    for (let i = 0; i < vectors.count; i++) {
      for (const [j, { mean }] of model.entries()) {
        confidences[i * model.length + j] = 1 / (1 + rowOf(vectors, i).reduce((sum, x, d) => sum + (x - mean[d]!) ** 2, 0))
      }
      if (slice.due()) await slice.pause()
    }
    return confidences
  },
}

const identity = { name: 'closeness', package: 'test', config: {} }

classifierSuite({
  runner,
  name: 'reference classifier',
  create: () => referenceClassifier(),
  capabilities: ['train', 'persist'],
  reopen: (directory) => openReferenceClassifier({ directory }),
  fromConfig: ({ config }) => referenceClassifier(onlyOptions(config)),
})

classifierSuite({
  runner,
  name: 'reference classifier over histograms',
  create: () => referenceClassifier(),
  capabilities: ['train', 'persist'],
  histograms: true,
  reopen: (directory) => openReferenceClassifier({ directory }),
})

classifierSuite({
  runner,
  name: 'classifier made with defineClassifier',
  create: () => defineClassifier(identity, closeness, { container: directoryContainer }),
  capabilities: ['train', 'persist'],
  independentLabels: true,
  reopen: (directory) => openClassifier(identity, closeness, { container: directoryContainer, directory }),
  fromConfig: ({ config }) => {
    onlyOptions(config)
    return defineClassifier(identity, closeness, { container: directoryContainer })
  },
})

/** It knows its labels from the start. */
function fixed(): DefinedClassifier {
  const { train: _train, save: _save, load: _load, ...driver } = closeness
  const at = (x: number): number[] => new Array<number>(16).fill(x)
  return defineClassifier('fixed', { ...driver, model: [{ label: 'low', mean: at(-1) }, { label: 'high', mean: at(1) }] }) // biome-ignore format: one line
}

classifierSuite({ runner, name: 'classifier without training', create: fixed, capabilities: [], independentLabels: true })
