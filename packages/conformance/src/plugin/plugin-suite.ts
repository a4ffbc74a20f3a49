// pluginSuite: the law of configuration, for any plugin. `toConfig(await fromConfig(c))` is `registry.parse(c)`.

import { CbirError, type Component, type ComponentConfig, createRegistry, type Plugin, type Registry } from '@cbir/core'
import { ok, same, sameData, show, throws } from '../framework/check.ts'
import { checkOptions, type Group, registerGroups, type Scope, type SuiteOptions } from '../framework/suite.ts'

type Config = Readonly<Record<string, unknown>>

/** Options of `pluginSuite`. */
export interface PluginSuiteOptions extends SuiteOptions {
  readonly plugin: Plugin
  /** Configurations that are valid, as a person writes them: with few options, with many, with other components inside. At least one. */
  readonly configs: readonly Config[]
  /** Configurations that must be refused, by what is wrong with them. */
  readonly invalid?: Readonly<Record<string, Config>> | undefined
  /** The plugins of the components that the configurations name. */
  readonly plugins?: readonly Plugin[] | undefined
}

/** What a case of the suite works with. */
export interface PluginCase extends Scope {
  readonly options: PluginSuiteOptions
  readonly plugin: Plugin
  readonly registry: Registry
  /** A configuration of the plugin as it is written. */
  written(config: Config): ComponentConfig
  /** The component; disposed after the case. */
  build(config: ComponentConfig): Promise<Component>
}

/** A group of the plugin suite. */
export type PluginGroup = Group<PluginCase, PluginSuiteOptions>

const descriptionGroup: PluginGroup = {
  name: 'description',
  rule: 'a plugin says its kind, interfaces, name, package and API version, and whether it can work here; it has a Standard Schema',
  cases: {
    'it describes itself': async ({ plugin }) => {
      for (const key of ['kind', 'name', 'package'] as const) ok(typeof plugin[key] === 'string' && plugin[key] !== '', `${key} is a text`)
      same(plugin.apiVersion, 1, 'apiVersion')
      ok(Array.isArray(plugin.interfaces) && plugin.interfaces.every((name) => typeof name === 'string'), 'interfaces is a list of names')
      same(plugin.configSchema?.['~standard']?.version, 1, 'version of the Standard Schema')
    },
    'it says whether it can work here': async ({ plugin }) => {
      const usability = await plugin.usability?.()
      if (usability === undefined) return
      ok(usability.usable === true || (usability.usable === false && usability.reason !== ''), 'usability says yes, or no with a reason')
    },
    'what it makes is of its kind and name': async (t) => {
      for (const config of t.options.configs) {
        const component = await t.build(t.written(config))
        same(component.kind, t.plugin.kind, 'kind of the component')
        same(component.name, t.plugin.name, 'name of the component')
        same(component.apiVersion, 1, 'apiVersion of the component')
      }
    },
  },
}

const normalFormGroup: PluginGroup = {
  name: 'normal form',
  rule: 'parsing fills every default in at every depth; parsing a normal form gives it again; it is JSON; what was written is not changed',
  cases: {
    'parsing is idempotent': async (t) => {
      for (const config of t.options.configs) {
        const parsed = await t.registry.parse(t.written(config), t.plugin.kind)
        sameData(await t.registry.parse(parsed, t.plugin.kind), parsed, `the normal form of ${show(config)} parsed again`)
        sameData(JSON.parse(JSON.stringify(parsed)), parsed, `the normal form of ${show(config)} after a round trip through JSON`)
      }
    },
    'what was written stays as it was': async (t) => {
      for (const config of t.options.configs) {
        const written = t.written(config)
        const before = structuredClone(written)
        await t.registry.parse(written, t.plugin.kind)
        await t.build(written)
        sameData(written, before, 'the configuration that was passed in')
      }
    },
    'the default configuration is the parse of the empty one': async (t) => {
      const { kind, name, package: from } = t.plugin
      try {
        const parsed = await t.registry.parse(t.written({}), kind)
        sameData(await t.registry.defaultConfig(kind, name, from), parsed, 'the default configuration')
      } catch (error) {
        ok(CbirError.isInstance(error, 'INVALID_CONFIG'), `a configuration that something is missing from is INVALID_CONFIG, not ${show(error)}`)
      }
    },
  },
}

