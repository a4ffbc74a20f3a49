// Wrong classifiers: the reference with one thing broken.

import type { FullClassifier } from '@cbir/conformance'
import { CbirError, type Classifications, type LabelledVectors, type Source, type VectorBatch } from '@cbir/core'
import { fitted } from './index-mutant-tools.ts'
import { type Handles, type ModelMutant, modelMutants, storedModelMutants } from './model-mutants.ts'
import { variant } from './run-mutants.ts'

/** The same answer with other confidences. */
const answer = (labels: readonly string[], confidences: Float32Array): Classifications => ({
  labels,
  count: confidences.length / Math.max(1, labels.length),
  confidences,
  of(i) {
    if (!(Number.isInteger(i) && confidences[i * labels.length] !== undefined)) throw new CbirError('INVALID_ARGUMENT', `there is no row ${i}`)
    return new Map(labels.map((label, j) => [label, confidences[i * labels.length + j]!]))
  },
})

const handles: Handles<FullClassifier> = {
  asking(classifier, change) {
    let last: Classifications | undefined
    const ask = change(async (vectors, options) => {
      last = await classifier.classify(vectors, options)
      return last.confidences
    })
    return variant(classifier, {
      async classify(vectors, options) {
        const confidences = (await ask(vectors, options)) as Float32Array
        return last && last.confidences.length === confidences.length && last.confidences.every((x, at) => x === confidences[at])
          ? { ...last, confidences }
          : answer(last?.labels ?? [], confidences)
      },
    })
  },
  teaching(classifier, change) {
    return variant(classifier, {
      train(examples, options) {
        const [label] = entriesOf(examples)[0] ?? []
        if (label === undefined || entriesOf(examples).length < 2) return classifier.train(examples, options)
        const teach = change((source, o) => classifier.train(new Map([...entriesOf(examples), [label, source]]), o))
        return teach(new Map(entriesOf(examples)).get(label)!, options)
      },
    })
  },
  otherwise: (confidences, secret) => confidences.map((x) => x * (1 - secret) + secret / 2),
}

const entriesOf = (examples: LabelledVectors): [string, Source<VectorBatch>][] => {
  if (examples instanceof Map) return [...examples]
  return typeof examples === 'object' && examples !== null && !Array.isArray(examples) ? Object.entries(examples) : []
}

/** A classifier that gives other confidences. */
const confident =
  (change: (confidences: Float32Array, width: number) => Float32Array) =>
  (classifier: FullClassifier): FullClassifier =>
    variant(classifier, {
      async classify(vectors, options) {
        const found = await classifier.classify(vectors, options)
        const confidences = change(found.confidences, found.labels.length)
        return { ...found, confidences, of: answer(found.labels, confidences).of }
      },
    })

/** A classifier that takes other examples. */
const taught =
  (change: (entries: [string, Source<VectorBatch>][]) => [string, Source<VectorBatch>][]) =>
  (classifier: FullClassifier): FullClassifier =>
    variant(classifier, {
      train: (examples, options) => classifier.train(entriesOf(examples).length > 0 ? new Map(change(entriesOf(examples))) : examples, options),
    })

const viewed = (of: (found: Classifications, i: number) => Map<string, number>) => (classifier: FullClassifier) =>
  variant(classifier, {
    async classify(vectors, options) {
      const found = await classifier.classify(vectors, options)
      return { ...found, of: (i) => of(found, i) }
    },
  })

const someVectors: VectorBatch = { data: new Float32Array(16), count: 1, dimensions: 16 }

export const CLASSIFIER_MUTANTS: readonly ModelMutant<FullClassifier>[] = [
  ...modelMutants(handles, ['examples']),
  ...storedModelMutants(handles),
  {
    name: 'gives labels without a model',
    breaks: ['not trained'],
    make: (classifier) => variant(classifier, { labels: async (options) => (classifier.hasModel ? classifier.labels(options) : []) }),
  },
  {
    name: 'labels in another order than the confidences',
    breaks: ['labels'],
    make: (classifier) => variant(classifier, { labels: async (options) => [...(await classifier.labels(options))].reverse() }),
  },
  {
    name: 'leaves out the label of the negatives',
    breaks: ['labels'],
    make: (classifier) => variant(classifier, { labels: async (options) => (await classifier.labels(options)).slice(0, -1) }),
  },
  {
    name: 'keeps its labels as names of an object',
    breaks: ['labels'],
    make: (classifier) =>
      variant(classifier, {
        labels: async (options) => {
          const table: Record<string, number> = {}
          for (const [i, label] of (await classifier.labels(options)).entries()) table[label] = i
          return Object.keys(table)
        },
      }),
  },
  {
    name: 'gives away its own list of labels',
    breaks: ['labels'],
    make: (classifier) => {
      let own: readonly string[] | undefined
      return variant(classifier, {
        labels: async (options) => {
          const labels = await classifier.labels(options)
          own ??= labels
          return own
        },
      })
    },
  },
  { name: 'confidences in percent', breaks: ['confidences'], make: confident((confidences) => confidences.map((x) => 100 * x)) },
  { name: 'confidences are logarithms', breaks: ['confidences'], make: confident((confidences) => confidences.map((x) => Math.log(x + 1e-9))) },
  { name: 'confidences sum to a half', breaks: ['confidences'], make: confident((confidences) => confidences.map((x) => x / 2)) },
  {
    name: 'of(i) is the first row',
    breaks: ['confidences'],
    make: viewed((found, i) => (found.of(i).size > 0 ? found.of(0) : found.of(i))),
  },
  {
    name: 'of(i) of a row that is not there is empty',
    breaks: ['confidences'],
    make: viewed((found, i) => (i >= 0 && i < found.count && Number.isInteger(i) ? found.of(i) : new Map())),
  },
  {
    name: 'takes the examples of one label, and nothing for the other',
    breaks: ['examples'],
    make: taught((entries) => (entries.length === 1 ? [...entries, ['nothing', [someVectors]]] : entries)),
  },
  {
    name: 'takes an empty label',
    breaks: ['examples'],
    make: taught((entries) => entries.map(([label, source]) => [label || 'no name', source])),
  },
  {
    name: 'passes over a label without a vector',
    breaks: ['examples'],
    make: taught((entries) => (entries.length > 2 ? entries.filter(([, source]) => !Array.isArray(source) || source.length > 0) : entries)),
  },
  {
    name: 'cuts the vectors of a label to the length of those of another',
    breaks: ['examples'],
    make: taught((entries) =>
      entries.map(([label, source], i) => [label, i > 0 && Array.isArray(source) ? source.map((batch) => fitted(batch, 16)) : source]),
    ),
  },
  {
    name: 'gives the lowest confidence to the label that fits best',
    breaks: ['learning'],
    make: confident((confidences, width) => confidences.map((_, at) => confidences[at - (at % width) + (width - 1 - (at % width))]!)),
  },
]
