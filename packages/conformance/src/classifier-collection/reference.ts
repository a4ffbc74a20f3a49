// The reference collection: a Map of classifiers.

import type { Classifier, ClassifierCollection } from '@cbir/core'
import { raise } from '../framework/reference-tools.ts'
import { takeVectors } from '../framework/reference-vectors.ts'

export function referenceClassifierCollection(classifiers: Readonly<Record<string, Classifier>> = {}): ClassifierCollection {
  const held = new Map(Object.entries(classifiers))
  const found = (name: string): Classifier => held.get(name) ?? raise('NOT_FOUND', `there is no classifier ${name}`)
  return {
    get names() {
      return [...held.keys()]
    },
    add(name, classifier) {
      if (typeof name !== 'string' || name === '') raise('INVALID_ARGUMENT', 'a name must not be empty')
      if (held.has(name)) raise('DUPLICATE_NAME', `there is a classifier ${name}`)
      held.set(name, classifier)
    },
    get: found,
    remove(name) {
      found(name)
      held.delete(name)
    },
    async classify(vectors, { names = [...held.keys()], ...options } = {}) {
      const own = takeVectors(vectors)
      const asked = names.map((name) => [name, found(name)] as const)
      return new Map(await Promise.all(asked.map(async ([name, classifier]) => [name, await classifier.classify(own, options)] as const)))
    },
  }
}
