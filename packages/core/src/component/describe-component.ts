// The part that all components share: name, version, and the way back to configuration.

import { findNotJson, toJson } from '../config/json-data.ts'
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
      const notData = findNotJson(config)
      if (notData) {
        throw new CbirError(
          'NOT_SERIALIZABLE',
          `The configuration of ${kind} "${name}" holds at ${notData.path} what JSON cannot (${notData.reason}). Give data, or a path to it.`,
        )
      }
      return { type: name, package: identity.package, config: toJson(config) }
    },
  }
}
