// What the compiler knows of configuration: schemas against interfaces, factories, and what a registry gives.

import { describe, expectTypeOf, test } from 'vitest'
import { field, objectSchema } from '../../src/define.ts'
import type { Component, ComponentConfig, NearestNeighborsIndex, Plugin, PluginFactory, StandardSchema, VectorLoader } from '../../src/index.ts'
import { createRegistry, definePlugin } from '../../src/index.ts'
import { discover } from '../../src/node/index.ts'

describe('objectSchema', () => {
  test('gives the interface', () => {
    expectTypeOf(objectSchema<{ n: number }>({ n: field.integer({ default: 1 }) })).toEqualTypeOf<StandardSchema<unknown, { n: number }>>()
    objectSchema<{ n?: number | undefined; m?: 'a' | 'b' | undefined }>({ n: field.integer({ optional: true }), m: field.oneOf(['a', 'b']) })
    objectSchema<{ c: ComponentConfig; s?: { env: string } | undefined; r: Record<string, number>; l: readonly string[] }>({
      c: field.component(),
      s: field.secret({ optional: true }),
      r: field.record(field.number(), { default: {} }),
      l: field.array(field.string()),
    })
  })

  test('the fields must give the interface', () => {
    // @ts-expect-error an optional field does not give a number every time
    objectSchema<{ n: number }>({ n: field.integer({ optional: true }) })
    // @ts-expect-error text is not a number
    objectSchema<{ n: number }>({ n: field.string() })
    // @ts-expect-error a field is missing
    objectSchema<{ n: number; m: number }>({ n: field.integer() })
    // @ts-expect-error an optional field is missing
    objectSchema<{ n: number; m?: number | undefined }>({ n: field.integer() })
    // @ts-expect-error a key that the interface does not have
    objectSchema<{ n: number }>({ n: field.integer(), m: field.integer() })
    // @ts-expect-error a value that the interface does not have
    objectSchema<{ m: 'a' }>({ m: field.oneOf(['a', 'b']) })
    // @ts-expect-error a default that is none of the values
    field.oneOf(['a', 'b'], { default: 'c' })
    // @ts-expect-error a default of another type
    field.integer({ default: '1' })
  })
})

interface Live extends Component {
  readonly kind: 'classifier'
}
declare const optional: PluginFactory<{ bits?: number }, { bits: number }, Live>
declare const required: PluginFactory<{ bits: number }, { bits: number }, Promise<Live>>

describe('a plugin', () => {
  test('is called with what a person writes', () => {
    expectTypeOf(optional()).toEqualTypeOf<Live>()
    expectTypeOf(optional({ bits: 1 })).toEqualTypeOf<Live>()
    expectTypeOf(required({ bits: 1 })).toEqualTypeOf<Promise<Live>>()
    // @ts-expect-error a required option is left out
    required()
    // @ts-expect-error an option that does not exist
    optional({ bit: 1 })
  })

  test('is a plugin of any registry', () => {
    expectTypeOf(optional).toExtend<Plugin>()
    expectTypeOf(required).toExtend<Plugin>()
    createRegistry([optional, required])
  })

  test('what create gives must be of the kind', () => {
    const schema = objectSchema<{ bits: number }>({ bits: field.integer() })
    const definition = { interfaces: [], name: 'x', package: 'p', configSchema: schema, create: (): Live => optional() }
    definePlugin<{ bits: number }, { bits: number }, Live>({ ...definition, kind: 'classifier' })
    // @ts-expect-error the component is a classifier
    definePlugin<{ bits: number }, { bits: number }, Live>({ ...definition, kind: 'hash-index' })
  })
})

describe('a registry', () => {
  const registry = createRegistry([])

  test('gives the interface of the kind that is asked for', () => {
    expectTypeOf(registry.fromConfig({ type: 'flat-index' }, 'nearest-neighbors-index')).resolves.toEqualTypeOf<NearestNeighborsIndex>()
    expectTypeOf(registry.fromConfig({ type: 'x', package: 'p', config: {} }, 'vector-loader')).resolves.toEqualTypeOf<VectorLoader>()
    expectTypeOf(registry.fromConfig({ type: 'flat-index' })).resolves.toEqualTypeOf<Component>()
    expectTypeOf(registry.fromConfig({ type: 'flat-index' }, 'a-kind-of-mine')).resolves.toEqualTypeOf<Component>()
  })

  test('and so does discovery', () => {
    type Found = Awaited<ReturnType<typeof discover<'nearest-neighbors-index'>>>
    expectTypeOf<Found['plugins']>().toEqualTypeOf<ReadonlyMap<string, Plugin<unknown, NearestNeighborsIndex>>>()
    expectTypeOf(discover({ kind: 'vector-loader' }))
      .resolves.toHaveProperty('plugins')
      .toEqualTypeOf<ReadonlyMap<string, Plugin<unknown, VectorLoader>>>()
    expectTypeOf(discover()).resolves.toHaveProperty('plugins').toEqualTypeOf<ReadonlyMap<string, Plugin>>()
  })
})
