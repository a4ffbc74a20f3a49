// memoryHashIndex: exact search by looking at every code; small sets, and the yardstick of other hash indexes.

import { inSlices } from '../concurrency/in-slices.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { noConfig } from '../config/object-schema.ts'
import { type BitBatch, bitStride } from '../vectors/bit-batch.ts'
import { defineHashIndex } from './define-hash-index.ts'
import type { HashIndex, RemovableHashIndex, UpdatableHashIndex } from './hash-index.ts'
import type { HashIndexDriver } from './hash-index-driver.ts'

/** Bytes of codes that are looked at between two looks at the clock. */
const STEP_BYTES = 1 << 15

/** Set bits of each byte. */
const POPCOUNT: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1
  return bits
})

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

interface Codes {
  readonly bits: number
  data: Uint8Array
  /** 1 for rows that hold a code. */
  live: Uint8Array
  size: number
}

/** The driver: every code is compared with every query. */
export const linearScan: HashIndexDriver<Codes> = {
  exact: true,
  open: (bits) => ({ bits, data: new Uint8Array(0), live: new Uint8Array(0), size: 0 }),
  put(state, rows, codes) {
    const { stride } = codes
    return inSlices(rows.length, 512, (from, to) => {
      for (let i = from; i < to; i++) {
        const row = rows[i]!
        if (row >= state.live.length) {
          state.data = grown(state.data, 2 * (row + 512) * stride)
          state.live = grown(state.live, 2 * (row + 512))
        }
        state.data.set(codes.data.subarray(i * stride, (i + 1) * stride), row * stride)
        state.live[row] = 1
        state.size = Math.max(state.size, row + 1)
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
    for (let q = 0; q < queries.count; q++) {
      await countDiffering(state, queries, q, differing, signal)
      await takeClosest(state, differing, rows.subarray(q * k, (q + 1) * k), distances.subarray(q * k, (q + 1) * k), signal)
    }
    return { rows, distances, offsets }
  },
}

function grown(array: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(length)
  larger.set(array)
  return larger
}

/** The bits in which each row differs from query `q`. */
function countDiffering({ data, bits, size }: Codes, queries: BitBatch, q: number, into: Uint32Array, signal?: AbortSignal): Promise<void> {
  const stride = bitStride(bits)
  const query = queries.data.subarray(q * stride, (q + 1) * stride)
  const some = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      let sum = 0
      for (let i = 0; i < stride; i++) sum += POPCOUNT[data[row * stride + i]! ^ query[i]!]!
      into[row] = sum
    }
  }
  return inSlices(size, Math.ceil(STEP_BYTES / stride), some, signal)
}

/** Fills `rows` with the closest live rows, ties by row: a counting sort, as there are only `bits` + 1 distances. */
async function takeClosest(
  { live, bits, size }: Codes,
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
