// From a component's configuration as a person writes it to its normal form: every default filled in, at every depth.

import type { ComponentConfig } from '../component/component.ts'
import { CbirError } from '../errors/cbir-error.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import { nearNames } from '../errors/near-names.ts'
import { describeType } from '../vectors/vector-batch.ts'
import { type ComponentField, componentFields, valuesOf } from './component-field.ts'
import { findNotJson, isRecord, joinPath, toJson } from './json-data.ts'
import { type ConfigIssue, listIssues, pathOf, validateConfig } from './parse-config.ts'
import type { Plugin } from './plugin.ts'
import type { PluginTable } from './plugin-table.ts'

/** Components nested deeper than this are refused; a default that holds its own plugin would otherwise never end. */
export const DEEPEST_COMPONENT = 32

const KEYS = ['type', 'package', 'config']

interface CodedIssue extends ConfigIssue {
  readonly code: ErrorCode
}

interface Place {
  readonly kind: string | undefined
  /** Path of the component; '' for the root. */
  readonly at: string
  readonly depth: number
}

/**
 * The normal form. All that is wrong is collected before anything is thrown.
 * @throws CbirError INVALID_CONFIG with `details.issues`; UNKNOWN_PLUGIN or DUPLICATE_NAME where nothing else is wrong
 */
export async function parseComponent(table: PluginTable, reference: unknown, kind: string | undefined): Promise<ComponentConfig> {
  const issues: CodedIssue[] = []
  const parsed = await parse(table, reference, { kind, at: '', depth: 0 }, issues)
  if (parsed && issues.length === 0) return parsed
  const codes = new Set(issues.map((issue) => issue.code))
  const code = codes.size === 1 ? issues[0]!.code : 'INVALID_CONFIG'
  const type = isRecord(reference) && typeof reference.type === 'string' ? ` of "${reference.type}"` : ''
  const list = issues.map(({ path, message }) => ({ path, message }))
  throw new CbirError(code, `The configuration${type} is not valid. ${listIssues(list)}`, { details: { issues: list } })
}

async function parse(table: PluginTable, reference: unknown, place: Place, issues: CodedIssue[]): Promise<ComponentConfig | undefined> {
  const { kind, at, depth } = place
  const known = issues.length
  const report = (path: string, message: string, code: ErrorCode = 'INVALID_CONFIG'): void => void issues.push({ path, message, code })
  if (depth > DEEPEST_COMPONENT) {
    report(at, `components are nested more than ${DEEPEST_COMPONENT} deep`)
    return undefined
  }
  const expected = 'expected { "type": …, "package": …, "config": { … } }'
  if (!isRecord(reference)) {
    report(at, `${expected}, got ${describeType(reference)}`)
    return undefined
  }
  if (typeof reference.toConfig === 'function') {
    report(at, `${expected}, got a component that was made already; give what its toConfig() gives`)
    return undefined
  }
  for (const key of Object.keys(reference)) {
    const near = nearNames(key, KEYS)
    if (!KEYS.includes(key)) report(joinPath(at, key), `is not known here; ${near[0] ? `did you mean ${near[0]}?` : expected}`)
  }
  const { type, package: packageName, config = {} } = reference
  if (typeof type !== 'string' || type === '') report(joinPath(at, 'type'), `expected the name of a plugin, got ${describeType(type)}`)
  if (packageName !== undefined && (typeof packageName !== 'string' || packageName === '')) {
    report(joinPath(at, 'package'), `expected the name of an npm package, got ${describeType(packageName)}`)
  }
  const configAt = at === '' ? '' : joinPath(at, 'config')
  if (!isRecord(config)) report(configAt, `expected an object, got ${describeType(config)}`)
  const notData = depth === 0 ? findNotJson(config) : undefined
  if (notData) report(notData.path, `${notData.reason}; a configuration is data`)
  if (issues.length > known) return undefined
  let plugin: Plugin
  try {
    plugin = table.find(kind, type as string, packageName as string | undefined)
  } catch (error) {
    const { code, message } = error as CbirError
    report(joinPath(at, 'type'), message, code)
    return undefined
  }
  const values = await parseValues(table, plugin, config as Readonly<Record<string, unknown>>, { configAt, depth }, issues)
  return values && issues.length === known ? { type: plugin.name, package: plugin.package, config: values } : undefined
}

/** The plugin's own configuration: first the components in it, then its schema, then the components that the schema's defaults brought. */
async function parseValues(
  table: PluginTable,
  plugin: Plugin,
  given: Readonly<Record<string, unknown>>,
  { configAt, depth }: { readonly configAt: string; readonly depth: number },
  issues: CodedIssue[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const fields = componentFields(plugin)
  /** What the components in a field are in normal form; undefined where something is wrong with them. */
  const nested = new Map<string, unknown>()
  const input: Record<string, unknown> = { ...given }
  const parseField = async ({ field, kind, list }: ComponentField, value: unknown): Promise<void> => {
    const at = joinPath(configAt, field)
    nested.set(field, undefined)
    if (list && !Array.isArray(value)) {
      issues.push({ path: at, message: `expected an array of components, got ${describeType(value)}`, code: 'INVALID_CONFIG' })
      return
    }
    const known = issues.length
    const parsed: unknown[] = []
    for (const [one, path] of valuesOf(value, at, list)) parsed.push(await parse(table, one, { kind, at: path, depth: depth + 1 }, issues))
    if (issues.length > known) return
    nested.set(field, list ? parsed : parsed[0])
    input[field] = nested.get(field)
  }
  for (const of of fields) {
    // null stands for "none" where the schema allows it; the schema decides.
    if (Object.hasOwn(given, of.field) && given[of.field] !== undefined && given[of.field] !== null) await parseField(of, given[of.field])
  }
  const result = await validateConfig(plugin, input)
  if (result.issues) {
    for (const issue of result.issues) {
      const first = issue.path?.[0]
      const field = typeof first === 'object' ? first.key : first
      // What is wrong inside a component was already said, more exactly, by its own plugin.
      const said = field !== undefined && nested.has(String(field)) && nested.get(String(field)) === undefined
      if (!said) issues.push({ path: pathOf(issue, configAt), message: issue.message, code: 'INVALID_CONFIG' })
    }
    return undefined
  }
  if (!isRecord(result.value)) {
    throw new CbirError('ADAPTER_FAULT', `The schema of "${plugin.name}" (${plugin.package}) must give an object, got ${describeType(result.value)}.`)
  }
  const values: Record<string, unknown> = { ...result.value }
  for (const of of fields) {
    const value = values[of.field]
    if (!nested.has(of.field) && value !== undefined && value !== null) await parseField(of, value)
    if (nested.has(of.field)) values[of.field] = nested.get(of.field)
  }
  const notData = findNotJson(values)
  if (notData) {
    throw new CbirError(
      'ADAPTER_FAULT',
      `The schema of "${plugin.name}" (${plugin.package}) gives at ${joinPath(configAt, notData.path)} what JSON cannot hold: ${notData.reason}.`,
    )
  }
  return toJson(values)
}
