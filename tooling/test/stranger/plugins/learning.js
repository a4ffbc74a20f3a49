// What learns from examples: a classifier by class means, hash codes by signs, and two rankings by the closest example.

import { bitBatchOf, definePlugin } from '@cbir/core'
import {
  defineClassifier,
  defineLshFunctor,
  defineRankRelevancy,
  defineRelevancyIndex,
  field,
  noConfig,
  objectSchema,
  openClassifier,
  openLshFunctor,
  TimeSlice,
} from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { PACKAGE } from './package-name.js'

const rowsOf = ({ data, count, dimensions }) => Array.from({ length: count }, (_, i) => data.slice(i * dimensions, (i + 1) * dimensions))

const squared = (a, b) => a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0)

/** The mean of a stream of batches. */
async function meanOf(batches) {
  const slice = new TimeSlice()
  let sum = []
  let count = 0
  for await (const batch of batches) {
    for (const row of rowsOf(batch)) {
      sum = Array.from(row, (x, i) => x + (sum[i] ?? 0))
      count++
      if (slice.due()) await slice.pause()
    }
  }
  return sum.map((x) => x / count)
}

/** A model of plain numbers, as one file of JSON. */
const asJson = {
  save: (model, writer) => writer.write('model.json', [new TextEncoder().encode(JSON.stringify(model))]),
  load: async (container) => JSON.parse(new TextDecoder().decode(await container.read('model.json'))),
}

/** Where the model is kept, if anywhere. */
const directory = field.string({ minLength: 1, optional: true })

const meansDriver = {
  ...asJson,
  labelsOf: (model) => model.map((one) => one.label),
  dimensionsOf: (model) => model[0].mean.length,
  async train(classes) {
    const model = []
    for (const { label, vectors } of classes) model.push({ label, mean: await meanOf(vectors) })
    return model
  },
  async classify(model, vectors) {
    const slice = new TimeSlice()
    const confidences = []
    for (const row of rowsOf(vectors)) {
      const distances = model.map(({ mean }) => squared(row, mean))
      const closest = Math.min(...distances)
      const weights = distances.map((distance) => Math.exp(closest - distance))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      confidences.push(...weights.map((weight) => weight / total))
      if (slice.due()) await slice.pause()
    }
    return Float32Array.from(confidences)
  },
}

/** A confidence for each label: how much closer its mean is than the others. */
export const classMeans = definePlugin({
  kind: 'classifier',
  interfaces: ['Classifier'],
  name: 'class-means',
  package: PACKAGE,
  configSchema: objectSchema({ directory }),
  create(config) {
    const identity = { name: 'class-means', package: PACKAGE, config }
    const container = directoryContainer
    if (config.directory === undefined) return defineClassifier(identity, meansDriver, { container })
    return openClassifier(identity, meansDriver, { container, directory: config.directory })
  },
})

const signsDriver = (bits) => ({
  ...asJson,
  bits,
  layout: { bits },
  dimensionsOf: (mean) => mean.length,
  fit: (vectors) => meanOf(vectors),
  async hash(mean, vectors) {
    const slice = new TimeSlice()
    const codes = []
    for (const row of rowsOf(vectors)) {
      const code = []
      for (let j = 0; j < bits; j++) {
        code.push(row.reduce((sum, x, i) => sum + Math.sin((i + 1) * (2 * j + 1)) * (x - mean[i]), 0) >= 0)
        if (slice.due()) await slice.pause()
      }
      codes.push(code)
    }
    return bitBatchOf(codes)
  },
})

/** Bit *j* says on which side of the mean a vector lies in a direction of its own. */
export const signCodes = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor'],
  name: 'sign-codes',
  package: PACKAGE,
  configSchema: objectSchema({ bits: field.integer({ min: 1, max: 4096, default: 64 }), directory }),
  create(config) {
    const identity = { name: 'sign-codes', package: PACKAGE, config }
    const container = directoryContainer
    const driver = signsDriver(config.bits)
    if (config.directory === undefined) return defineLshFunctor(identity, driver, { container })
    return openLshFunctor(identity, driver, { container, directory: config.directory })
  },
})

/** In [0, 1]: the share of the distance to the closest unwanted example in the distances to both; alone, the wanted one decides. */
async function scoreAll(rows, { positive, negative }, signal) {
  const slice = new TimeSlice()
  const wanted = rowsOf(positive)
  const unwanted = rowsOf(negative)
  const scores = new Float32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const near = Math.min(...wanted.map((example) => Math.sqrt(squared(rows[i], example))))
    const far = unwanted.length > 0 ? Math.min(...unwanted.map((example) => Math.sqrt(squared(rows[i], example)))) : 1
    scores[i] = near + far === 0 ? 0.5 : far / (near + far)
    if (slice.due()) await slice.pause()
    signal?.throwIfAborted()
  }
  return scores
}

export const closestExample = definePlugin({
  kind: 'relevancy-index',
  interfaces: ['RelevancyIndex'],
  name: 'closest-example',
  package: PACKAGE,
  configSchema: noConfig,
  create: (config) =>
    defineRelevancyIndex(
      { name: 'closest-example', package: PACKAGE, config },
      {
        open: () => ({ rows: [] }),
        append(state, vectors) {
          state.rows.push(...rowsOf(vectors))
        },
        rank: (state, examples, { signal }) => scoreAll(state.rows, examples, signal),
      },
    ),
})

/** Asks next about what it is least sure of. */
export const closestInPool = definePlugin({
  kind: 'rank-relevancy',
  interfaces: ['RankRelevancy', 'RankRelevancyWithFeedback'],
  name: 'closest-in-pool',
  package: PACKAGE,
  configSchema: noConfig,
  create: (config) =>
    defineRankRelevancy(
      { name: 'closest-in-pool', package: PACKAGE, config },
      {
        rank: (examples, pool, { signal }) => scoreAll(rowsOf(pool), examples, signal),
        async rankWithFeedback(examples, pool, { signal }) {
          const scores = await scoreAll(rowsOf(pool), examples, signal)
          const rows = Array.from(scores, (_, row) => row).sort((a, b) => Math.abs(scores[a] - 0.5) - Math.abs(scores[b] - 0.5) || a - b)
          return { scores, rows }
        },
      },
    ),
})
