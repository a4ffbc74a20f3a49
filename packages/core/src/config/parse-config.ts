// Validation of one plugin's configuration, with errors that give the whole path.

import { CbirError } from '../errors/cbir-error.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { joinPath } from './json-data.ts'
import type { Plugin } from './plugin.ts'
import type { SchemaIssue, SchemaResult } from './standard-schema.ts'

type Described = Pick<Plugin, 'name' | 'package' | 'configSchema'>

/** One thing wrong with a configuration. `path` leads to it from the root's configuration, e.g. `functor.config.bits`; '' is the whole. */
export interface ConfigIssue {
  readonly path: string
  readonly message: string
}

/** The dotted path of a schema's issue below `at`. */
export function pathOf(issue: SchemaIssue, at: string): string {
  return (issue.path ?? []).reduce<string>((path, key) => joinPath(path, typeof key === 'object' ? key.key : key), at)
}

/** `path: message; path: message`. */
export function listIssues(issues: readonly ConfigIssue[]): string {
  return issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
}

/** What the schema says. @throws CbirError ADAPTER_FAULT for a schema that throws */
export async function validateConfig(plugin: Described, config: unknown): Promise<SchemaResult<unknown>> {
  return callForeign(
    () => plugin.configSchema['~standard'].validate(config),
    'ADAPTER_FAULT',
    () => `The schema of "${plugin.name}" (${plugin.package}) threw instead of giving issues`,
  )
}

/**
 * Parses and fills defaults in, for a factory that is called in code and must not wait. Components in it are not looked into.
 * @throws CbirError INVALID_CONFIG, whose `details.issues` are `{ path, message }`
 */
export function parseConfigNow(plugin: Described, config: unknown): unknown {
  const result = plugin.configSchema['~standard'].validate(config)
  if (result instanceof Promise) {
    // Nobody waits for it: without this its failure would end the process.
    result.catch(() => undefined)
    throw new CbirError('INVALID_CONFIG', `The schema of "${plugin.name}" validates asynchronously; make the component with registry.fromConfig(…).`)
  }
  if (!result.issues) return result.value
  const issues = result.issues.map((issue) => ({ path: pathOf(issue, ''), message: issue.message }))
  throw new CbirError('INVALID_CONFIG', `The configuration of "${plugin.name}" (${plugin.package}) is not valid. ${listIssues(issues)}`, {
    details: { issues },
  })
}
