// The addon of this package, loaded once; each part knows its own functions of it.

import { CbirError } from '@cbir/core'
import { loadAddon, type NativeAddon } from '@cbir/native-kit'

/** The folder of this package, where its binaries are. */
export const PACKAGE_ROOT: URL = new URL('..', import.meta.url)

/** `auto`: native code if there is a binary for this platform, else TypeScript. */
export type Implementation = 'auto' | 'native' | 'typescript'

/** The addon, loaded when it is first wanted. @throws CbirError NOT_USABLE */
export function lshAddon<T extends NativeAddon>(): T {
  return loadAddon<T>(PACKAGE_ROOT)
}

/** The addon that an implementation asks for; undefined for TypeScript. @throws CbirError NOT_USABLE (`native` where there is no binary), INVALID_CONFIG (`CBIR_CPU`) */
export function addonFor<T extends NativeAddon>(implementation: Implementation): T | undefined {
  if (implementation === 'typescript') return undefined
  try {
    return lshAddon<T>()
  } catch (error) {
    if (implementation === 'auto' && CbirError.isInstance(error, 'NOT_USABLE')) return undefined
    throw error
  }
}
