// Validation of one plugin's configuration, with errors that give the whole path.

import { CbirError } from '../errors/cbir-error.ts'
import type { Plugin } from './plugin.ts'
import type { SchemaIssue, SchemaResult } from './standard-schema.ts'

type Described = Pick<Plugin, 'name' | 'package' | 'configSchema'>

/** The dotted path of an issue below `at`. */
function pathOf(issue: SchemaIssue, at: string): string {
  const keys = (issue.path ?? []).map((key) => String(typeof key === 'object' ? key.key : key))
  return [at, ...keys].filter(Boolean).join('.')
}

function resultOf<C>(plugin: Described, at: string, result: SchemaResult<C>): C {
  if (!result.issues) return result.value
  const issues = result.issues.map((issue) => ({ path: pathOf(issue, at), message: issue.message }))
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  throw new CbirError('INVALID_CONFIG', `The configuration of "${plugin.name}" (${plugin.package}) is not valid. ${list}`, { details: { issues } })
}

/** Parses and fills defaults in. @throws CbirError INVALID_CONFIG, whose `details.issues` are `{ path, message }` */
export async function parseConfig(plugin: Described, config: unknown, at = ''): Promise<unknown> {
  return resultOf(plugin, at, await plugin.configSchema['~standard'].validate(config))
}

/** As {@link parseConfig}, for a factory that is called in code and must not wait. */
export function parseConfigNow(plugin: Described, config: unknown): unknown {
  const result = plugin.configSchema['~standard'].validate(config)
  if (result instanceof Promise) {
    throw new CbirError('INVALID_CONFIG', `The schema of "${plugin.name}" validates asynchronously; make the component with registry.fromConfig(…).`)
  }
  return resultOf(plugin, '', result)
}
