// elementIndexSuite: SMQTK's form of an index, which takes and gives descriptor elements. Core's `withElements` makes one of any index.

import { CbirError, type DescriptorElement, type ElementIndex } from '@cbir/core'
import { names, rejects, same, sameList } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { checkOptions, type Group, registerGroups, type Scope, type SuiteOptions } from '../framework/suite.ts'

/** Options of `elementIndexSuite`. */
export interface ElementIndexSuiteOptions extends SuiteOptions {
  /** A new index without elements, by euclidean distance, which can update and remove. */
  readonly create: () => Made<ElementIndex>
}

/** What a case of the suite works with. */
export interface ElementIndexCase extends Scope {
  create(): Promise<ElementIndex>
  /** Elements whose vector is the number alone. */
  elements(vectors: Readonly<Record<string, number | undefined>>): DescriptorElement[]
}

/** A group of the suite. */
export type ElementIndexGroup = Group<ElementIndexCase, ElementIndexSuiteOptions>

const DIMENSIONS = 4

const neighboursGroup: ElementIndexGroup = {
  name: 'neighbours',
  rule: 'nn gives the nearest elements with their distances, closest first, one where n is not given',
  cases: {
    'elements and distances belong together': async (t) => {
      const index = await t.create()
      same(await index.buildIndex(t.elements({ far: 9, near: 1, middle: 4 })), 3, 'what buildIndex gives')
      same(index.count, 3, 'count')
      const [query] = t.elements({ query: 0 })
      const { elements, distances } = await index.nn(query!, 3)
      sameList(
        elements.map(({ uid }) => uid),
        ['near', 'middle', 'far'],
        'uids of the neighbours',
      )
      sameList(distances, [1, 4, 9], 'distances')
      for (const [i, element] of elements.entries()) same((await element.vector())[0], distances[i], `first number of the vector of ${element.uid}`)
      sameList(
        (await index.nn(query!)).elements.map(({ uid }) => uid),
        ['near'],
        'the one neighbour where n is not given',
      )
    },
    'elements are updated and removed': async (t) => {
      const index = await t.create()
      await index.buildIndex(t.elements({ a: 1, b: 2 }))
      same(await index.updateIndex(t.elements({ b: 8, c: 3 })), 3, 'what updateIndex gives')
      same(await index.removeFromIndex(['a']), 2, 'what removeFromIndex gives')
      const { elements, distances } = await index.nn(t.elements({ query: 0 })[0]!, 5)
      sameList(
        elements.map(({ uid }) => uid),
        ['c', 'b'],
        'uids of the neighbours',
      )
      sameList(distances, [3, 8], 'distances')
      for (const [i, element] of elements.entries()) same((await element.vector())[0], distances[i], `first number of the vector of ${element.uid}`)
    },
  },
}

const withoutVectorGroup: ElementIndexGroup = {
  name: 'element without a vector',
  rule: 'in build or query: NO_VECTOR, names the uid, nothing changed',
  cases: {
    'in a build': async (t) => {
      const index = await t.create()
      await index.buildIndex(t.elements({ a: 1, b: 2 }))
      const error = await rejects(
        () => index.buildIndex(t.elements({ c: 3, bare: undefined, d: 4 })),
        'NO_VECTOR',
        'buildIndex with an element without a vector',
      )
      names(error, 'bare', 'the error')
      same(index.count, 2, 'count after a refused build')
      const { elements } = await index.nn(t.elements({ query: 0 })[0]!, 5)
      sameList(
        elements.map(({ uid }) => uid),
        ['a', 'b'],
        'uids after a refused build',
      )
    },
    'in an update': async (t) => {
      const index = await t.create()
      await index.buildIndex(t.elements({ a: 1, b: 2 }))
      const error = await rejects(
        () => index.updateIndex(t.elements({ a: 9, bare: undefined })),
        'NO_VECTOR',
        'updateIndex with an element without a vector',
      )
      names(error, 'bare', 'the error')
      const { elements } = await index.nn(t.elements({ query: 0 })[0]!, 5)
      sameList(
        elements.map(({ uid }) => uid),
        ['a', 'b'],
        'uids after a refused update',
      )
    },
    'in a query': async (t) => {
      const index = await t.create()
      await index.buildIndex(t.elements({ a: 1 }))
      const [bare] = t.elements({ bare: undefined })
      names(await rejects(() => index.nn(bare!, 1), 'NO_VECTOR', 'nn of an element without a vector'), 'bare', 'the error')
    },
  },
}

/** The groups of the suite. */
export const elementIndexGroups: readonly ElementIndexGroup[] = [neighboursGroup, withoutVectorGroup]

/**
 * Registers the tests of one element index with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function elementIndexSuite(options: ElementIndexSuiteOptions): void {
  const { runner, create } = options
  checkOptions('elementIndexSuite', options, ['create'])
  if (typeof create !== 'function') throw new TypeError('elementIndexSuite: create must be a function that gives a new index.')
  const open = (scope: Scope): ElementIndexCase => ({
    ...scope,
    create: async () => create(),
    elements: (vectors) => Object.entries(vectors).map(plainElement),
  })
  runner.group(options.name ?? 'ElementIndex', () => registerGroups(elementIndexGroups, options, open))
}

/** An element that holds one vector, or none. */
function plainElement([uid, value]: readonly [string, number | undefined]): DescriptorElement {
  const vector = value === undefined ? undefined : Float32Array.of(value, ...new Array<number>(DIMENSIONS - 1).fill(0))
  return {
    kind: 'descriptor-element',
    name: 'plain-element',
    apiVersion: 1,
    type: 'plain',
    uid,
    toConfig: () => ({ type: 'plain-element', package: '@cbir/conformance', config: {} }),
    hasVector: async () => vector !== undefined,
    async vector() {
      if (vector) return vector.slice()
      throw new CbirError('NO_VECTOR', `The element ${JSON.stringify(uid)} has no vector.`)
    },
    async setVector() {
      throw new CbirError('READ_ONLY', 'A plain element keeps its vector.')
    },
  }
}
