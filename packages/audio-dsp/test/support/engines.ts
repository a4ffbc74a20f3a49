// Every engine that this machine can run: the addon with each instruction set, and WebAssembly.

import { readFile } from 'node:fs/promises'
import type { Engine } from '../../src/engine.ts'
import type { Memory } from '../../src/memory.ts'
import { dspAddon } from '../../src/native-addon.ts'
import { nativeEngine } from '../../src/native-engine.ts'
import { wasmEngine } from '../../src/wasm-engine.ts'
import { wasmInstances, wasmUrl } from '../../src/wasm-module.ts'

export interface NamedEngine {
  readonly name: string
  readonly engine: Engine
}

const addon = dspAddon()

/** Numbers that a call forgets to write are seen in its answer. */
const filledWithNaN: Memory = {
  floats: (length) => new Float32Array(length).fill(Number.NaN),
  doubles: (length) => new Float64Array(length).fill(Number.NaN),
}

export const engines: readonly NamedEngine[] = [
  ...addon.instructionSets.map((name) => ({ name, engine: nativeEngine(addon, name, filledWithNaN) })),
  {
    name: 'wasm',
    engine: wasmEngine(
      wasmInstances(() => readFile(wasmUrl)),
      filledWithNaN,
    ),
  },
]

/** Numbers from −1 to 1, the same for the same seed. */
export function randomNumbers(length: number, seed = 1): Float64Array {
  let state = seed >>> 0
  return Float64Array.from({ length }, () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0
    return Math.fround(state / 2 ** 31 - 1)
  })
}

/** The largest difference of two arrays of one length; NaN where one holds it. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i]! - b[i]!)
    if (!(apart <= worst)) worst = apart
  }
  return worst
}

export const largest = (a: ArrayLike<number>): number => {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!))
  return most
}
