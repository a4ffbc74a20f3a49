// What makes a value a plugin, and what is missing where it is none.

import { API_VERSION } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { isRecord } from './json-data.ts'
import type { Plugin } from './plugin.ts'

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''

/** Each thing that a plugin must have, and the test for it. */
const RULES: readonly (readonly [string, (plugin: Readonly<Record<string, unknown>>) => boolean])[] = [
  ['kind must be text, e.g. "nearest-neighbors-index"', (plugin) => isName(plugin.kind)],
  ['name must be text', (plugin) => isName(plugin.name)],
  ['package must be the name of the npm package', (plugin) => isName(plugin.package)],
  ['interfaces must be an array of text', (plugin) => Array.isArray(plugin.interfaces) && plugin.interfaces.every(isName)],
  ['configSchema must be a Standard Schema (zod, valibot, arktype, objectSchema of core)', (plugin) => isSchema(plugin.configSchema)],
  [
    'components must map fields to kinds',
    (plugin) => plugin.components === undefined || (isRecord(plugin.components) && Object.values(plugin.components).every(isName)),
  ],
  ['usability must be a function', (plugin) => plugin.usability === undefined || typeof plugin.usability === 'function'],
  ['create must be a function', (plugin) => typeof plugin.create === 'function'],
]

function isSchema(value: unknown): boolean {
  // A schema may itself be a function (arktype), so only what it has is looked at.
  const standard = (value as { '~standard'?: { version?: unknown; validate?: unknown } } | null | undefined)?.['~standard']
  return standard?.version === 1 && typeof standard.validate === 'function'
}

/** True for what is meant as a plugin, whole or not: an object or function with a kind, and a way to create or a schema. */
export function looksLikePlugin(value: unknown): value is Partial<Plugin> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  return typeof (value as Partial<Plugin>).kind === 'string' && ('create' in value || 'configSchema' in value)
}

/**
 * The value as a plugin. A plugin may be an object or a function with a plugin's properties (as `definePlugin` makes it).
 * @throws CbirError API_VERSION_MISMATCH, INVALID_ARGUMENT (names everything that is missing)
 */
export function checkPlugin(value: unknown, what = 'A plugin'): Plugin {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      `${what} must be an object or a function made by definePlugin, got ${value === null ? 'null' : typeof value}.`,
    )
  }
  const plugin = value as unknown as Readonly<Record<string, unknown>>
  const label = isName(plugin.name) ? `${what} ("${String(plugin.name)}")` : what
  if (plugin.apiVersion !== API_VERSION && plugin.apiVersion !== undefined) {
    throw new CbirError(
      'API_VERSION_MISMATCH',
      `${label} was made for version ${String(plugin.apiVersion)} of the interfaces; this copy of core has version ${API_VERSION}. Install versions of core and of the plugin that fit.`,
    )
  }
  const broken = RULES.filter(([, holds]) => !holds(plugin)).map(([rule]) => rule)
  if (plugin.apiVersion === undefined) broken.push(`apiVersion must be ${API_VERSION}`)
  if (broken.length > 0) throw new CbirError('INVALID_ARGUMENT', `${label} is not whole: ${broken.join('; ')}.`)
  return value as Plugin
}
