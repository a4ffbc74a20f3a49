// Plugin: how a component is announced, configured and made.

import type { Component } from '../component/component.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Whether a plugin can work here; if not, why, and what to do. */
export type Usability = { readonly usable: true } | { readonly usable: false; readonly reason: string }

/** The components that a plugin's configuration names, already built, by field. */
export type BuiltComponents = Readonly<Record<string, Component>>

/** The lists of components that a plugin's configuration names, already built, by field. */
export type BuiltLists = Readonly<Record<string, readonly Component[]>>

/**
 * An algorithm that can be found, configured from data and made.
 * `Config` is the parsed configuration (defaults filled in); `T` the component.
 */
export interface Plugin<Config = unknown, T extends Component = Component> {
  readonly kind: T['kind']
  /** Names of the interfaces and abilities that its components have, e.g. `['NearestNeighborsIndex', 'Removable']`; for `discover({ subInterface })`. */
  readonly interfaces: readonly string[]
  readonly name: string
  readonly package: string
  readonly apiVersion: 1
  readonly configSchema: StandardSchema<unknown, Config>
  /** Fields of the configuration that hold other components, and the kind of each: `hash-index` for one, `hash-index[]` for a list. */
  readonly components?: Readonly<Record<string, string>> | undefined
  usability?(): Usability | Promise<Usability>
  create(config: Config, built: BuiltComponents, lists: BuiltLists): Promise<T> | T
}
