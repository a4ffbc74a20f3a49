// Two indexes that look at everything: one over vectors (sum of absolute differences), one over hash codes.

import { definePlugin } from '@cbir/core'
import { defineHashIndex, defineNearestNeighborsIndex, field, noConfig, objectSchema, openNearestNeighborsIndex, TimeSlice } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { PACKAGE } from './package-name.js'

/** Hits of many queries, one list a query, as the arrays that core wants. */
function pack(lists) {
  const hits = lists.flat()
  const offsets = new Uint32Array(lists.length + 1)
  lists.forEach((list, i) => {
    offsets[i + 1] = offsets[i] + list.length
  })
  return { rows: Uint32Array.from(hits, (hit) => hit.row), distances: Float32Array.from(hits, (hit) => hit.distance), offsets }
}

/** Every allowed row within reach of each query, closest first, ties by row. */
async function scan(state, queries, { allow, signal }, keep) {
  const slice = new TimeSlice()
  const lists = []
  for (let query = 0; query < queries.count; query++) {
    const hits = []
    for (let row = 0; row < state.rows.length; row++) {
      if (allow && !(allow.bits[row >> 3] & (1 << (row & 7)))) continue
      const vector = state.rows[row]
      let distance = 0
      for (let j = 0; j < vector.length; j++) distance += Math.abs(vector[j] - queries.data[query * queries.dimensions + j])
      // Answers are float32; a radius that was taken from one must find the same row again.
      hits.push({ row, distance: Math.fround(distance) })
      if (slice.due()) await slice.pause()
      signal?.throwIfAborted()
    }
    lists.push(keep(hits.sort((a, b) => a.distance - b.distance || a.row - b.row)))
  }
  return pack(lists)
}

const rowsOf = ({ data, count, dimensions }) => Array.from({ length: count }, (_, i) => data.slice(i * dimensions, (i + 1) * dimensions))

const driver = {
  exact: true,
  open: (dimensions) => ({ dimensions, rows: [] }),
  async append(state, vectors) {
    state.rows.push(...rowsOf(vectors))
  },
  search: (state, queries, k, options) => scan(state, queries, options, (hits) => hits.slice(0, k)),
  within: (state, queries, radius, options) => scan(state, queries, options, (hits) => hits.filter((hit) => hit.distance <= radius)),
  overwrite(state, rows, vectors) {
    rowsOf(vectors).forEach((vector, i) => {
      state.rows[rows[i]] = vector
    })
  },
  free() {},
  save: (state, writer) =>
    writer.write(
      'rows.f32',
      state.rows.map((row) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength)),
    ),
  async load(container, { dimensions, rows }) {
    const bytes = await container.read('rows.f32')
    return { dimensions, rows: rowsOf({ data: new Float32Array(bytes.slice().buffer), count: rows, dimensions }) }
  },
}

export const blockIndex = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex', 'Updatable', 'Removable', 'RangeSearchable', 'Persistable'],
  name: 'block-index',
  package: PACKAGE,
  configSchema: objectSchema({ directory: field.string({ minLength: 1, optional: true }) }),
  create(config) {
    const identity = { name: 'block-index', package: PACKAGE, config }
    const container = directoryContainer
    if (config.directory === undefined) return defineNearestNeighborsIndex(identity, driver, { container })
    return openNearestNeighborsIndex(identity, driver, { container, directory: config.directory })
  },
})

const bitsApart = (a, b) => a.reduce((bits, byte, i) => bits + (byte ^ b[i]).toString(2).replaceAll('0', '').length, 0)

export const codeList = definePlugin({
  kind: 'hash-index',
  interfaces: ['HashIndex'],
  name: 'code-list',
  package: PACKAGE,
  configSchema: noConfig,
  create: (config) =>
    defineHashIndex(
      { name: 'code-list', package: PACKAGE, config },
      {
        exact: true,
        open: (bits) => ({ bits, codes: new Map() }),
        put(state, rows, { data, stride }) {
          rows.forEach((row, i) => void state.codes.set(row, data.slice(i * stride, (i + 1) * stride)))
        },
        async search(state, { data, count, stride }, k) {
          const slice = new TimeSlice()
          const lists = []
          for (let query = 0; query < count; query++) {
            const code = data.subarray(query * stride, (query + 1) * stride)
            const hits = []
            for (const [row, other] of state.codes) {
              hits.push({ row, distance: bitsApart(code, other) / state.bits })
              if (slice.due()) await slice.pause()
            }
            lists.push(hits.sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k))
          }
          return pack(lists)
        },
        free: (state, rows) => rows.forEach((row) => void state.codes.delete(row)),
      },
    ),
})
