import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findNotJson, joinPath, toJson } from '../../src/config/json-data.ts'

const cycle: Record<string, unknown> = { a: {} }
;(cycle.a as Record<string, unknown>).back = cycle
let deep: unknown = 1
for (let i = 0; i < 100_000; i++) deep = [deep]

describe('findNotJson', () => {
  test('accepts whatever JSON gives', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(findNotJson(value)).toBeUndefined()
        expect(toJson(value)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(findNotJson({ left: undefined, bare: Object.assign(Object.create(null), { a: 1 }) })).toBeUndefined()
  })

  test.each<[string, unknown, string]>([
    ['a function', { a: { f: () => 1 } }, 'a.f'],
    ['NaN in an array', { a: [1, Number.NaN] }, 'a[1]'],
    ['a date', { 'x y': new Date(0) }, '["x y"]'],
    ['a typed array', { v: new Float32Array(1) }, 'v'],
    ['a bigint', { n: 1n }, 'n'],
    ['undefined in an array', { a: [undefined] }, 'a[0]'],
    ['a hole', { a: new Array(2) }, 'a[0]'],
    ['a cycle', cycle, 'a.back'],
  ])('names the place of %s', (_, value, path) => {
    expect(findNotJson(value)?.path).toBe(path)
  })

  test('data nested without end is refused, not walked', () => {
    expect(findNotJson(deep)?.reason).toContain('nested more than')
  })

  test('the same object in two places is no cycle', () => {
    const shared = { a: 1 }
    expect(findNotJson([shared, { shared }])).toBeUndefined()
  })
})

test('joinPath', () => {
  expect(joinPath('', 'a')).toBe('a')
  expect(joinPath('a', 'b-c')).toBe('a.b-c')
  expect(joinPath('a', 0)).toBe('a[0]')
  expect(joinPath('a', 'b.c')).toBe('a["b.c"]')
})
