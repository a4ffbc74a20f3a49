// Groups about what an element holds.

import { maxLabel } from '@cbir/core'
import { names, rejects, same, sameList } from '../../framework/check.ts'
import { type ClassificationElementGroup, CONFIDENCES, holds } from '../classification-element-case.ts'

export const notClassifiedGroup: ClassificationElementGroup = {
  name: 'not classified',
  rule: 'before anything was set there are no classifications: NOT_FOUND, which names the uid',
  cases: {
    'a new element': async (t) => {
      const element = await t.make()
      same(await element.hasClassifications(), false, 'hasClassifications of a new element')
      names(await rejects(() => element.classifications(), 'NOT_FOUND', 'classifications of a new element'), element.uid, 'the error')
      await rejects(() => maxLabel(element), 'NOT_FOUND', 'maxLabel of a new element')
    },
  },
}

export const setGroup: ClassificationElementGroup = {
  name: 'set',
  rule: 'setClassifications replaces everything, from a Map or an object; elements of another uid or type hold their own',
  cases: {
    'what was set is there': async (t) => {
      const element = await t.filled()
      same(await element.hasClassifications(), true, 'hasClassifications')
      await holds(element, CONFIDENCES, 'an element that was set')
    },
    'an object is as good as a Map': async (t) => {
      const element = await t.make()
      await element.setClassifications({ cat: 1 / 3, dog: 2 / 3 })
      await holds(element, new Map(Object.entries({ cat: 1 / 3, dog: 2 / 3 })), 'an element that was set from an object')
    },
    'the second set replaces the first': async (t) => {
      const element = await t.filled()
      await element.setClassifications({ cow: 1 })
      await holds(element, new Map([['cow', 1]]), 'an element that was set twice')
    },
    'labels are opaque': async (t) => {
      const strange = new Map([['__proto__', 0.5], ['constructor', 0.25], ['0', 0.25]]) // biome-ignore format: one line
      const element = await t.make()
      await element.setClassifications(strange)
      await holds(element, strange, 'an element with strange labels')
    },
    'others hold their own': async (t) => {
      const uid = t.uid()
      const elements = [await t.make('one', uid), await t.make('two', uid), await t.make('one', t.uid())]
      for (const [i, element] of elements.entries()) await element.setClassifications({ cat: i / 4 })
      for (const [i, element] of elements.entries()) await holds(element, new Map([['cat', i / 4]]), `element ${i} of three`)
    },
  },
}

export const orderGroup: ClassificationElementGroup = {
  name: 'order of labels',
  rule: 'the labels keep the order in which they were given; so of equal confidences the first wins',
  cases: {
    'the order is kept': async (t) => {
      const element = await t.make()
      for (const given of [new Map(CONFIDENCES), new Map([...CONFIDENCES].reverse())]) {
        await element.setClassifications(given)
        sameList((await element.classifications()).keys(), given.keys(), 'labels')
      }
    },
    'of equal confidences the first label wins': async (t) => {
      const element = await t.make()
      await element.setClassifications(new Map([['low', 0.1], ['zebra', 0.45], ['ape', 0.45]])) // biome-ignore format: one line
      same(await maxLabel(element), 'zebra', 'maxLabel')
    },
  },
}

export const refusedGroup: ClassificationElementGroup = {
  name: 'refused',
  rule: 'no label, an empty label, what is no number: INVALID_ARGUMENT; NaN and Infinity: NOT_FINITE; what was held is unchanged',
  cases: {
    'what cannot be set': async (t) => {
      const element = await t.filled()
      const wrong: [what: string, code: 'INVALID_ARGUMENT' | 'NOT_FINITE', given: unknown][] = [
        ['an empty Map', 'INVALID_ARGUMENT', new Map()],
        ['an empty object', 'INVALID_ARGUMENT', {}],
        ['an empty label', 'INVALID_ARGUMENT', { cat: 1, '': 0 }],
        ['a label that is a number', 'INVALID_ARGUMENT', new Map([[1, 0.5]])],
        ['a confidence that is a text', 'INVALID_ARGUMENT', { cat: '1' }],
        ['a confidence that is missing', 'INVALID_ARGUMENT', { cat: 1, dog: undefined }],
        ['a list', 'INVALID_ARGUMENT', [1, 2]],
        ['null', 'INVALID_ARGUMENT', null],
        ['NaN', 'NOT_FINITE', { cat: 1, dog: Number.NaN }],
        ['Infinity', 'NOT_FINITE', { cat: Number.POSITIVE_INFINITY }],
      ]
      for (const [what, code, given] of wrong) {
        await rejects(() => element.setClassifications(given as Map<string, number>), code, `setClassifications with ${what}`)
        await holds(element, CONFIDENCES, `an element after a refused ${what}`)
      }
    },
  },
}
