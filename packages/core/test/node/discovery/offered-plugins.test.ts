import { describe, expect, test } from 'vitest'
import type { Plugin } from '../../../src/index.ts'
import { offeredPlugins, promisedPlugin } from '../../../src/node/discovery/offered-plugins.ts'

const schema = { '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) } }
function plugin(kind: string, name: string, more: object = {}): Plugin {
  const create = (): never => {
    throw new Error('not made in this test')
  }
  return { kind, name, package: 'p', apiVersion: 1, interfaces: [], configSchema: schema, create, ...more }
}
const NN = 'nearest-neighbors-index'
const a = plugin(NN, 'a')
const b = plugin(NN, 'b')
const svm = plugin('classifier', 'svm')

const names = (exports: Record<string, unknown>, kind: string | undefined): string[] => offeredPlugins(exports, kind).plugins.map((one) => one.name)
const problems = (exports: Record<string, unknown>, kind: string | undefined): string[] =>
  offeredPlugins(exports, kind).problems.map((one) => one.code)

describe('what a module offers', () => {
  test('without a helper: every exported plugin of the kind, once, except private names', () => {
    const exports = {
      a,
      default: a,
      _b: b,
      c: plugin(NN, '_c'),
      svm,
      version: '1',
      make: () => a,
      live: { kind: NN, name: 'x', toConfig: () => ({}) },
    }
    expect(names(exports, NN)).toEqual(['a'])
    expect(names(exports, 'classifier')).toEqual(['svm'])
    expect(names(exports, undefined)).toEqual(['a', 'svm'])
    expect(problems(exports, undefined)).toEqual([])
  })

  test('a function with the properties of a plugin is one', () => {
    const callable = (): undefined => undefined
    const properties = Object.entries(plugin(NN, 'callable')).map(([key, value]) => [key, { value }])
    Object.defineProperties(callable, Object.fromEntries(properties) as PropertyDescriptorMap)
    expect(names({ callable }, NN)).toEqual(['callable'])
    expect(names({ NN_INDEX_CLASS: callable }, NN)).toEqual(['callable'])
  })

  test.each<[string, unknown, string[]]>([
    ['one', b, ['b']],
    ['an array', [b, a], ['b', 'a']],
    ['a set', new Set([b]), ['b']],
    [
      'a generator',
      (function* () {
        yield a
      })(),
      ['a'],
    ],
    ['null', null, []],
    ['nothing in an array', [], []],
  ])('a helper with %s decides for its kind', (_, NN_INDEX_CLASS, expected) => {
    const exports = { a, svm, NN_INDEX_CLASS }
    expect(names(exports, NN)).toEqual(expected)
    expect(problems(exports, NN)).toEqual([])
    expect(names(exports, 'classifier')).toEqual(['svm'])
  })

  test('a helper may name what is private', () => {
    expect(names({ _b: b, NN_INDEX_CLASS: b }, NN)).toEqual(['b'])
  })

  test.each<[string, unknown]>([
    ['text', 'a'],
    ['undefined', undefined],
    ['a plain object', {}],
    ['a plugin of another kind', svm],
    ['an iterable of something else', [1]],
    ['a plugin that is not whole', plugin(NN, 'x', { create: undefined })],
  ])('a helper with %s is a problem, and nothing else counts', (_, NN_INDEX_CLASS) => {
    expect(offeredPlugins({ a, NN_INDEX_CLASS }, NN).plugins).toEqual([])
    expect(problems({ a, NN_INDEX_CLASS }, NN)).toEqual(['INVALID_ARGUMENT'])
  })

  test('what one entry lacks does not spoil the others', () => {
    const broken = (function* () {
      yield a
      yield plugin(NN, 'old', { apiVersion: 2 })
      throw new Error('half way')
    })()
    const offer = offeredPlugins({ NN_INDEX_CLASS: broken }, NN)
    expect(offer.plugins).toEqual([a])
    expect(offer.problems.map((problem) => problem.code)).toEqual(['API_VERSION_MISMATCH', 'LOAD_FAILED'])
  })

  test('an exported plugin that is not whole is a problem that says what is missing', () => {
    const offer = offeredPlugins({ a, half: { kind: NN, name: 'half', create: () => undefined } }, NN)
    expect(offer.plugins).toEqual([a])
    expect(offer.problems[0]?.message).toContain('configSchema')
  })
})

describe('the plugin that a manifest promises', () => {
  test('is found by kind and name under any export', () => {
    expect(promisedPlugin({ _x: a, b }, NN, 'a')).toBe(a)
  })

  test('or it says what is there instead', () => {
    expect(() => promisedPlugin({ b, svm }, NN, 'a')).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_PLUGIN', message: expect.stringContaining('a classifier "svm"') }),
    )
    expect(() => promisedPlugin({}, NN, 'a')).toThrow(expect.objectContaining({ message: expect.stringContaining('no plugin') }))
    expect(() => promisedPlugin({ x: plugin(NN, 'a', { apiVersion: 9 }) }, NN, 'a')).toThrow(
      expect.objectContaining({ code: 'API_VERSION_MISMATCH' }),
    )
  })
})
