// Whether this machine has the native kernels.

import { CbirError } from '@cbir/core'
import { type FlatAddon, flatAddon } from './native-addon.ts'

/**
 * Why indexes of `implementation: 'auto'` are scanned in TypeScript here; undefined where the native kernels do it.
 * @throws CbirError INVALID_CONFIG: `CBIR_CPU` names an instruction set that this processor has not
 */
export function nativeProblem(): string | undefined {
  try {
    flatAddon()
    return undefined
  } catch (error) {
    if (CbirError.isInstance(error, 'NOT_USABLE')) return error.message
    throw error
  }
}

/** The addon that an implementation asks for; undefined for the scan in TypeScript. @throws CbirError NOT_USABLE, INVALID_CONFIG */
export function addonFor(implementation: 'auto' | 'native' | 'typescript'): FlatAddon | undefined {
  if (implementation === 'typescript' || (implementation === 'auto' && nativeProblem() !== undefined)) return undefined
  return flatAddon()
}
