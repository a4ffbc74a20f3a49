// discover: the plugins that an application has, from what it passes, what the environment names, and what its dependencies declare.

import type { CallOptions } from '../../component/call-options.ts'
import { abortable, throwIfAborted } from '../../concurrency/abort.ts'
import { usabilityOf } from '../../config/build-component.ts'
import { checkPlugin } from '../../config/check-plugin.ts'
import type { ComponentOf } from '../../config/component-kinds.ts'
import type { Plugin, Usability } from '../../config/plugin.ts'
import { PluginTable } from '../../config/plugin-table.ts'
import { type Registry, registryOf } from '../../config/registry.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import type { ErrorCode } from '../../errors/error-codes.ts'
import { toCbirError } from '../../errors/wrap-error.ts'
import { ModuleImporter } from './import-module.ts'
import { ANY_KIND_VARIABLE, KIND_VARIABLES } from './kind-variables.ts'
import { offeredPlugins, promisedPlugin } from './offered-plugins.ts'
import { applicationRoot } from './package-json.ts'
import { readManifests } from './plugin-manifest.ts'
import { splitSpecifiers } from './split-specifiers.ts'

/** Where a plugin was found. Of two with the same kind and name the earlier source wins. */
export type PluginSource = 'explicit' | 'environment' | 'manifest'

const SOURCES: readonly PluginSource[] = ['explicit', 'environment', 'manifest']

export interface DiscoverOptions<K extends string = string> extends Pick<CallOptions, 'signal'> {
  /** Plugins of this kind only; modules that a manifest lists for other kinds are then not imported. */
  readonly kind?: K | undefined
  /** Plugins only whose `interfaces` have this name, e.g. `'Removable'`. */
  readonly subInterface?: string | undefined
  /** The application's directory, as path or `file:` URL. Default: the nearest directory with a package.json at or above the working directory. */
  readonly root?: string | URL | undefined
  /** Reads the manifests again, and imports the modules that are named anew (what these import stays cached: ESM offers no more). */
  readonly reload?: boolean | undefined
  /** Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** The explicit plugins, which come before all others. */
  readonly plugins?: Iterable<Plugin> | undefined
}

export interface FoundPlugin<T extends Plugin = Plugin> {
  readonly plugin: T
  readonly source: PluginSource
  /** What was imported; undefined for an explicit plugin. */
  readonly specifier: string | undefined
  /** Whether it works here; if not, why. */
  readonly usability: Usability
}

/** Something that was named as a plugin, or is one, and cannot be used by its name; and why. */
export interface SkippedPlugin {
  /** The module, package or file that it is about; for an explicit plugin its package. */
  readonly specifier: string
  readonly source: PluginSource
  readonly code: ErrorCode
  readonly reason: string
  /** What the module threw, where that is the reason. */
  readonly cause: unknown
}

export interface Discovery<T extends Plugin = Plugin> {
  /**
   * From name to plugin: those that work here and whose name is theirs alone. Where no `kind` was asked for and several kinds use one name, each of
   * these is under `kind/name`.
   */
  readonly plugins: ReadonlyMap<string, T>
  /** Everything found, each once, by source; also what does not work here, and whose name an earlier source has taken. */
  readonly all: readonly FoundPlugin<T>[]
  /** What was named or found and cannot be used by its name, and why. */
  readonly skipped: readonly SkippedPlugin[]
}

interface Candidate {
  readonly plugin: Plugin
  readonly source: PluginSource
  readonly specifier: string | undefined
}

interface Search {
  readonly candidates: Candidate[]
  readonly skipped: SkippedPlugin[]
}

