// classifierCollectionSuite: classifiers under names, asked together.

import type { Classifications, Classifier, ClassifierCollection, VectorBatch } from '@cbir/core'
import { referenceClassifier } from '../classifier/reference.ts'
import { rejects, same, sameList, throws } from '../framework/check.ts'
import { checkOptions, type Group, registerGroups, type Scope, type SuiteOptions } from '../framework/suite.ts'
import { randomVectors } from '../nearest-neighbors-index/test-vectors.ts'

/** Options of `classifierCollectionSuite`. */
export interface ClassifierCollectionSuiteOptions extends SuiteOptions {
  /** A collection of these classifiers. */
  readonly create: (classifiers: Readonly<Record<string, Classifier>>) => ClassifierCollection
}

/** What a case works with: collections of reference classifiers, each trained on vectors of its own. */
export class ClassifierCollectionCase {
  private readonly options: ClassifierCollectionSuiteOptions
  private readonly scope: Scope

  constructor(options: ClassifierCollectionSuiteOptions, scope: Scope) {
    this.options = options
    this.scope = scope
  }

  collection(classifiers: Readonly<Record<string, Classifier>>): ClassifierCollection {
    return this.options.create(classifiers)
  }

  vectors(count: number): VectorBatch {
    return randomVectors(this.scope.random, count, 8, 'euclidean')
  }

  async classifier(): Promise<Classifier> {
    const classifier = referenceClassifier()
    this.scope.defer(() => classifier.dispose())
    await classifier.train({ cat: [this.vectors(10)], dog: [this.vectors(10)] })
    return classifier
  }
}

/** A group of the ClassifierCollection suite. */
export type ClassifierCollectionGroup = Group<ClassifierCollectionCase, ClassifierCollectionSuiteOptions>

/** Whether a collection says the same as the classifier alone. */
function sameAs(found: Classifications | undefined, alone: Classifications, name: string): void {
  sameList(found?.confidences ?? [], alone.confidences, `confidences of the classifier ${JSON.stringify(name)}`)
}

const namesGroup: ClassifierCollectionGroup = {
  name: 'names',
  rule: 'a name is not empty and stands for one classifier: DUPLICATE_NAME, INVALID_ARGUMENT, and NOT_FOUND where there is none; nothing is changed',
  cases: {
    'what was added is there': async (t) => {
      const [pets, more] = [await t.classifier(), await t.classifier()]
      const collection = t.collection({ pets })
      collection.add('__proto__', more)
      sameList(collection.names, ['pets', '__proto__'], 'names')
      same(collection.get('pets'), pets, 'the first classifier')
      same(collection.get('__proto__'), more, 'the second classifier')
    },
    'a name twice, or none': async (t) => {
      const [pets, more] = [await t.classifier(), await t.classifier()]
      const collection = t.collection({ pets })
      await throws(() => collection.add('pets', more), 'DUPLICATE_NAME', 'add under a name that is there')
      same(collection.get('pets'), pets, 'the classifier under that name')
      await throws(() => collection.add('', more), 'INVALID_ARGUMENT', 'add under an empty name')
      sameList(collection.names, ['pets'], 'names')
    },
    'a name that is not there': async (t) => {
      const collection = t.collection({ pets: await t.classifier() })
      await throws(() => collection.get('other'), 'NOT_FOUND', 'get')
      await throws(() => collection.remove('other'), 'NOT_FOUND', 'remove')
      await throws(() => collection.get('toString'), 'NOT_FOUND', 'get of a name that every object has')
    },
    'what was removed is gone, and still works': async (t) => {
      const pets = await t.classifier()
      const collection = t.collection({ pets, more: await t.classifier() })
      collection.remove('pets')
      sameList(collection.names, ['more'], 'names')
      await throws(() => collection.remove('pets'), 'NOT_FOUND', 'a second remove')
      await pets.classify(t.vectors(1))
    },
  },
}

const classifyGroup: ClassifierCollectionGroup = {
  name: 'classify',
  rule: 'each classifier, or each of those in `names`, says of the vectors what it says alone; the first error is the error of the whole',
  cases: {
    'all are asked, each for itself': async (t) => {
      const classifiers = { pets: await t.classifier(), more: await t.classifier() }
      const vectors = t.vectors(5)
      const found = await t.collection(classifiers).classify(vectors)
      sameList([...found.keys()].sort(), ['more', 'pets'], 'names in the answer')
      for (const [name, classifier] of Object.entries(classifiers)) sameAs(found.get(name), await classifier.classify(vectors), name)
    },
    'only those that are named': async (t) => {
      const collection = t.collection({ pets: await t.classifier(), more: await t.classifier() })
      sameList((await collection.classify(t.vectors(2), { names: ['more'] })).keys(), ['more'], 'names in the answer')
      same((await collection.classify(t.vectors(2), { names: [] })).size, 0, 'answers of none')
      await rejects(() => collection.classify(t.vectors(2), { names: ['more', 'other'] }), 'NOT_FOUND', 'classify by one that is not there')
    },
    'an error of one is the error of all': async (t) => {
      const untrained = referenceClassifier()
      const collection = t.collection({ pets: await t.classifier(), untrained })
      await rejects(() => collection.classify(t.vectors(2)), 'NOT_TRAINED', 'classify with one that was not trained')
    },
    'the signal reaches them': async (t) => {
      const collection = t.collection({ pets: await t.classifier() })
      const reason = new Error('enough')
      const error = await rejects(() => collection.classify(t.vectors(2), { signal: AbortSignal.abort(reason) }), 'ABORTED', 'an aborted classify')
      same(error.cause, reason, 'cause')
    },
    'vectors may be changed right after the call': async (t) => {
      const pets = await t.classifier()
      const vectors = t.vectors(3)
      const alone = await pets.classify(vectors)
      const passed = { ...vectors, data: vectors.data.slice() }
      const answer = t.collection({ pets }).classify(passed)
      passed.data.fill(7)
      sameAs((await answer).get('pets'), alone, 'pets')
    },
  },
}

/** The groups of the suite. */
export const classifierCollectionGroups: readonly ClassifierCollectionGroup[] = [namesGroup, classifyGroup]

/**
 * Registers the tests of one kind of collection with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function classifierCollectionSuite(options: ClassifierCollectionSuiteOptions): void {
  checkOptions('classifierCollectionSuite', options, ['create'])
  if (typeof options.create !== 'function') throw new TypeError('classifierCollectionSuite: create must be a function that gives a new collection.')
  options.runner.group(options.name ?? 'ClassifierCollection', () => {
    registerGroups(classifierCollectionGroups, options, (scope) => new ClassifierCollectionCase(options, scope))
  })
}
