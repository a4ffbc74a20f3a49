// Registry: a set of plugins that turns configuration into components and back into its normal form.

import type { CallOptions } from '../component/call-options.ts'
import type { Component, ComponentConfig } from '../component/component.ts'
import { buildComponent } from './build-component.ts'
import { checkPlugin } from './check-plugin.ts'
import type { ComponentOf } from './component-kinds.ts'
import { isRecord } from './json-data.ts'
import { parseComponent } from './parse-component.ts'
import type { Plugin } from './plugin.ts'
import { PluginTable } from './plugin-table.ts'
import type { JsonSchema } from './standard-schema.ts'

/** A component's configuration as it may be written: what has a default may be left out, `package` too where the name belongs to one package. */
export interface WrittenConfig {
  readonly type: string
  readonly package?: string | undefined
  readonly config?: Readonly<Record<string, unknown>> | undefined
}

/** A plugin as data, for lists and user interfaces. */
export interface PluginDescription {
  readonly kind: string
  readonly name: string
  readonly package: string
  readonly apiVersion: number
  readonly interfaces: readonly string[]
  /** Fields of the configuration that hold other components, and the kind of each. */
  readonly components: Readonly<Record<string, string>>
  /** Whether kind and name mean this plugin; if not, its package must be given too. */
  readonly shortName: boolean
  /** What may be written as `config`, as JSON Schema (draft 2020-12), where the plugin's schema can say so. */
  readonly configSchema?: JsonSchema
}

export interface Registry {
  /** The plugins, of one kind or all, in the order in which they were given. */
  plugins(kind?: string): readonly Plugin[]
  /**
   * One plugin by its name, and by its package where the name alone is not enough.
   * @throws CbirError UNKNOWN_PLUGIN (lists near names), DUPLICATE_NAME
   */
  get(kind: string, type: string, packageName?: string): Plugin
  /**
   * The normal form of a configuration: every default filled in, in the components inside too. Parsing a normal form gives it again.
   * @param kind what the component must be; without it any kind is taken
   * @throws CbirError INVALID_CONFIG: `details.issues` lists everything that is wrong, each with its path from the root's configuration, e.g.
   *   `functor.config.bits`. UNKNOWN_PLUGIN and DUPLICATE_NAME, where that is all that is wrong.
   */
  parse(config: WrittenConfig, kind?: string): Promise<ComponentConfig>
  /**
   * Makes the component, and first the components inside it. `toConfig()` of the result is `parse(config)`. The result owns the components
   * inside: disposing it disposes them.
   * @throws CbirError as `parse`; NOT_USABLE with the plugin's reason (nothing was made then); ADAPTER_FAULT; MISSING_SECRET; ABORTED. When one
   *   component cannot be made, those that were made for it are disposed.
   */
  fromConfig<K extends string = string>(config: WrittenConfig, kind?: K, options?: Pick<CallOptions, 'signal'>): Promise<ComponentOf<K>>
  /**
   * The normal form of the empty configuration (SMQTK's `get_default_config`).
   * @throws CbirError INVALID_CONFIG where something has no default; UNKNOWN_PLUGIN, DUPLICATE_NAME
   */
  defaultConfig(kind: string, type: string, packageName?: string): Promise<ComponentConfig>
  /** The plugins as data that JSON can hold. */
  describe(): PluginDescription[]
}

/**
 * A registry of these plugins. A plugin listed twice (same kind, name and package) counts once. Of two with the same kind and name but from
 * different packages neither is found by its name alone: their package tells them apart.
 * @example const registry = createRegistry([flatIndex, hnswIndex]); const index = await registry.fromConfig({ type: 'hnsw-index' })
 * @throws CbirError INVALID_ARGUMENT for a malformed plugin (says what is missing), API_VERSION_MISMATCH
 */
export function createRegistry(plugins: Iterable<Plugin>): Registry {
  return registryOf(new PluginTable([[...plugins].map((plugin, i) => checkPlugin(plugin, `Plugin ${i} of the registry`))]))
}

/** A registry of a table, which may rank several sources; for discovery. */
export function registryOf(table: PluginTable): Registry {
  const parse = (config: unknown, kind?: string): Promise<ComponentConfig> => parseComponent(table, config, kind)
  return {
    plugins: (kind) => table.all.filter((plugin) => kind === undefined || plugin.kind === kind),
    get: (kind, type, packageName) => table.find(kind, type, packageName),
    parse,
    async fromConfig<K extends string>(config: WrittenConfig, kind?: K, options: Pick<CallOptions, 'signal'> = {}): Promise<ComponentOf<K>> {
      const component: Component = await buildComponent(table, await parse(config, kind), kind, options)
      return component as ComponentOf<K>
    },
    async defaultConfig(kind, type, packageName) {
      const plugin = table.find(kind, type, packageName)
      return parse({ type, package: plugin.package, config: {} }, kind)
    },
    describe: () => table.all.map((plugin) => describePlugin(plugin, table.ownsShortName(plugin))),
  }
}

function describePlugin(plugin: Plugin, shortName: boolean): PluginDescription {
  const { kind, name, package: packageName, apiVersion, interfaces, components = {} } = plugin
  const configSchema = jsonSchemaOf(plugin)
  return {
    kind,
    name,
    package: packageName,
    apiVersion,
    interfaces: [...interfaces],
    components: { ...components },
    shortName,
    ...(configSchema === undefined ? {} : { configSchema }),
  }
}

function jsonSchemaOf(plugin: Plugin): JsonSchema | undefined {
  try {
    const schema = plugin.configSchema['~standard'].jsonSchema?.input({ target: 'draft-2020-12' })
    return isRecord(schema) ? schema : undefined
  } catch {
    // The standard lets a schema refuse that has no JSON form, e.g. one with a transform.
    return undefined
  }
}
