// The suites of plugins and of element indexes bite: every wrong one fails exactly the groups that it breaks.

import { elementIndexGroups, elementIndexSuite, pluginGroups, pluginSuite, referenceElementIndex } from '@cbir/conformance'
import { CbirError, type Component, type ComponentConfig, type ElementIndex, type Plugin } from '@cbir/core'
import { describe, expect, test } from 'vitest'
import { outcomeOf, variant } from './run-mutants.ts'

type Config = { size: number; name: string }

/** A right plugin, written by hand: `size` is needed, `name` has a default. */
const right: Plugin<Config> = {
  kind: 'example',
  interfaces: ['Example'],
  name: 'example-plugin',
  package: 'example',
  apiVersion: 1,
  configSchema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => {
        const { size, name = 'default', ...unknown } = value as Partial<Config>
        const issues = Object.keys(unknown).map((key) => ({ message: `unknown option ${key}`, path: [key] }))
        if (typeof size !== 'number') issues.push({ message: 'must be a number', path: ['size'] })
        return issues.length > 0 ? { issues } : { value: { size: size as number, name } }
      },
    },
  },
  create: (config) => component({ ...config }),
}

const component = (config: Record<string, unknown>): Component => ({
  kind: 'example',
  name: 'example-plugin',
  apiVersion: 1,
  toConfig: (): ComponentConfig => ({ type: 'example-plugin', package: 'example', config }),
})

/** A schema like the right one, with another result. */
const parsing = (change: (value: Config) => Config): Plugin<Config>['configSchema'] => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (written) => {
      const result = right.configSchema['~standard'].validate(written)
      if (result instanceof Promise || result.issues) return result
      return { value: change(result.value) }
    },
  },
})

const PLUGIN_MUTANTS: readonly { name: string; breaks: readonly string[]; plugin: Plugin<Config> }[] = [
  { name: 'the right one', breaks: [], plugin: right },
  {
    name: 'makes a component of another name',
    breaks: ['description'],
    plugin: { ...right, create: (config) => ({ ...component({ ...config }), name: 'other' }) },
  },
  {
    name: 'is unusable without a reason',
    breaks: ['description', 'law', 'normal form'],
    plugin: { ...right, usability: () => ({ usable: false, reason: '' }) },
  },
  {
    name: 'parsing adds one each time',
    breaks: ['law', 'normal form'],
    plugin: { ...right, configSchema: parsing((value) => ({ ...value, size: value.size + 1 })) },
  },
  { name: 'the component forgets a default', breaks: ['law'], plugin: { ...right, create: ({ size }) => component({ size }) } },
  { name: 'the component forgets an option', breaks: ['law'], plugin: { ...right, create: ({ size }) => component({ size, name: 'default' }) } },
  {
    name: 'takes unknown keys',
    breaks: ['refusal'],
    plugin: {
      ...right,
      configSchema: {
        '~standard': {
          version: 1,
          vendor: 'test',
          validate: (value) => {
            const { size, name } = value as Partial<Config>
            return right.configSchema['~standard'].validate({ size, ...(name === undefined ? {} : { name }) })
          },
        },
      },
    },
  },
]

describe('wrong plugins', () => {
  for (const { name, breaks, plugin } of PLUGIN_MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) =>
        pluginSuite({
          runner,
          plugin,
          configs: [{ size: 3 }, { size: 4, name: 'four' }],
          invalid: { 'no size': {}, 'a size that is a text': { size: '3' } },
        }),
      )
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
  test('every group is broken by a mutant', () => {
    const broken = new Set(PLUGIN_MUTANTS.flatMap(({ breaks }) => breaks))
    expect(pluginGroups.map(({ name }) => name).filter((group) => !broken.has(group))).toEqual([])
  })
})

const withVectors = async (source: Parameters<ElementIndex['buildIndex']>[0]) => {
  const kept = []
  for await (const element of source) if (await element.hasVector()) kept.push(element)
  return kept
}

const ELEMENT_MUTANTS: readonly { name: string; breaks: readonly string[]; make: (index: ElementIndex) => ElementIndex }[] = [
  {
    name: 'passes over elements without a vector in a build',
    breaks: ['element without a vector'],
    make: (index) => variant(index, { buildIndex: async (source) => index.buildIndex(await withVectors(source)) }),
  },
  {
    name: 'updates what comes before an element without a vector',
    breaks: ['element without a vector'],
    make: (index) =>
      variant(index, {
        async updateIndex(source) {
          for await (const element of source) await index.updateIndex([element])
          return index.count
        },
      }),
  },
  {
    name: 'does not name the element without a vector',
    breaks: ['element without a vector'],
    make: (index) =>
      variant(index, {
        nn: (...call) =>
          index.nn(...call).catch(() => {
            throw new CbirError('NO_VECTOR', 'no vector')
          }),
      }),
  },
  {
    name: 'distances apart from their elements (#6)',
    breaks: ['neighbours'],
    make: (index) =>
      variant(index, { nn: async (...call) => ({ ...(await index.nn(...call)), distances: (await index.nn(...call)).distances.slice().reverse() }) }),
  },
  {
    name: 'gives all elements where n is not given',
    breaks: ['neighbours'],
    make: (index) => variant(index, { nn: (element, n = 100) => index.nn(element, n) }),
  },
]

describe('wrong element indexes', () => {
  for (const { name, breaks, make } of ELEMENT_MUTANTS) {
    test(`${name} → ${breaks.join(', ')}`, async () => {
      const { failed, messages } = await outcomeOf((runner) => elementIndexSuite({ runner, create: () => make(referenceElementIndex()) }))
      expect(failed, messages).toEqual([...breaks].sort())
    })
  }
  test('every group is broken by a mutant', () => {
    const broken = new Set(ELEMENT_MUTANTS.flatMap(({ breaks }) => breaks))
    expect(elementIndexGroups.map(({ name }) => name).filter((group) => !broken.has(group))).toEqual([])
  })
})
