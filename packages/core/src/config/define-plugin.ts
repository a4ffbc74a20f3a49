// definePlugin: a plugin that is also the function people call in code.

import { API_VERSION, type Component, type ComponentConfig } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { isComponent } from './is-component.ts'
import { parseConfigNow } from './parse-config.ts'
import type { BuiltComponents, Plugin, Usability } from './plugin.ts'
import type { StandardSchema } from './standard-schema.ts'

type Arguments<Input> = Record<string, never> extends Input ? [config?: Input] : [config: Input]

/**
 * A plugin and a factory in one: `createRegistry([flatIndex])` takes it as a plugin, `flatIndex({ metric: 'cosine' })` makes a component.
 * Called as a function it takes the configuration as a person writes it (defaults left out, other components given as live objects).
 * `R` is what `create` gives: the component, or a promise of it where making it needs time.
 */
export interface PluginFactory<Input, Config, R extends Component | Promise<Component>> extends Omit<Plugin<Config, Awaited<R>>, 'create'> {
  (...args: Arguments<Input>): R
  create(config: Config, built: BuiltComponents): R
}

/** What an adapter says of its plugin. */
export interface PluginDefinition<Config, R extends Component | Promise<Component>> {
  readonly kind: Awaited<R>['kind']
  readonly interfaces: readonly string[]
  readonly name: string
  readonly package: string
  readonly configSchema: StandardSchema<unknown, Config>
  readonly components?: Readonly<Record<string, string>> | undefined
  usability?(): Usability | Promise<Usability>
  create(config: Config, built: BuiltComponents): R
}

/**
 * Makes a plugin that can also be called.
 * @throws CbirError INVALID_CONFIG when called with a configuration that does not fit the schema
 */
export function definePlugin<Input, Config, R extends Component | Promise<Component>>(
  definition: PluginDefinition<Config, R>,
): PluginFactory<Input, Config, R> {
  const make = (config: unknown = {}): R => {
    const { data, built } = takeComponents(definition, config)
    return definition.create(parseConfigNow(definition, data) as Config, built)
  }
  // A function's own `name` is read-only, so it is redefined and not assigned.
  const properties = { ...definition, apiVersion: API_VERSION }
  for (const [key, value] of Object.entries(properties)) Object.defineProperty(make, key, { value, enumerable: true, configurable: true })
  return make as unknown as PluginFactory<Input, Config, R>
}

/**
 * Separates live components from data. The schema sees a reference in their place: the component's configuration, or, for one that cannot be
 * written as configuration, its name alone. (`configWith` gives back what the live components say themselves.)
 */
function takeComponents(definition: Pick<Plugin, 'name' | 'components'>, config: unknown): { data: unknown; built: BuiltComponents } {
  if (typeof config !== 'object' || config === null || !definition.components) return { data: config, built: {} }
  const data: Record<string, unknown> = { ...config }
  const built: Record<string, Component> = {}
  for (const [field, kind] of Object.entries(definition.components)) {
    const value = data[field]
    if (value === undefined || value === null) continue
    if (!isComponent(value) || value.kind !== kind) {
      throw new CbirError(
        'INVALID_CONFIG',
        `"${field}" of "${definition.name}" must be a ${kind} made in code. To make it from data, use registry.fromConfig(…).`,
        { details: { issues: [{ path: field, message: `expected a ${kind}` }] } },
      )
    }
    built[field] = value
    data[field] = referenceTo(value)
  }
  return { data, built }
}

function referenceTo(component: Component): ComponentConfig {
  try {
    return component.toConfig()
  } catch {
    return { type: component.name, package: 'made-in-code', config: {} }
  }
}

/**
 * The configuration of a component that holds others, for its `toConfig`: `config` with what the live components say of themselves.
 * @example create: (config, built) => make({ name, package, config: configWith(config, built) }, built)
 */
export function configWith(config: object, built: BuiltComponents): () => Readonly<Record<string, unknown>> {
  return () => ({ ...config, ...Object.fromEntries(Object.entries(built).map(([field, component]) => [field, component.toConfig()])) })
}
