// A field of a configuration that holds another component, or a list of them.

import type { Component } from '../component/component.ts'
import { joinPath } from './json-data.ts'
import type { BuiltComponents, BuiltLists, Plugin } from './plugin.ts'

/** `hash-index` is one component; `hash-index[]` is a list of them, in their order. */
export interface ComponentField {
  readonly field: string
  readonly kind: string
  readonly list: boolean
}

/** The fields of a plugin's `components`. */
export function componentFields(plugin: Pick<Plugin, 'components'>): readonly ComponentField[] {
  return Object.entries(plugin.components ?? {}).map(([field, kind]) => {
    const list = kind.endsWith('[]')
    return { field, kind: list ? kind.slice(0, -2) : kind, list }
  })
}

/** The values of a field with the path of each: one for a single component, any number for a list. */
export function valuesOf(value: unknown, path: string, list: boolean): readonly (readonly [value: unknown, path: string])[] {
  return list && Array.isArray(value) ? value.map((one, i) => [one, joinPath(path, i)] as const) : [[value, path]]
}

/** Live components by field, single ones and lists apart, as a plugin's `create` takes them. */
export class BuiltFields<C extends Component = Component> {
  readonly single: Record<string, C> = {}
  readonly lists: Record<string, readonly C[]> = {}

  set({ field, list }: ComponentField, components: readonly C[]): void {
    if (list) this.lists[field] = components
    else this.single[field] = components[0]!
  }
}

/**
 * The configuration of a component that holds others, for its `toConfig`: `config` with what the live components say of themselves.
 * @example create: (config, built) => make({ name, package, config: configWith(config, built) }, built)
 */
export function configWith(config: object, built: BuiltComponents, lists: BuiltLists = {}): () => Readonly<Record<string, unknown>> {
  return () => ({
    ...config,
    ...Object.fromEntries(Object.entries(built).map(([field, component]) => [field, component.toConfig()])),
    ...Object.fromEntries(Object.entries(lists).map(([field, components]) => [field, components.map((component) => component.toConfig())])),
  })
}
