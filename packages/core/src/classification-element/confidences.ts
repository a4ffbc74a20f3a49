// Checks and questions that all classification elements share.

import type { CallOptions } from '../component/call-options.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { Classification, ClassificationElement } from './classification-element.ts'

/** A checked copy. @throws CbirError INVALID_ARGUMENT, NOT_FINITE */
export function takeConfidences(uid: string, confidences: Classification | Readonly<Record<string, number>>): Map<string, number> {
  const type = describeType(confidences)
  if (type !== 'Map' && type !== 'Object') {
    throw new CbirError('INVALID_ARGUMENT', `Classifications must be a Map or an object from label to confidence, got ${type}.`)
  }
  const own = new Map<string, number>(type === 'Map' ? (confidences as Classification) : Object.entries(confidences))
  if (own.size === 0) throw new CbirError('INVALID_ARGUMENT', `The classification of ${JSON.stringify(uid)} has no label. Give at least one.`)
  for (const [label, confidence] of own) {
    if (typeof label !== 'string' || label === '') throw new CbirError('INVALID_ARGUMENT', 'A label must be a string that is not empty.')
    if (typeof confidence !== 'number') {
      throw new CbirError('INVALID_ARGUMENT', `The confidence of ${JSON.stringify(label)} must be a number, got ${describeType(confidence)}.`)
    }
    if (!Number.isFinite(confidence)) throw new CbirError('NOT_FINITE', `The confidence of ${JSON.stringify(label)} is ${confidence}.`)
  }
  return own
}

/** The label of the highest confidence; of equal ones the first. @throws CbirError NOT_FOUND */
export async function maxLabel(element: ClassificationElement, options?: CallOptions): Promise<string> {
  let best: [string, number] | undefined
  for (const entry of await element.classifications(options)) if (!best || entry[1] > best[1]) best = entry
  if (!best) throw notClassifiedError(element.uid)
  return best[0]
}

/** The confidence of one label. @throws CbirError NOT_FOUND where nothing was set, or not that label */
export async function confidenceOf(element: ClassificationElement, label: string, options?: CallOptions): Promise<number> {
  const confidences = await element.classifications(options)
  const confidence = confidences.get(label)
  if (confidence !== undefined) return confidence
  const known = [...confidences.keys()].slice(0, 10).join(', ')
  throw new CbirError('NOT_FOUND', `${JSON.stringify(element.uid)} has no label ${JSON.stringify(label)}. Its labels: ${known}.`)
}

/** Whether two elements hold the same confidences, or both none; the order of labels, names and types do not count. */
export async function classificationsEqual(a: ClassificationElement, b: ClassificationElement, options?: CallOptions): Promise<boolean> {
  const [hasA, hasB] = await Promise.all([a.hasClassifications(options), b.hasClassifications(options)])
  if (!hasA || !hasB) return hasA === hasB
  const [left, right] = await Promise.all([a.classifications(options), b.classifications(options)])
  return left.size === right.size && [...left].every(([label, confidence]) => right.get(label) === confidence)
}

export function notClassifiedError(uid: string): CbirError {
  return new CbirError('NOT_FOUND', `${JSON.stringify(uid)} has no classifications yet. Classify it first.`, { details: { uids: [uid] } })
}