const lawGroup: PluginGroup = {
  name: 'law',
  rule: 'toConfig(await fromConfig(c)) equals registry.parse(c)',
  cases: {
    'what is made says what it was made from': async (t) => {
      for (const config of t.options.configs) {
        const written = t.written(config)
        sameData((await t.build(written)).toConfig(), await t.registry.parse(written, t.plugin.kind), `toConfig of what ${show(config)} makes`)
      }
    },
    'made again it says the same': async (t) => {
      for (const config of t.options.configs) {
        const first = await t.build(t.written(config))
        const said = first.toConfig()
        await dispose(first)
        sameData((await t.build(JSON.parse(JSON.stringify(said)))).toConfig(), said, `toConfig of what was made again from ${show(config)}`)
      }
    },
  },
}

const refusalGroup: PluginGroup = {
  name: 'refusal',
  rule: 'an unknown key is INVALID_CONFIG, and so is every value that does not fit; the error names the path',
  cases: {
    'an unknown key is refused, and named': async (t) => {
      for (const config of t.options.configs) {
        const written = t.written({ ...config, 'no such option': 1 })
        const error = await throws(() => t.registry.parse(written, t.plugin.kind), 'INVALID_CONFIG', 'parse with an unknown key')
        ok(`${error.message} ${JSON.stringify(error.details)}`.includes('no such option'), `the error names the key; it says ${error.message}`)
        await throws(() => t.build(written), 'INVALID_CONFIG', 'fromConfig with an unknown key')
      }
    },
    'what does not fit is refused': async (t) => {
      for (const [what, config] of Object.entries(t.options.invalid ?? {})) {
        const error = await throws(() => t.registry.parse(t.written(config), t.plugin.kind), 'INVALID_CONFIG', `parse with ${what}`)
        ok(Array.isArray(error.details['issues']), `details.issues lists what is wrong with ${what}`)
      }
    },
    'another kind is refused': async (t) => {
      const written = t.written(t.options.configs[0] ?? {})
      await throws(() => t.registry.parse(written, 'no-such-kind'), ['INVALID_CONFIG', 'UNKNOWN_PLUGIN'], 'parse as another kind')
    },
  },
}

/** The groups of the suite. */
export const pluginGroups: readonly PluginGroup[] = [descriptionGroup, normalFormGroup, lawGroup, refusalGroup]

/**
 * Registers the tests of one plugin with a test runner.
 * @throws TypeError for an option that the suite does not have, or one that is missing
 */
export function pluginSuite(options: PluginSuiteOptions): void {
  const { runner, plugin, configs, plugins = [] } = options
  checkOptions('pluginSuite', options, ['plugin', 'configs', 'invalid', 'plugins'])
  if (!plugin) throw new TypeError('pluginSuite: plugin must be the plugin.')
  if (!Array.isArray(configs) || configs.length === 0)
    throw new TypeError('pluginSuite: configs must list at least one configuration; {} where nothing is needed.')
  const open = (scope: Scope): PluginCase => {
    const registry = createRegistry([plugin, ...plugins])
    return {
      ...scope,
      options,
      plugin,
      registry,
      written: (config) => ({ type: plugin.name, package: plugin.package, config }),
      async build(config) {
        const component = await registry.fromConfig(config, plugin.kind)
        scope.defer(() => dispose(component))
        return component
      },
    }
  }
  runner.group(options.name ?? `plugin ${plugin.name}`, () => registerGroups(pluginGroups, options, open))
}

const dispose = async (component: Component): Promise<unknown> => (component as { dispose?(): Promise<void> }).dispose?.()
