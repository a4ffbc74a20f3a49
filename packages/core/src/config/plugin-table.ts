// PluginTable: which plugin a name means.

import { CbirError } from '../errors/cbir-error.ts'
import { nearNames } from '../errors/near-names.ts'
import type { Plugin } from './plugin.ts'

/**
 * Plugins by kind, name and package, from one or several sources. A plugin that is there twice (same kind, name and package) counts once.
 * The short name (kind and name, without package) belongs to the earliest source that has it; where that source has it from two packages,
 * it belongs to neither, and only the package tells them apart.
 */
export class PluginTable {
  /** Every plugin once, in the order of the sources. */
  readonly all: readonly Plugin[]
  private readonly sourceOf = new Map<Plugin, number>()

  constructor(sources: readonly Iterable<Plugin>[]) {
    const byFullName = new Map<string, Plugin>()
    sources.forEach((source, rank) => {
      for (const plugin of source) {
        const key = JSON.stringify([plugin.kind, plugin.name, plugin.package])
        if (byFullName.has(key)) continue
        byFullName.set(key, plugin)
        this.sourceOf.set(plugin, rank)
      }
    })
    this.all = [...byFullName.values()]
  }

  /** The plugins of the earliest source that has this kind and name: one owns the short name, of several none does. */
  private claimants(kind: string, name: string): readonly Plugin[] {
    const named = this.all.filter((plugin) => plugin.kind === kind && plugin.name === name)
    const earliest = Math.min(...named.map((plugin) => this.sourceOf.get(plugin)!))
    return named.filter((plugin) => this.sourceOf.get(plugin) === earliest)
  }

  /** Whether kind and name alone mean this plugin. */
  ownsShortName(plugin: Plugin): boolean {
    const claimants = this.claimants(plugin.kind, plugin.name)
    return claimants.length === 1 && claimants[0] === plugin
  }

  /** The other plugins because of which this one has no short name; empty where it has, or where an earlier source took it. */
  rivalsOf(plugin: Plugin): readonly Plugin[] {
    const claimants = this.claimants(plugin.kind, plugin.name)
    return claimants.includes(plugin) ? claimants.filter((other) => other !== plugin) : []
  }

  /**
   * The plugin that is meant. Without `kind` the name must belong to one kind only.
   * @throws CbirError UNKNOWN_PLUGIN (with near names), DUPLICATE_NAME
   */
  find(kind: string | undefined, name: string, packageName?: string): Plugin {
    const fits = this.all.filter(
      (plugin) =>
        plugin.name === name && (kind === undefined || plugin.kind === kind) && (packageName === undefined || plugin.package === packageName),
    )
    const kinds = [...new Set(fits.map((plugin) => plugin.kind))]
    if (kinds.length > 1) throw new CbirError('DUPLICATE_NAME', `"${name}" is the name of a ${kinds.join(' and of a ')}. Say which kind is meant.`)
    const [meant, ...rivals] = packageName === undefined && kinds[0] !== undefined ? this.claimants(kinds[0], name) : fits
    if (!meant) throw this.unknown(kind, name, packageName)
    if (rivals.length > 0) {
      const packages = [meant, ...rivals].map((plugin) => plugin.package)
      throw new CbirError('DUPLICATE_NAME', `${packages.join(' and ')} both have a ${meant.kind} "${name}". Say which one is meant by its package.`, {
        details: { packages },
      })
    }
    return meant
  }

  private unknown(kind: string | undefined, name: string, packageName: string | undefined): CbirError {
    const what = `${kind === undefined ? 'plugin' : kind} "${name}"${packageName === undefined ? '' : ` of package ${packageName}`}`
    const ofKind = this.all.filter((plugin) => kind === undefined || plugin.kind === kind)
    const sameName = this.all.filter((plugin) => plugin.name === name)
    const near = nearNames(
      name,
      ofKind.map((plugin) => plugin.name),
    )
    let hint: string
    if (sameName.length > 0) hint = `There is ${sameName.map((plugin) => `a ${plugin.kind} "${name}" of ${plugin.package}`).join(' and ')}.`
    else if (near.length > 0) hint = `Did you mean ${near.map((other) => `"${other}"`).join(' or ')}?`
    else if (ofKind.length === 0) hint = `There is no ${kind ?? 'plugin'} at all: install its package and list or discover it.`
    else hint = `There is ${[...new Set(ofKind.map((plugin) => `"${plugin.name}"`))].slice(0, 10).join(', ')}.`
    return new CbirError('UNKNOWN_PLUGIN', `There is no ${what}. ${hint}`, { details: { kind, type: name, package: packageName, near } })
  }
}
