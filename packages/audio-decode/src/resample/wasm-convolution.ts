// The inner loop of resampling as WebAssembly SIMD (native/convolution.cc), where the platform has it.

import type { Convolution, MakeConvolution } from './convolution.ts'
import { plainConvolution } from './plain-convolution.ts'

/** Functions of native/convolution.cc. Addresses are in bytes, counts in elements. */
interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly __heap_base: { readonly value: number }
  convolve(weights: number, taps: number, up: number, down: number, phase: number, input: number, count: number, output: number): void
}

/** What is used here of the platform, which not every set of types declares. */
interface Host {
  readonly WebAssembly?: {
    compile(bytes: Uint8Array): Promise<object>
    readonly Instance: new (module: object) => { readonly exports: unknown }
  }
  readonly process?: { getBuiltinModule?(name: 'node:fs/promises'): { readFile(path: URL): Promise<Uint8Array> } | undefined }
  fetch(url: URL): Promise<{ readonly ok: boolean; readonly status: number; arrayBuffer(): Promise<ArrayBuffer> }>
}

/** Where the module is, beside `src` and `dist`. */
const wasmUrl: URL = new URL('../../prebuilds/convolution.wasm', import.meta.url)

const PAGE = 65_536

let loading: Promise<void> | undefined
let loaded: MakeConvolution = plainConvolution

/** Compiles the module once. Nothing comes of it where this platform has no WebAssembly with SIMD, or where a bundler left the module out. */
export function loadConvolution(): Promise<void> {
  loading ??= load().then(
    (make) => {
      loaded = make
    },
    () => undefined,
  )
  return loading
}

/** The fastest that is there by now. */
export function loadedConvolution(): MakeConvolution {
  return loaded
}

async function load(): Promise<MakeConvolution> {
  const host = globalThis as unknown as Host
  const module = await host.WebAssembly!.compile(await moduleBytes(host))
  // Small enough to be instantiated at once, also in a page.
  return (rows, taps, inputs, outputs) => instance(new host.WebAssembly!.Instance(module).exports as WasmExports, rows, taps, inputs, outputs)
}

/** A file under Node, which a bundle for browsers must not import the reader of. */
async function moduleBytes({ process, fetch }: Host): Promise<Uint8Array> {
  const files = wasmUrl.protocol === 'file:' ? process?.getBuiltinModule?.('node:fs/promises') : undefined
  if (files) return files.readFile(wasmUrl)
  const answer = await fetch(wasmUrl)
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

/** One instance for each change of rate: it is collected with the weights that it holds. @throws RangeError where there is no memory */
function instance({ memory, __heap_base, convolve }: WasmExports, rows: number, taps: number, inputs: number, outputs: number): Convolution {
  const weights = Math.ceil(__heap_base.value / 64) * 64
  const input = weights + 8 * rows * taps
  const output = input + 8 * inputs
  memory.grow(Math.ceil((output + 4 * outputs) / PAGE))
  return {
    weights: new Float64Array(memory.buffer, weights, rows * taps),
    input: new Float64Array(memory.buffer, input, inputs),
    output: new Float32Array(memory.buffer, output, outputs),
    run: (up, down, phase, at, count) => convolve(weights, taps, up, down, phase, input + 8 * at, count, output),
  }
}
