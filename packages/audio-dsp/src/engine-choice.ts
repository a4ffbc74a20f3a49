// Which engine does the work on this machine.

import { readFile } from 'node:fs/promises'
import { CbirError } from '@cbir/core'
import type { Engine, Implementation } from './engine.ts'
import { dspAddon } from './native-addon.ts'
import { nativeEngine } from './native-engine.ts'
import { unwrittenMemory } from './unwritten-memory.ts'
import { wasmEngine } from './wasm-engine.ts'
import { wasmInstances, wasmUrl } from './wasm-module.ts'

const wasm: Engine = wasmEngine(
  wasmInstances(() => readFile(wasmUrl)),
  unwrittenMemory(),
)
let native: Engine | undefined

/**
 * Why `implementation: 'auto'` is WebAssembly here; undefined where native code does the work.
 * @throws CbirError INVALID_CONFIG: `CBIR_CPU` names an instruction set that this processor has not
 */
export function nativeProblem(): string | undefined {
  try {
    native ??= nativeEngine(dspAddon())
    return undefined
  } catch (error) {
    if (CbirError.isInstance(error, 'NOT_USABLE')) return error.message
    throw error
  }
}

/** @throws CbirError NOT_USABLE, INVALID_CONFIG */
export function engineFor(implementation: Implementation): Engine {
  if (implementation === 'wasm' || (implementation === 'auto' && nativeProblem() !== undefined)) return wasm
  native ??= nativeEngine(dspAddon())
  return native
}
