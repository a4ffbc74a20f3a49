// memoryHashIndex: exact search by looking at every code; small sets, and the yardstick of other hash indexes.

import { inSlices } from '../concurrency/in-slices.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { noConfig } from '../config/object-schema.ts'
import { bitStride } from '../vectors/bit-batch.ts'
import { defineHashIndex } from './define-hash-index.ts'
import type { HashIndex, RemovableHashIndex, UpdatableHashIndex } from './hash-index.ts'
import type { HashIndexDriver } from './hash-index-driver.ts'
import { withWords } from './own-codes.ts'

/** Bytes of codes that are looked at between two looks at the clock. */
const STEP_BYTES = 1 << 17

/** What {@link memoryHashIndex} makes. */
export type MemoryHashIndex = HashIndex & UpdatableHashIndex & RemovableHashIndex

/** A linear scan over codes in memory. It cannot be saved. Takes no configuration. */
export const memoryHashIndex: PluginFactory<Record<string, never>, Record<string, never>, MemoryHashIndex> = definePlugin({
  kind: 'hash-index',
  interfaces: ['HashIndex', 'UpdatableHashIndex', 'RemovableHashIndex'],
  name: 'memory-hash-index',
  package: '@cbir/core',
  configSchema: noConfig,
  create: (config) => defineHashIndex({ name: 'memory-hash-index', package: '@cbir/core', config }, linearScan),
})

/** Codes in memory, row by row. Opaque. */
export interface ScannedCodes {
  readonly bits: number
  /** 32-bit words a code takes. */
  readonly width: number
  words: Int32Array
  /** 1 for rows that hold a code. */
  live: Uint8Array
  size: number
}

/** The driver: every code is compared with every query. */
export const linearScan: HashIndexDriver<ScannedCodes> = {
  exact: true,
  open: (bits) => ({ bits, width: bitStride(bits) >> 2, words: new Int32Array(0), live: new Uint8Array(0), size: 0 }),
  put(state, rows, codes) {
    const { width } = state
    const { words } = withWords(codes)
    reserve(state, rows)
    return inSlices(rows.length, Math.ceil(STEP_BYTES / codes.stride), (from, to) => {
      for (let i = from; i < to; i++) {
        const at = rows[i]! * width
        for (let j = 0; j < width; j++) state.words[at + j] = words[i * width + j]!
        state.live[rows[i]!] = 1
      }
    })
  },
  free(state, rows) {
    for (const row of rows) state.live[row] = 0
  },
  async search(state, queries, k, { signal }) {
    const rows = new Uint32Array(queries.count * k)
    const distances = new Float32Array(queries.count * k)
    const offsets = Uint32Array.from({ length: queries.count + 1 }, (_, i) => i * k)
    const differing = new Uint32Array(state.size)
    const { words } = withWords(queries)
    for (let q = 0; q < queries.count; q++) {
      await countDiffering(state, words.subarray(q * state.width, (q + 1) * state.width), differing, signal)
      await takeClosest(state, differing, rows.subarray(q * k, (q + 1) * k), distances.subarray(q * k, (q + 1) * k), signal)
    }
    return { rows, distances, offsets }
  },
}

/** Memory for these rows: twice what is needed, so that growing is rare. */
function reserve(state: ScannedCodes, rows: Uint32Array): void {
  for (const row of rows) if (row >= state.size) state.size = row + 1
  if (state.size <= state.live.length) return
  const live = new Uint8Array(2 * state.size)
  live.set(state.live)
  const words = new Int32Array(2 * state.size * state.width)
  words.set(state.words)
  state.live = live
  state.words = words
}

/** The bits in which each row differs from the query. */
function countDiffering({ words, width, size }: ScannedCodes, query: Int32Array, into: Uint32Array, signal?: AbortSignal): Promise<void> {
  const some = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      let sum = 0
      for (let at = row * width, j = 0; j < width; j++) sum += countBits(words[at + j]! ^ query[j]!)
      into[row] = sum
    }
  }
  return inSlices(size, Math.ceil(STEP_BYTES / width / 4), some, signal)
}

/** Set bits of 32: in pairs, in fours, in bytes, and their sum. */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** Fills `rows` with the closest live rows, ties by row: a counting sort, as there are only `bits` + 1 distances. */
async function takeClosest(
  { live, bits, size }: ScannedCodes,
  differing: Uint32Array,
  rows: Uint32Array,
  distances: Float32Array,
  signal?: AbortSignal,
): Promise<void> {
  const next = new Uint32Array(bits + 2)
  const count = (from: number, to: number): void => {
    for (let row = from; row < to; row++) if (live[row]) next[differing[row]! + 1]!++
  }
  await inSlices(size, STEP_BYTES, count, signal)
  for (let d = 0; d <= bits; d++) next[d + 1]! += next[d]!
  const place = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      if (!live[row]) continue
      const at = next[differing[row]!]!++
      if (at >= rows.length) continue
      rows[at] = row
      distances[at] = differing[row]! / bits
    }
  }
  await inSlices(size, STEP_BYTES, place, signal)
}
