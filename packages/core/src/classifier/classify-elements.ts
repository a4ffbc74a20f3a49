// SMQTK's form of classification: descriptor elements in, classification elements out.

import type { ClassificationElement, ClassificationElementFactory } from '../classification-element/classification-element.ts'
import { memoryClassificationElementFactory } from '../classification-element/memory-classification-element.ts'
import type { CallOptions } from '../component/call-options.ts'
import type { DescriptorElement } from '../descriptor-element/descriptor-element.ts'
import { itemsOfElements } from '../descriptor-element/element-vectors.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'
import type { Classifier } from './classifier.ts'

export interface ClassifyElementsOptions extends CallOptions {
  /** Makes the elements for the results; in memory where not given. */
  readonly factory?: ClassificationElementFactory | undefined
  /** Classify again what has classifications already; otherwise they are given as they are, and the vector is not read. */
  readonly overwrite?: boolean | undefined
  /** Vectors that are classified in one call; 64 where not given. */
  readonly batchSize?: number | undefined
}

/**
 * The classification of each element, in their order: under the element's uid, of the type of the classifier's name.
 * @throws CbirError NO_VECTOR (names the uid), DIMENSION_MISMATCH, NOT_TRAINED, INVALID_ARGUMENT, SOURCE_FAILED, ABORTED
 */
export async function* classifyElements(
  classifier: Classifier,
  elements: Source<DescriptorElement>,
  options: ClassifyElementsOptions = {},
): AsyncGenerator<ClassificationElement, void, undefined> {
  const { factory = memoryClassificationElementFactory, overwrite = false, batchSize = 64, ...call } = options
  checkPositiveInteger(batchSize, 'batchSize')
  await classifier.labels(call) // an untrained classifier is an error even where nothing is left to do
  const classify = async (batch: readonly DescriptorElement[]): Promise<ClassificationElement[]> => {
    const results = batch.map(({ uid }) => factory.create(classifier.name, uid))
    const done = await Promise.all(results.map((result) => !overwrite && result.hasClassifications(call)))
    const open = results.filter((_, i) => !done[i])
    if (open.length === 0) return results
    const { vectors } = await itemsOfElements(
      batch.filter((_, i) => !done[i]),
      call,
    )
    const answer = await classifier.classify(vectors, call)
    for (const [i, result] of open.entries()) await result.setClassifications(answer.of(i), call)
    return results
  }
  let batch: DescriptorElement[] = []
  for await (const element of pull(elements, (value) => value, call.signal)) {
    batch.push(element)
    if (batch.length < batchSize) continue
    yield* await classify(batch)
    batch = []
  }
  if (batch.length > 0) yield* await classify(batch)
}

/** The classification of one element. @throws CbirError as {@link classifyElements} */
export async function classifyElement(
  classifier: Classifier,
  element: DescriptorElement,
  options: ClassifyElementsOptions = {},
): Promise<ClassificationElement> {
  const { value } = await classifyElements(classifier, [element], options).next()
  return value as ClassificationElement
}
