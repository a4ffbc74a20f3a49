// The loader: finds the binary of a package for this platform, or says exactly what is missing.

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { CbirError, type ErrorCode } from '@cbir/core'

/** What `createControl` gives and calls take, to be aborted and to report. Opaque. */
export type NativeControl = object

/** What every addon over the kit exports beside its own functions. */
export interface NativeAddon {
  /** Threads of the addon's pool. */
  readonly threads: number
  /** The instruction set of its kernels: `avx2`, `avx512`, `neon` or `plain`. `CBIR_CPU` in the environment chooses another. */
  readonly instructionSet: string
  /** Those that this processor and the binary have. */
  readonly instructionSets: readonly string[]
  /** Where short answers are handed over; read by `shortAnswer`. */
  readonly scratch: ArrayBuffer
  createControl(onProgress?: (done: number, total: number) => void): NativeControl
  abort(control: NativeControl): void
  /** Lets go of what a handle holds; calls in flight keep it until they are over. */
  close(handle: object): void
  /** Called by the loader: how native code makes its errors. */
  attach(makeError: (code: ErrorCode, message: string) => Error): void
}

const require = createRequire(import.meta.url)
const nodeGypBuild = require('node-gyp-build') as { path(folder: string): string }
const loaded = new Map<string, NativeAddon>()

/**
 * The addon of the package whose folder is `packageRoot`: the binary in `prebuilds/<platform>-<arch>` that fits this machine. Loaded once.
 * @throws CbirError NOT_USABLE (no binary for this platform, or one that this system cannot load), INVALID_CONFIG (`CBIR_CPU`)
 * @example const addon = loadAddon<HnswAddon>(new URL('..', import.meta.url))
 */
export function loadAddon<T extends NativeAddon>(packageRoot: URL): T {
  const root = fileURLToPath(packageRoot)
  const known = loaded.get(root)
  if (known) return known as T
  const addon = load(root)
  addon.attach((code, message) => new CbirError(code, message))
  loaded.set(root, addon)
  return addon as T
}

/** Why the addon of a package cannot be used here, or undefined where it can. */
export function addonProblem(packageRoot: URL): string | undefined {
  try {
    loadAddon(packageRoot)
    return undefined
  } catch (error) {
    if (CbirError.isInstance(error)) return error.message
    throw error
  }
}

function load(root: string): NativeAddon {
  const platform = `${process.platform}-${process.arch}`
  const name = nameOf(root)
  let path: string
  try {
    path = nodeGypBuild.path(root)
  } catch (cause) {
    throw new CbirError(
      'NOT_USABLE',
      `${name} has no binary for ${platform} (looked in its folder prebuilds/${platform}). Use a platform that it has one for, or build it: node-gyp and a C++17 compiler are needed.`,
      { cause, details: { platform, package: name } },
    )
  }
  try {
    return require(path) as NativeAddon
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if ((cause as { code?: unknown }).code === 'INVALID_CONFIG') throw new CbirError('INVALID_CONFIG', reason, { cause })
    throw new CbirError(
      'NOT_USABLE',
      `The binary of ${name} for ${platform} cannot be loaded: ${reason}. It wants Node 20.19 or newer${process.platform === 'linux' ? ' and glibc 2.35 or newer' : ''}.`,
      { cause, details: { platform, package: name } },
    )
  }
}

function nameOf(root: string): string {
  try {
    return String((require(`${root}/package.json`) as { name?: unknown }).name)
  } catch {
    return root
  }
}
