// Secrets: configuration holds the name of an environment variable, never its value.

import { CbirError } from '../errors/cbir-error.ts'

/** Stands in a configuration for the value of the environment variable `env`. `toConfig` gives the reference back, never the value. */
export interface SecretReference {
  readonly env: string
}

/** The value of a secret, read when a component is built. @throws CbirError MISSING_SECRET */
export function resolveSecret(reference: SecretReference): string {
  const host = globalThis as { process?: { env?: Record<string, string | undefined> } }
  const value = host.process?.env?.[reference.env]
  if (value === undefined) {
    throw new CbirError(
      'MISSING_SECRET',
      `The environment variable ${reference.env}, which a configuration names as a secret, is not set. Set it and try again.`,
    )
  }
  return value
}