/**
 * Finds plugins, in this order:
 *
 * 1. **explicit**: `plugins`;
 * 2. **environment**: the modules in `CLASSIFIER_PATH`, `DESCRIPTOR_GENERATOR_PATH`, `FEATURE_EXTRACTOR_PATH`, `HASH_INDEX_PATH`, `LSH_FUNCTOR_PATH`,
 *    `NN_INDEX_PATH`, `RECORDING_MATCHER_PATH`, `RELEVANCY_INDEX_PATH`, `VECTOR_LOADER_PATH` and, for any kind, `CBIR_PLUGINS`, separated as the entries of PATH are. Names of
 *    packages, paths, and `file:` and `data:` URLs are resolved from `root`. A module's helper export (`NN_INDEX_CLASS` and so on: a plugin, an iterable
 *    of plugins, or null for none) says what it offers; without one, every exported plugin counts whose name does not begin with `_`;
 * 3. **manifest**: `"cbir": { "apiVersion": 1, "plugins": [{ "kind": …, "name": …, "export": "." }] }` in the package.json of the application's direct
 *    dependencies, as npm and pnpm install them. These are imported last, and only those of the kind that is asked for.
 *
 * The same plugin (kind, name, package) found twice counts once. Of two with the same kind and name the earlier source wins; within one source neither
 * gets the name, and both are skipped with `DUPLICATE_NAME` (a registry reaches either by its package).
 *
 * Nothing that is found can make it fail: a module that is not there or throws is in `skipped`, with its reason.
 * @example const { plugins, skipped } = await discover({ kind: 'nearest-neighbors-index' })
 * @throws CbirError INVALID_ARGUMENT (`root` is no directory, an explicit plugin is malformed), API_VERSION_MISMATCH (an explicit plugin), ABORTED
 */
export async function discover<K extends string = string>(options: DiscoverOptions<K> = {}): Promise<Discovery<Plugin<unknown, ComponentOf<K>>>> {
  const { table, found, skipped } = await search(options)
  const kept = found.filter(({ plugin }) => options.subInterface === undefined || plugin.interfaces.includes(options.subInterface))
  const plugins = nameAll(table, kept, skipped)
  return { plugins, all: kept, skipped } as unknown as Discovery<Plugin<unknown, ComponentOf<K>>>
}

/** A registry of what was found, and what was not taken. */
export interface DiscoveredRegistry extends Registry {
  readonly skipped: readonly SkippedPlugin[]
}

/**
 * A registry of everything that {@link discover} finds. A plugin that does not work here is in it too: using it gives `NOT_USABLE` with its reason.
 * @throws CbirError as `discover`
 */
export async function discoverRegistry(options: Omit<DiscoverOptions, 'kind' | 'subInterface'> = {}): Promise<DiscoveredRegistry> {
  const { table, found, skipped } = await search(options)
  nameAll(table, found, skipped)
  return { ...registryOf(table), skipped }
}

async function search(options: DiscoverOptions): Promise<{ table: PluginTable; found: FoundPlugin[]; skipped: SkippedPlugin[] }> {
  const { kind, reload = false, signal } = options
  throwIfAborted(signal)
  const root = applicationRoot(options.root)
  const found: Search = { candidates: [], skipped: [] }
  ;[...(options.plugins ?? [])].forEach((value, i) => {
    const plugin = checkPlugin(value, `Plugin ${i} of the explicit plugins`)
    if (kind === undefined || plugin.kind === kind) found.candidates.push({ plugin, source: 'explicit', specifier: undefined })
  })
  const importer = new ModuleImporter(root, reload, { signal })
  await searchEnvironment(importer, options.env ?? process.env, kind, found)
  throwIfAborted(signal)
  await searchManifests(importer, root, reload, kind, found)
  throwIfAborted(signal)
  const table = new PluginTable(SOURCES.map((source) => found.candidates.filter((one) => one.source === source).map((one) => one.plugin)))
  const asked = table.all.map(async (plugin): Promise<FoundPlugin> => {
    const candidate = found.candidates.find((one) => one.plugin === plugin)!
    return { ...candidate, usability: await usabilityOf(plugin) }
  })
  const all = await abortable(Promise.all(asked), signal)
  return { table, found: all, skipped: found.skipped }
}

function skip(into: Search, source: PluginSource, specifier: string, error: unknown): void {
  const { code, message, cause } = toCbirError(error, 'LOAD_FAILED', `"${specifier}" could not be read`)
  into.skipped.push({ specifier, source, code, reason: message, cause })
}

