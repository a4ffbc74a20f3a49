// Wrong classification elements: the reference with one thing broken.

import { type ReferenceClassificationTable, referenceClassificationElement } from '@cbir/conformance'
import { CbirError, type ClassificationElement } from '@cbir/core'
import { codeOf, forgiving, unsignalled, withoutReason } from './call-mutants.ts'
import { variant } from './run-mutants.ts'
import type { Mutant } from './test-mutants.ts'

export interface ClassificationElementMutant extends Mutant {
  /** `table` is where the elements of the run are kept. */
  readonly make?: (element: ClassificationElement, table: ReferenceClassificationTable) => ClassificationElement
  /** Run with `reopen`. */
  readonly reopen?: (type: string, uid: string, table: ReferenceClassificationTable) => ClassificationElement
  /** Run with `fromConfig`. */
  readonly fromConfig?: (element: ClassificationElement) => ClassificationElement
}

type Given = Parameters<ClassificationElement['setClassifications']>[0]

const entriesOf = (given: Given): [string, number][] => {
  if (given instanceof Map) return [...given]
  return typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : []
}

/** An element that stores other entries. */
const storing =
  (change: (entries: [string, number][]) => [string, number][]) =>
  (element: ClassificationElement): ClassificationElement =>
    variant(element, {
      setClassifications: (given, options) =>
        element.setClassifications(entriesOf(given).length > 0 ? new Map(change(entriesOf(given))) : given, options),
    })

/** An element that gives something else. */
const giving =
  (change: (held: Map<string, number>) => Map<string, number>) =>
  (element: ClassificationElement): ClassificationElement =>
    variant(element, { classifications: async (options) => change(await element.classifications(options)) })

const withConfig = (element: ClassificationElement, more: object): ClassificationElement =>
  variant(element, { toConfig: () => ({ ...element.toConfig(), config: { ...element.toConfig().config, ...more } }) })

