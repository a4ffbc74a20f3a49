// The kernels as a WebAssembly module: where its bytes come from, and an instance with its memory.

import { CbirError } from '@cbir/core'

/** Functions of native/wasm.cc. Addresses and sizes are in bytes, counts in elements. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  readonly __heap_base: { readonly value: number }
  planBytes(n: number, single: boolean): number
  makePlan(at: number, n: number, single: boolean): void
  scratchBytes(plan: number, single: boolean, filterRows: number): number
  finishPlan(plan: number, single: boolean, scratch: number): void
  frames(
    plan: number,
    single: boolean,
    samples: number,
    doubles: boolean,
    hop: number,
    count: number,
    window: number,
    value: number,
    filterRows: number,
    firstBins: number,
    offsets: number,
    weights: number,
    columns: number,
    out: number,
    scratch: number,
  ): void
  overlapAdd(
    plan: number,
    single: boolean,
    spectrum: number,
    frames: number,
    hop: number,
    window: number,
    begin: number,
    end: number,
    out: number,
    sums: number,
    scratch: number,
  ): void
  rows(plan: number, single: boolean, rows: number, count: number, inverse: boolean, out: number, scratch: number): void
  firstNotFinite(values: number, doubles: boolean, count: number): number
  maximum(values: number, count: number): number
  decibels(values: number, count: number, amin: number, reference: number, floor: number, squared: boolean, out: number): void
  product(rows: number, count: number, matrix: number, inner: number, outer: number, out: number, rowStep: number, sumStep: number): void
}

/** What is used here of the global WebAssembly, which not every set of types declares. */
interface WebAssemblyHost {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(module: object): Promise<{ readonly exports: unknown }>
}

/** Gives the bytes of the module. */
export type WasmBytes = () => Promise<Uint8Array>

/** Where the module is, beside `src` and `dist`. */
export const wasmUrl: URL = new URL('../prebuilds/audio_dsp.wasm', import.meta.url)

const PAGE = 65_536

/** An instance of the module: memory that is laid out from a mark on, call by call. */
export class WasmInstance {
  readonly exports: WasmExports
  private top: number

  constructor(exports: WasmExports) {
    this.exports = exports
    this.top = exports.__heap_base.value
  }

  /** Where the next piece of memory will be; give it to `release` to take back all that came since. */
  mark(): number {
    return this.top
  }

  release(mark: number): void {
    this.top = mark
  }

  /** `bytes` of memory at a multiple of 64. Views of the memory that were made before may be void. */
  take(bytes: number): number {
    const at = Math.ceil(this.top / 64) * 64
    this.top = at + bytes
    const missing = this.top - this.exports.memory.buffer.byteLength
    if (missing > 0) this.grow(missing)
    return at
  }

  /** Copies an array in. */
  put(array: Float32Array | Float64Array | Uint32Array): number {
    const at = this.take(array.byteLength)
    if (array instanceof Float32Array) this.floats(at, array.length).set(array)
    else if (array instanceof Float64Array) this.doubles(at, array.length).set(array)
    else new Uint32Array(this.exports.memory.buffer, at, array.length).set(array)
    return at
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.exports.memory.buffer, at, length)
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.exports.memory.buffer, at, length)
  }

  private grow(bytes: number): void {
    try {
      this.exports.memory.grow(Math.ceil(bytes / PAGE))
    } catch (cause) {
      throw new CbirError('ADAPTER_FAULT', 'WebAssembly could not get the memory for a transform of this length.', { cause })
    }
  }
}

/** Compiles the module once, and makes instances of it. @throws CbirError NOT_USABLE */
export function wasmInstances(bytes: WasmBytes): () => Promise<WasmInstance> {
  const { WebAssembly: host } = globalThis as { WebAssembly?: WebAssemblyHost }
  let module: Promise<object> | undefined
  const compile = async (): Promise<object> => {
    if (!host) throw new CbirError('NOT_USABLE', 'This platform has no WebAssembly.')
    let binary: Uint8Array
    try {
      binary = await bytes()
    } catch (cause) {
      throw new CbirError(
        'NOT_USABLE',
        `The WebAssembly module of @cbir/audio-dsp was not found (${wasmUrl.href}). It is part of the package; a bundler must copy it along.`,
        { cause },
      )
    }
    try {
      return await host.compile(binary)
    } catch (cause) {
      throw new CbirError('NOT_USABLE', 'This platform cannot compile the WebAssembly module of @cbir/audio-dsp: it needs WebAssembly with SIMD.', {
        cause,
      })
    }
  }
  return async () => {
    module ??= compile()
    // A file that was not there may come.
    module.catch(() => {
      module = undefined
    })
    const { exports } = await host!.instantiate(await module)
    return new WasmInstance(exports as WasmExports)
  }
}
