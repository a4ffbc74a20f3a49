// The reference classification element: a Map of confidences in a table of such Maps. Elements over the same table find what was set before.

import type { ClassificationElement } from '@cbir/core'
import { checkSignal, raise } from '../framework/reference-tools.ts'

/** What was set, by type and uid. */
export type ReferenceClassificationTable = Map<string, ReadonlyMap<string, number>>

export function referenceClassificationElement(type: string, uid: string, table: ReferenceClassificationTable = new Map()): ClassificationElement {
  const key = JSON.stringify([type, uid])
  return {
    kind: 'classification-element',
    name: 'reference-classification-element',
    apiVersion: 1,
    toConfig: () => ({ type: 'reference-classification-element', package: '@cbir/conformance', config: { type, uid } }),
    type,
    uid,
    async hasClassifications({ signal } = {}) {
      checkSignal(signal)
      return table.has(key)
    },
    async classifications({ signal } = {}) {
      checkSignal(signal)
      return new Map(table.get(key) ?? raise('NOT_FOUND', `${uid} has no classifications`, { uids: [uid] }))
    },
    async setClassifications(confidences, { signal } = {}) {
      checkSignal(signal)
      if (typeof confidences !== 'object' || confidences === null || Array.isArray(confidences)) {
        raise('INVALID_ARGUMENT', 'classifications are a Map or an object by label')
      }
      const own = new Map<string, number>(confidences instanceof Map ? confidences : Object.entries(confidences))
      if (own.size === 0) raise('INVALID_ARGUMENT', 'there is no label')
      for (const [label, confidence] of own) {
        if (typeof label !== 'string' || label === '') raise('INVALID_ARGUMENT', 'a label must not be empty')
        if (typeof confidence !== 'number') raise('INVALID_ARGUMENT', `the confidence of ${label} is no number`)
        if (!Number.isFinite(confidence)) raise('NOT_FINITE', `the confidence of ${label} is ${confidence}`)
      }
      table.set(key, own)
    },
  }
}
