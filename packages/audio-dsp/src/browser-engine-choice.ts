// Which engine does the work in a browser: WebAssembly. Stands in for engine-choice.ts there, by the imports of package.json.

import { CbirError } from '@cbir/core'
import type { Engine, Implementation } from './engine.ts'
import { wasmEngine } from './wasm-engine.ts'
import { wasmInstances, wasmUrl } from './wasm-module.ts'

interface Host {
  fetch(url: URL): Promise<{ readonly ok: boolean; readonly status: number; arrayBuffer(): Promise<ArrayBuffer> }>
}

async function fetched(): Promise<Uint8Array> {
  const answer = await (globalThis as unknown as Host).fetch(wasmUrl)
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

const wasm: Engine = wasmEngine(wasmInstances(fetched))

/** Why `implementation: 'auto'` is WebAssembly here. */
export function nativeProblem(): string | undefined {
  return 'A browser runs no native code.'
}

/** @throws CbirError NOT_USABLE */
export function engineFor(implementation: Implementation): Engine {
  if (implementation !== 'native') return wasm
  throw new CbirError('NOT_USABLE', "A browser runs no native code. Use `implementation: 'auto'` or `'wasm'`.")
}
