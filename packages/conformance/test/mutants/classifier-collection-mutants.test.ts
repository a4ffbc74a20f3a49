// The ClassifierCollection suite bites: every wrong collection fails exactly the groups that it breaks.

import { classifierCollectionGroups, classifierCollectionSuite, referenceClassifierCollection } from '@cbir/conformance'
import type { ClassifierCollection } from '@cbir/core'
import { variant } from './run-mutants.ts'
import { type Mutant, testMutants } from './test-mutants.ts'

interface CollectionMutant extends Mutant {
  readonly make: (collection: ClassifierCollection) => ClassifierCollection
}

const MUTANTS: readonly CollectionMutant[] = [
  {
    name: 'the second under a name replaces the first',
    breaks: ['names'],
    make: (collection) =>
      variant(collection, {
        add(name, classifier) {
          if (collection.names.includes(name)) collection.remove(name)
          collection.add(name, classifier)
        },
      }),
  },
  {
    name: 'takes an empty name',
    breaks: ['names'],
    make: (collection) => variant(collection, { add: (name, classifier) => collection.add(name || 'no name', classifier) }),
  },
  {
    name: 'removing what is not there is no error',
    breaks: ['names'],
    make: (collection) => variant(collection, { remove: (name) => (collection.names.includes(name) ? collection.remove(name) : undefined) }),
  },
  {
    name: 'disposes what it removes',
    breaks: ['names'],
    make: (collection) =>
      variant(collection, {
        remove(name) {
          void collection.get(name).dispose()
          collection.remove(name)
        },
      }),
  },
  {
    name: 'always asks all',
    breaks: ['classify'],
    make: (collection) => variant(collection, { classify: (vectors, { names: _, ...options } = {}) => collection.classify(vectors, options) }),
  },
  {
    name: 'passes over names that are not there',
    breaks: ['classify'],
    make: (collection) =>
      variant(collection, {
        classify: (vectors, { names, ...options } = {}) =>
          collection.classify(vectors, { ...options, names: names?.filter((name) => collection.names.includes(name)) }),
      }),
  },
  {
    name: 'leaves out those that fail',
    breaks: ['classify'],
    make: (collection) =>
      variant(collection, {
        classify: (vectors, options) =>
          collection.classify(vectors, { ...options, names: (options?.names ?? collection.names).filter((name) => collection.get(name).hasModel) }),
      }),
  },
  {
    name: 'every classifier gives the answer of the first',
    breaks: ['classify'],
    make: (collection) =>
      variant(collection, {
        async classify(vectors, options) {
          const found = await collection.classify(vectors, options)
          return new Map([...found.keys()].map((name) => [name, [...found.values()][0]!]))
        },
      }),
  },
  {
    name: 'ignores the signal',
    breaks: ['classify'],
    make: (collection) => variant(collection, { classify: (vectors, { signal: _, ...options } = {}) => collection.classify(vectors, options) }),
  },
  {
    name: 'reads the vectors later than at the call',
    breaks: ['classify'],
    make: (collection) =>
      variant(collection, {
        async classify(...call) {
          await undefined
          return collection.classify(...call)
        },
      }),
  },
]

testMutants('wrong collections', MUTANTS, classifierCollectionGroups, (runner, { make }) => {
  classifierCollectionSuite({ runner, create: (classifiers) => make(referenceClassifierCollection(classifiers)) })
})
