// Essentia's WebAssembly module: calls by name, with everything released that a call makes, and its exceptions with their words.
// SPDX-License-Identifier: AGPL-3.0-only

import { createRequire } from 'node:module'

/** @typedef {{ delete(): void, size(): number, get(i: number): unknown, resize(size: number, value: unknown): void, push_back(value: unknown): void, $$: { ptr: number } }} Vector */
/** @typedef {new () => Vector} VectorClass */
/** @typedef {Record<string, (...args: unknown[]) => Record<string, unknown>>} Algorithms */
/** @typedef {{ HEAPU8: Uint8Array, HEAPU32: Uint32Array, HEAPF32: Float32Array, VectorFloat: VectorClass, VectorVectorFloat: VectorClass, VectorString: VectorClass, EssentiaJS: new (debug: boolean) => Algorithms }} Module */
/** @typedef {number | string | Float32Array<ArrayBuffer> | Float32Array<ArrayBuffer>[] | string[]} Output */

/** What Essentia refused, in its words. */
export class EssentiaRefusal extends Error {}

/** The module is of no use any more: its memory is full, or it ended itself. */
export class EssentiaBroken extends Error {}

/** A vector of the module, for arguments that serve several calls. */
export class Held {
  /** @param {Vector} vector */
  constructor(vector) {
    this.vector = vector
  }

  release() {
    this.vector.delete()
  }
}

export class Essentia {
  constructor() {
    // Noise that Essentia adds to silent frames is seeded by the time of day: here it is always the same time, so that equal sounds give equal numbers.
    Date.now = () => 0
    /** @type {Module} */
    this.module = createRequire(import.meta.url)('essentia.js/dist/essentia-wasm.umd.js')
    this.algorithms = new this.module.EssentiaJS(false)
    /** How often it has refused so far. */
    this.refusals = 0
    const { HEAPU8, HEAPU32 } = this.module
    this.beginning = HEAPU8.slice(0, 4 * (HEAPU32.findLastIndex((word) => word !== 0) + 1))
  }

  /**
   * Gives the memory its first contents again. Some algorithms keep something of every call (SuperFluxExtractor a megabyte for two seconds of sound), and
   * whatever is refused keeps all that was made for it, since the module was built without the code that unwinds its stack. All vectors that were held
   * must be released before.
   */
  reset() {
    this.module.HEAPU8.set(this.beginning)
  }

  /** Bytes of the module's memory. It never shrinks. */
  get heap() {
    return this.module.HEAPU8.byteLength
  }

  /** @param {Float32Array} samples */
  hold(samples) {
    return this.guarded('a vector', () => new Held(this.toVector(samples)))
  }

  /**
   * Calls an algorithm. Float32Arrays, lists of them and lists of strings are handed over as Essentia's vectors; what comes back is plain data.
   * @param {string} name @param {...(Held | Float32Array | readonly Float32Array[] | readonly string[] | number | string | boolean)} args
   * @returns {Record<string, Output>}
   */
  call(name, ...args) {
    return this.guarded(name, () => {
      /** @type {Vector[]} */
      const owned = []
      const own = (/** @type {Vector} */ vector) => {
        owned.push(vector)
        return vector
      }
      try {
        const given = args.map((arg) => {
          if (arg instanceof Held) return arg.vector
          if (arg instanceof Float32Array) return own(this.toVector(arg))
          if (Array.isArray(arg)) return own(typeof arg[0] === 'string' ? this.toStrings(arg) : this.toMatrix(arg))
          return arg
        })
        const algorithm = this.algorithms[name]
        if (!algorithm) throw new EssentiaRefusal(`There is no algorithm ${name}.`)
        const result = algorithm.apply(this.algorithms, given)
        const vectors = Object.entries(result).map(([key, value]) => /** @type {const} */ ([key, isVector(value) ? own(value) : value]))
        return Object.fromEntries(vectors.map(([key, value]) => [key, this.fromWasm(value)]))
      } finally {
        for (const vector of owned) vector.delete()
      }
    })
  }

  /** @template T @param {string} name @param {() => T} work @returns {T} */
  guarded(name, work) {
    try {
      return work()
    } catch (error) {
      if (error instanceof EssentiaRefusal) throw error
      if (typeof error === 'number') {
        this.refusals++
        throw new EssentiaRefusal(this.messageOf(error) || `${name} failed without saying why.`)
      }
      if (error instanceof Error && error.name === 'BindingError') throw new EssentiaRefusal(`${name}: ${error.message}`)
      throw new EssentiaBroken(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  /** The words of an exception that was thrown as a number: its second field points to them. @param {number} exception */
  messageOf(exception) {
    const { HEAPU8, HEAPU32 } = this.module
    const start = HEAPU32[(exception >> 2) + 1] ?? 0
    const end = HEAPU8.indexOf(0, start)
    return start === 0 || end < 0 ? '' : new TextDecoder().decode(HEAPU8.slice(start, Math.min(end, start + 2000)))
  }

  /** @param {ArrayLike<number>} values */
  toVector(values) {
    const vector = new this.module.VectorFloat()
    vector.resize(values.length, 0)
    this.module.HEAPF32.set(values, this.field(vector, 0) >> 2)
    return vector
  }

  /** @param {readonly ArrayLike<number>[]} rows */
  toMatrix(rows) {
    const matrix = new this.module.VectorVectorFloat()
    for (const row of rows) {
      const vector = this.toVector(row)
      matrix.push_back(vector)
      vector.delete()
    }
    return matrix
  }

  /** @param {readonly string[]} words */
  toStrings(words) {
    const vector = new this.module.VectorString()
    for (const word of words) vector.push_back(word)
    return vector
  }

  /** Begin (0) or end (1) of a `std::vector`, in bytes. @param {Vector} vector @param {0 | 1} which */
  field(vector, which) {
    return this.module.HEAPU32[(vector.$$.ptr >> 2) + which] ?? 0
  }

  /** @param {unknown} value @returns {Output} */
  fromWasm(value) {
    if (!isVector(value)) return /** @type {number | string} */ (value)
    const { HEAPF32, HEAPU32, VectorFloat, VectorVectorFloat } = this.module
    const [begin, end] = [this.field(value, 0), this.field(value, 1)]
    if (value.constructor === VectorFloat) return HEAPF32.slice(begin >> 2, end >> 2)
    if (value.constructor === VectorVectorFloat) {
      const rows = []
      for (let at = begin >> 2; at < end >> 2; at += 3) rows.push(HEAPF32.slice((HEAPU32[at] ?? 0) >> 2, (HEAPU32[at + 1] ?? 0) >> 2))
      return rows
    }
    return Array.from({ length: value.size() }, (_, i) => String(value.get(i)))
  }
}

/** @param {unknown} value @returns {value is Vector} */
function isVector(value) {
  return typeof value === 'object' && value !== null && '$$' in value
}
