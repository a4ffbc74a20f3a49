// Which plugins a module offers: by its helper exports where it has them, else everything exported that is a plugin.

import { checkPlugin, looksLikePlugin } from '../../config/check-plugin.ts'
import type { Plugin } from '../../config/plugin.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { toCbirError } from '../../errors/wrap-error.ts'
import type { ModuleExports } from './import-module.ts'
import { KIND_VARIABLES, type KindVariable } from './kind-variables.ts'

export interface Offer {
  readonly plugins: readonly Plugin[]
  readonly problems: readonly CbirError[]
}

/** Takes checked plugins and the reasons why others are not taken. */
class OfferBuilder {
  readonly plugins: Plugin[] = []
  readonly problems: CbirError[] = []

  take(value: unknown, kind: string | undefined, what: string): void {
    try {
      const plugin = checkPlugin(value, what)
      if (kind === undefined || plugin.kind === kind) this.plugins.push(plugin)
      else this.refuse(`${what} ("${plugin.name}") is a ${plugin.kind}; a ${kind} was expected.`)
    } catch (error) {
      this.problems.push(toCbirError(error, 'INVALID_ARGUMENT', `${what} cannot be read`))
    }
  }

  refuse(message: string): void {
    this.problems.push(new CbirError('INVALID_ARGUMENT', message))
  }
}

/**
 * What a module offers of `kind`, or of every kind. A helper export (`NN_INDEX_CLASS` and so on) decides for its kind: one plugin, an iterable of
 * them, or null, which offers nothing of that kind whatever else is exported. Names that begin with `_` are private.
 */
export function offeredPlugins(exports: ModuleExports, kind: string | undefined): Offer {
  const offer = new OfferBuilder()
  const helped = KIND_VARIABLES.filter((entry) => (kind === undefined || entry.kind === kind) && entry.helper in exports)
  for (const entry of helped) takeHelper(offer, exports, entry)
  const seen = new Set<unknown>()
  for (const name of Object.keys(exports)) {
    const value = exports[name]
    if (name.startsWith('_') || seen.has(value) || KIND_VARIABLES.some((entry) => entry.helper === name)) continue
    seen.add(value)
    if (!looksLikePlugin(value) || (kind !== undefined && value.kind !== kind) || helped.some((entry) => entry.kind === value.kind)) continue
    if (typeof value.name === 'string' && value.name.startsWith('_')) continue
    offer.take(value, kind, `The export "${name}"`)
  }
  return offer
}

function takeHelper(offer: OfferBuilder, exports: ModuleExports, { kind, helper }: KindVariable): void {
  const value = exports[helper]
  if (value === null) return
  const iterable = typeof value === 'object' && value !== undefined && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
  if (!iterable) {
    if (looksLikePlugin(value)) offer.take(value, kind, `The export ${helper}`)
    else offer.refuse(`The export ${helper} must be one ${kind} plugin, an iterable of them, or null.`)
    return
  }
  try {
    let i = 0
    for (const one of value as Iterable<unknown>) offer.take(one, kind, `Entry ${i++} of the export ${helper}`)
  } catch (error) {
    offer.problems.push(toCbirError(error, 'LOAD_FAILED', `Reading the export ${helper} failed`))
  }
}

/**
 * The plugin that a manifest promises.
 * @throws CbirError UNKNOWN_PLUGIN (says what the module has instead), INVALID_ARGUMENT or API_VERSION_MISMATCH (it is there, but not whole)
 */
export function promisedPlugin(exports: ModuleExports, kind: string, name: string): Plugin {
  const values = Object.keys(exports)
    .map((key) => exports[key])
    .filter(looksLikePlugin)
  const promised = values.find((value) => value.kind === kind && value.name === name)
  if (promised) return checkPlugin(promised, 'The plugin that the manifest names')
  const others = [...new Set(values.map((value) => `a ${String(value.kind)} "${String(value.name)}"`))]
  throw new CbirError(
    'UNKNOWN_PLUGIN',
    `The manifest promises a ${kind} "${name}", but the module exports ${others.length > 0 ? others.join(', ') : 'no plugin'}.`,
  )
}