/** Imports every module at once (one may wait for another's file or network), and handles them in the given order. */
async function forEachModule<T extends { readonly specifier: string }>(
  importer: ModuleImporter,
  source: PluginSource,
  named: readonly T[],
  into: Search,
  handle: (exports: Readonly<Record<string, unknown>>, entry: T) => void,
): Promise<void> {
  const imported = await Promise.allSettled(named.map(({ specifier }) => importer.import(specifier)))
  imported.forEach((result, i) => {
    const entry = named[i]!
    try {
      if (result.status === 'rejected') throw result.reason
      handle(result.value, entry)
    } catch (error) {
      skip(into, source, entry.specifier, error)
    }
  })
}

async function searchEnvironment(
  importer: ModuleImporter,
  env: Readonly<Record<string, string | undefined>>,
  kind: string | undefined,
  into: Search,
): Promise<void> {
  const variables: { readonly kind: string | undefined; readonly variable: string }[] = [
    ...KIND_VARIABLES.filter((entry) => kind === undefined || entry.kind === kind),
    { kind: undefined, variable: ANY_KIND_VARIABLE },
  ]
  const named = variables.flatMap((entry) => splitSpecifiers(env[entry.variable] ?? '').map((specifier) => ({ ...entry, specifier })))
  await forEachModule(importer, 'environment', named, into, (exports, entry) => {
    const wanted = entry.kind ?? kind
    const { plugins, problems } = offeredPlugins(exports, wanted)
    for (const plugin of plugins) into.candidates.push({ plugin, source: 'environment', specifier: entry.specifier })
    for (const problem of problems) skip(into, 'environment', entry.specifier, problem)
    const silent = KIND_VARIABLES.some((helper) => (wanted === undefined || helper.kind === wanted) && helper.helper in exports)
    // A module named for any kind need not have the one that is asked for; one named for its kind must.
    if (plugins.length === 0 && problems.length === 0 && !silent && entry.kind === wanted) {
      throw new CbirError('UNKNOWN_PLUGIN', `"${entry.specifier}" is named in ${entry.variable}, but it exports no ${wanted ?? 'plugin'}.`)
    }
  })
}

async function searchManifests(importer: ModuleImporter, root: string, reload: boolean, kind: string | undefined, into: Search): Promise<void> {
  const { entries, problems } = await readManifests(root, reload)
  for (const { specifier, error } of problems) skip(into, 'manifest', specifier, error)
  const wanted = entries.filter((entry) => kind === undefined || entry.kind === kind)
  await forEachModule(importer, 'manifest', wanted, into, (exports, entry) => {
    into.candidates.push({ plugin: promisedPlugin(exports, entry.kind, entry.name), source: 'manifest', specifier: entry.specifier })
  })
}

/** The map from name to plugin; what gets no place in it is added to `skipped`. */
function nameAll(table: PluginTable, found: readonly FoundPlugin[], skipped: SkippedPlugin[]): Map<string, Plugin> {
  const named: Plugin[] = []
  for (const { plugin, source, specifier = plugin.package, usability } of found) {
    const add = (code: ErrorCode, reason: string): void => void skipped.push({ specifier, source, code, reason, cause: undefined })
    const rivals = table.rivalsOf(plugin)
    if (rivals.length > 0) {
      const others = rivals.map((other) => other.package).join(' and ')
      add(
        'DUPLICATE_NAME',
        `${plugin.package} and ${others} both have a ${plugin.kind} "${plugin.name}". Name the package too: a registry then finds it.`,
      )
    } else if (!usability.usable) {
      add('NOT_USABLE', `The ${plugin.kind} "${plugin.name}" of ${plugin.package} cannot be used here: ${usability.reason}`)
    } else if (table.ownsShortName(plugin)) named.push(plugin)
  }
  const kindsOf = (name: string): number => named.filter((plugin) => plugin.name === name).length
  return new Map(named.map((plugin) => [kindsOf(plugin.name) === 1 ? plugin.name : `${plugin.kind}/${plugin.name}`, plugin]))
}
