// Single things: a note as data, a descriptor that remembers its past, and a classification.

import { CbirError, definePlugin, takeConfidences } from '@cbir/core'
import { describeComponent, field, noVectorError, objectSchema, takeVector } from '@cbir/core/define'
import { fromBase64, memoryDataElement } from '@cbir/core/memory'
import { PACKAGE } from './package-name.js'

/** A note whose bytes never change. */
export const note = definePlugin({
  kind: 'data-element',
  interfaces: ['DataElement'],
  name: 'note',
  package: PACKAGE,
  configSchema: objectSchema({ base64: field.string({ default: '' }) }),
  create(config) {
    const held = memoryDataElement(fromBase64(config.base64), { label: 'note', readOnly: true })
    return { ...held, ...describeComponent('data-element', { name: 'note', package: PACKAGE, config }) }
  },
})

const elementSchema = objectSchema({ type: field.string({ minLength: 1 }), uid: field.string({ minLength: 1 }) })

/** Keeps every vector that was ever set; the last one counts. */
export const diaryDescriptor = definePlugin({
  kind: 'descriptor-element',
  interfaces: ['DescriptorElement'],
  name: 'diary-descriptor',
  package: PACKAGE,
  configSchema: elementSchema,
  create(config) {
    const diary = []
    const last = (signal) => {
      if (signal?.aborted) throw new CbirError('ABORTED', 'The call was aborted by its signal.', { cause: signal.reason })
      return diary.at(-1) ?? null
    }
    return {
      ...describeComponent('descriptor-element', { name: 'diary-descriptor', package: PACKAGE, config }),
      ...config,
      hasVector: async (options) => last(options?.signal) !== null,
      async vector(options) {
        const vector = last(options?.signal)
        if (vector === null) throw noVectorError(config.uid)
        return vector.slice()
      },
      async setVector(vector, options) {
        last(options?.signal)
        diary.push(takeVector(config.uid, vector))
      },
    }
  },
})

/** Labels and confidences side by side. */
export const pairClassification = definePlugin({
  kind: 'classification-element',
  interfaces: ['ClassificationElement'],
  name: 'pair-classification',
  package: PACKAGE,
  configSchema: elementSchema,
  create(config) {
    let pairs = []
    const check = (signal) => {
      if (signal?.aborted) throw new CbirError('ABORTED', 'The call was aborted by its signal.', { cause: signal.reason })
    }
    return {
      ...describeComponent('classification-element', { name: 'pair-classification', package: PACKAGE, config }),
      ...config,
      async hasClassifications(options) {
        check(options?.signal)
        return pairs.length > 0
      },
      async classifications(options) {
        check(options?.signal)
        if (pairs.length === 0) throw new CbirError('NOT_FOUND', `"${config.uid}" was not classified yet.`)
        return new Map(pairs)
      },
      async setClassifications(confidences, options) {
        check(options?.signal)
        pairs = [...takeConfidences(config.uid, confidences)]
      },
    }
  },
})
