// definePlugin: a plugin that is also the function people call in code.

import { API_VERSION, type Component } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
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

/** Separates live components from data; in the data a reference stands in their place, so that the schema sees a valid component. */
function takeComponents(definition: Pick<Plugin, 'name' | 'components'>, config: unknown): { data: unknown; built: BuiltComponents } {
  if (typeof config !== 'object' || config === null || !definition.components) return { data: config, built: {} }
  const data: Record<string, unknown> = { ...config }
  const built: Record<string, Component> = {}
  for (const [field, kind] of Object.entries(definition.components)) {
    const value = data[field]
    if (value === undefined) continue
    if (!isComponent(value) || value.kind !== kind) {
      throw new CbirError(
        'INVALID_CONFIG',
        `"${field}" of "${definition.name}" must be a ${kind} made in code. To make it from data, use registry.fromConfig(…).`,
        { details: { issues: [{ path: field, message: `expected a ${kind}` }] } },
      )
    }
    built[field] = value
    data[field] = { type: value.name, package: '', config: {} }
  }
  return { data, built }
}

function isComponent(value: unknown): value is Component {
  const c = value as Partial<Component> | null
  return (typeof c === 'object' || typeof c === 'function') && c !== null && typeof c.kind === 'string' && typeof c.toConfig === 'function'
}