export const CLASSIFICATION_ELEMENT_MUTANTS: readonly ClassificationElementMutant[] = [
  {
    name: 'is of another kind',
    breaks: ['component'],
    make: (element) => variant(element, { kind: 'descriptor-element' as 'classification-element' }),
  },
  { name: 'has a uid of its own', breaks: ['component'], make: (element) => variant(element, { uid: element.uid.replace('a uid', 'my uid') }) },
  {
    name: 'gives an empty Map before anything was set',
    breaks: ['not classified'],
    make: (element) => variant(element, { classifications: (options) => forgiving(element.classifications(options), 'NOT_FOUND', new Map()) }),
  },
  {
    name: 'says that it has classifications before it has',
    breaks: ['not classified'],
    make: (element) => variant(element, { hasClassifications: (options) => element.hasClassifications(options).then(() => true) }),
  },
  {
    name: 'the error does not name the uid',
    breaks: ['not classified'],
    make: (element) =>
      variant(element, {
        classifications: (options) =>
          element.classifications(options).catch((error: unknown) => {
            throw codeOf(error) === 'NOT_FOUND' ? new CbirError('NOT_FOUND', 'there is nothing') : error
          }),
      }),
  },
  {
    name: 'a second set keeps the labels of the first',
    breaks: ['set'],
    make: (element) => {
      let first: [string, number][] | undefined
      return storing((entries) => {
        if (entries[0]?.[0] !== 'cow' || !first) {
          first = entries
          return entries
        }
        return [...first, ...entries]
      })(element)
    },
  },
  {
    name: 'keeps its labels as names of an object',
    breaks: ['set'],
    make: giving((held) => {
      const table: Record<string, number> = {}
      for (const [label, x] of held) table[label] = x
      return new Map(Object.entries(table))
    }),
  },
  {
    name: 'the type does not count',
    breaks: ['set'],
    make: (element, table) =>
      variant(referenceClassificationElement('any', element.uid, table), { type: element.type, toConfig: () => element.toConfig() }),
  },
  {
    name: 'labels in the order of the alphabet, so that another is the first of equal ones',
    breaks: ['order of labels'],
    make: giving((held) => new Map([...held].sort(([a], [b]) => (a < b ? -1 : 1)))),
  },
  {
    name: 'the highest confidence first, of equal ones the last that was given',
    breaks: ['order of labels'],
    make: giving((held) => new Map([...held].reverse().sort(([, a], [, b]) => b - a))),
  },
  {
    name: 'an empty classification clears it',
    breaks: ['refused'],
    make: (element, table) =>
      variant(element, {
        async setClassifications(given, options) {
          if (given instanceof Map && given.size === 0) table.delete(JSON.stringify([element.type, element.uid]))
          else await element.setClassifications(given, options)
        },
      }),
  },
  {
    name: 'gives an empty label a name',
    breaks: ['refused'],
    make: storing((entries) => entries.map(([label, x]) => [label === '' ? '?' : label, x])),
  },
  {
    name: 'takes NaN for 0',
    breaks: ['refused'],
    make: storing((entries) => entries.map(([label, x]) => [label, typeof x === 'number' && !Number.isFinite(x) ? 0 : x])),
  },
  {
    name: 'reads texts as numbers',
    breaks: ['refused'],
    make: storing((entries) => entries.map(([label, x]) => [label, typeof x === 'string' ? Number(x) : x])),
  },
  {
    name: 'what is refused has been stored in part',
    breaks: ['refused'],
    make: (element) =>
      variant(element, {
        setClassifications: (given, options) =>
          element.setClassifications(given, options).catch(async (error: unknown) => {
            if (codeOf(error) === 'NOT_FINITE') await element.setClassifications({ cat: 1 })
            throw error
          }),
      }),
  },
  {
    name: 'keeps the Map that it was given',
    breaks: ['copies'],
    make: (element) => {
      let held: Given | undefined
      return variant(element, {
        async setClassifications(given, options) {
          await element.setClassifications(given, options)
          held = given
        },
        classifications: async (options) =>
          held instanceof Map ? element.classifications(options).then(() => new Map(held as Map<string, number>)) : element.classifications(options),
      })
    },
  },
  {
    name: 'gives away its own Map',
    breaks: ['copies'],
    make: (element) => {
      let own: Map<string, number> | undefined
      return variant(element, {
        async setClassifications(...call) {
          await element.setClassifications(...call)
          own = undefined
        },
        classifications: async (options) => {
          const held = await element.classifications(options)
          own ??= held
          return own
        },
      })
    },
  },
  {
    name: 'reads the Map later than at the call',
    breaks: ['copies'],
    make: (element) =>
      variant(element, {
        async setClassifications(...call) {
          await undefined
          return element.setClassifications(...call)
        },
      }),
  },
  {
    name: 'ignores the signal',
    breaks: ['abort'],
    make: (element) => variant(element, { setClassifications: (given, options) => element.setClassifications(given, unsignalled(options)) }),
  },
  {
    name: 'forgets the reason of an abort',
    breaks: ['abort'],
    make: (element) => variant(element, { classifications: (options) => withoutReason(element.classifications(options)) }),
  },
  {
    name: 'is seen half set',
    breaks: ['concurrency'],
    make: (element) =>
      variant(element, {
        async setClassifications(given, options) {
          const entries = entriesOf(given)
          if (entries[0]?.[0] === 'number') {
            await element.setClassifications(new Map(entries.slice(0, 1)), options)
            await undefined
          }
          await element.setClassifications(given, options)
        },
      }),
  },
  {
    name: 'forgets what it kept',
    breaks: ['persistence'],
    reopen: (type, uid) => referenceClassificationElement(type, uid),
  },
  {
    name: 'finds what belongs to a like uid',
    breaks: ['persistence'],
    reopen: (type, uid, table) => referenceClassificationElement(type, uid.replace(/ too$/, ''), table),
  },
  {
    name: 'a configuration that JSON cannot hold',
    breaks: ['configuration'],
    make: (element) => withConfig(element, { since: new Date(0) }),
    fromConfig: (element) => element,
  },
  { name: 'made again it has another configuration', breaks: ['configuration'], fromConfig: (element) => withConfig(element, { made: 'again' }) },
  {
    name: 'made again it has another type',
    breaks: ['made again from its configuration › component'],
    fromConfig: (element) => variant(element, { type: 'classifier' }),
  },
]
