// ClassifierCollection: several classifiers, by name, asked together.

import type { CallOptions } from '../component/call-options.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { copyBatch } from '../vectors/private-copy.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import type { Classifications, Classifier } from './classifier.ts'

/** Classifiers under names of the caller's choice. It does not dispose them. */
export interface ClassifierCollection {
  readonly names: readonly string[]
  /** @throws CbirError DUPLICATE_NAME, INVALID_ARGUMENT (an empty name) */
  add(name: string, classifier: Classifier): void
  /** @throws CbirError NOT_FOUND */
  get(name: string): Classifier
  /** @throws CbirError NOT_FOUND */
  remove(name: string): void
  /**
   * What each classifier, or each of those in `names`, says of the vectors. The first error is the error of the whole.
   * @throws CbirError NOT_FOUND, and what the classifiers throw
   */
  classify(vectors: VectorBatch, options?: CallOptions & { readonly names?: readonly string[] | undefined }): Promise<Map<string, Classifications>>
}

export function createClassifierCollection(classifiers: Readonly<Record<string, Classifier>> = {}): ClassifierCollection {
  const held = new Map<string, Classifier>()
  const collection: ClassifierCollection = {
    get names() {
      return [...held.keys()]
    },
    add(name, classifier) {
      if (typeof name !== 'string' || name === '') throw new CbirError('INVALID_ARGUMENT', 'A classifier is added under a name that is not empty.')
      if (held.has(name))
        throw new CbirError('DUPLICATE_NAME', `There is a classifier ${JSON.stringify(name)} already. Remove it, or take another name.`)
      held.set(name, classifier)
    },
    get(name) {
      const classifier = held.get(name)
      if (classifier) return classifier
      throw new CbirError('NOT_FOUND', `There is no classifier ${JSON.stringify(name)}; there are: ${[...held.keys()].join(', ') || 'none'}.`)
    },
    remove(name) {
      collection.get(name)
      held.delete(name)
    },
    async classify(vectors, { names, ...options } = {}) {
      const own = copyBatch(vectors, 'vectors')
      const asked = [...(names ?? held.keys())].map((name) => [name, collection.get(name)] as const)
      return new Map(await Promise.all(asked.map(async ([name, classifier]) => [name, await classifier.classify(own, options)] as const)))
    },
  }
  for (const [name, classifier] of Object.entries(classifiers)) collection.add(name, classifier)
  return collection
}
