// The part that all components share: name, version, and the way back to configuration.

import { CbirError } from '../errors/cbir-error.ts'
import { API_VERSION, type Component, type ComponentConfig, type Identity } from './component.ts'

/**
 * The `Component` part of an object, from its identity.
 * @throws CbirError INVALID_ARGUMENT for an empty name
 */
export function describeComponent<K extends string>(kind: K, identity: Identity): Component & { readonly kind: K } {
  const name = typeof identity === 'string' ? identity : identity.name
  if (typeof name !== 'string' || name === '') throw new CbirError('INVALID_ARGUMENT', `A ${kind} needs a name, got ${JSON.stringify(name)}.`)
  return {
    kind,
    name,
    apiVersion: API_VERSION,
    toConfig(): ComponentConfig {
      if (typeof identity === 'string') {
        throw new CbirError(
          'NOT_SERIALIZABLE',
          `${kind} "${name}" was made in code without a configuration, so it cannot be written as one. Make it through a plugin.`,
        )
      }
      const config = typeof identity.config === 'function' ? identity.config() : identity.config
      const at = findUnserializable(config, '')
      if (at !== undefined) {
        throw new CbirError('NOT_SERIALIZABLE', `The configuration of ${kind} "${name}" holds at ${at} what JSON cannot. Give data, or a path to it.`)
      }
      return { type: name, package: identity.package, config: JSON.parse(JSON.stringify(config)) as Record<string, unknown> }
    },
  }
}

/** The path of the first value that would not survive JSON, or undefined. */
function findUnserializable(value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path
  if (typeof value !== 'object') return path
  const prototype = Object.getPrototypeOf(value) as unknown
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null) return path
  for (const [key, inner] of Object.entries(value)) {
    const found = findUnserializable(inner, path === '' ? key : `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}
