// Component: what every algorithm object of the project has in common.

/** The kinds of component that core knows. A plugin may bring a kind of its own: any string is allowed. */
export type KnownKind =
  | 'data-element'
  | 'data-set'
  | 'key-value-store'
  | 'descriptor-element'
  | 'descriptor-set'
  | 'classification-element'
  | 'vector-loader'
  | 'feature-extractor'
  | 'descriptor-generator'
  | 'nearest-neighbors-index'
  | 'hash-index'
  | 'lsh-functor'
  | 'classifier'
  | 'relevancy-index'
  | 'rank-relevancy'
  | 'recording-matcher'

/** A component as data: which plugin of which package makes it, and from what. */
export interface ComponentConfig {
  /** The plugin's name, e.g. `hnsw-index`. */
  readonly type: string
  /** The npm package that has the plugin, e.g. `@cbir/hnsw-index`. */
  readonly package: string
  readonly config: Readonly<Record<string, unknown>>
}

/** The version of the interfaces that a component or plugin was written for. */
export const API_VERSION = 1 as const

/** What every component has. Types are structural: any object of this shape is one, whoever made it. */
export interface Component {
  readonly kind: string
  /** The name of the plugin that made it, e.g. `flat-index`. */
  readonly name: string
  readonly apiVersion: 1
  /**
   * The data from which `registry.fromConfig` makes an equal component: defaults filled in at every depth.
   * @throws CbirError NOT_SERIALIZABLE where it holds what JSON cannot (a function, an open handle).
   */
  toConfig(): ComponentConfig
}

/** Who a component is: the first argument of every `define…`. A bare name stands for a component without a configuration. */
export type Identity =
  | string
  | {
      readonly name: string
      readonly package: string
      /** The parsed configuration, or a function that gives it when asked. */
      readonly config: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>)
    }
