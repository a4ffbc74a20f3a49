// definePlugin: a plugin that is also the function people call in code.

import { API_VERSION, type Component, type ComponentConfig } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { BuiltFields, componentFields, valuesOf } from './component-field.ts'
import { isComponent } from './is-component.ts'
import { isRecord } from './json-data.ts'
import { parseConfigNow } from './parse-config.ts'
import type { BuiltComponents, BuiltLists, Plugin, Usability } from './plugin.ts'
import type { StandardSchema } from './standard-schema.ts'

type Arguments<Input> = Record<string, never> extends Input ? [config?: Input] : [config: Input]

/**
 * A plugin and a factory in one: `createRegistry([flatIndex])` takes it as a plugin, `flatIndex({ metric: 'cosine' })` makes a component.
 * Called as a function it takes the configuration as a person writes it (defaults left out, other components given as live objects).
 * A component that was left out is not made from its default then, as a registry would: `built` lacks it, and `create` says what happens.
 * `R` is what `create` gives: the component, or a promise of it where making it needs time.
 */
export interface PluginFactory<Input, Config, R extends Component | Promise<Component>> extends Omit<Plugin<Config, Awaited<R>>, 'create'> {
  (...args: Arguments<Input>): R
  create(config: Config, built: BuiltComponents, lists: BuiltLists): R
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
  create(config: Config, built: BuiltComponents, lists: BuiltLists): R
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
    return definition.create(parseConfigNow(definition, data) as Config, built.single, built.lists)
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
function takeComponents(definition: Pick<Plugin, 'name' | 'components'>, config: unknown): { data: unknown; built: BuiltFields } {
  const built = new BuiltFields()
  if (!isRecord(config) || !definition.components) return { data: config, built }
  const data: Record<string, unknown> = { ...config }
  for (const of of componentFields(definition)) {
    const value = data[of.field]
    if (value === undefined || value === null) continue
    const components = valuesOf(value, of.field, of.list).map(([one, path]) => takeComponent(definition.name, one, of.kind, path))
    built.set(of, components)
    data[of.field] = of.list ? components.map(referenceTo) : referenceTo(components[0]!)
  }
  return { data, built }
}

function takeComponent(plugin: string, value: unknown, kind: string, path: string): Component {
  if (isComponent(value) && value.kind === kind) return value
  throw new CbirError(
    'INVALID_CONFIG',
    `"${path}" of "${plugin}" must be a ${kind} made in code. To make it from data, use registry.fromConfig(…).`,
    {
      details: { issues: [{ path, message: `expected a ${kind}` }] },
    },
  )
}

function referenceTo(component: Component): ComponentConfig {
  try {
    return component.toConfig()
  } catch {
    return { type: component.name, package: 'made-in-code', config: {} }
  }
}
