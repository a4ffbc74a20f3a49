// Stores in memory, each in another plain structure.

import { definePlugin, vectorBatch } from '@cbir/core'
import { defineDataSet, defineDescriptorSet, defineKeyValueStore, noConfig } from '@cbir/core/define'
import { PACKAGE } from './package-name.js'

/** Entries under serial numbers, oldest first. */
export const listStore = definePlugin({
  kind: 'key-value-store',
  interfaces: ['KeyValueStore'],
  name: 'list-store',
  package: PACKAGE,
  configSchema: noConfig,
  create(config) {
    const entries = new Map()
    let serials = 0
    return defineKeyValueStore(
      { name: 'list-store', package: PACKAGE, config },
      {
        count: () => entries.size,
        has: (keys) => Uint8Array.from(keys, (key) => Number(entries.has(key))),
        get: (keys) => keys.map((key) => structuredClone(entries.get(key)?.value)),
        // A cursor is the serial number of the last entry given, which stays right while entries come and go.
        keys(cursor = -1, limit) {
          const rest = [...entries].filter(([, entry]) => entry.serial > cursor)
          const page = rest.slice(0, limit)
          return { keys: page.map(([key]) => key), next: rest.length > limit ? page.at(-1)[1].serial : undefined }
        },
        write(batch) {
          for (const [key, value] of batch) entries.set(key, { value, serial: entries.get(key)?.serial ?? serials++ })
        },
        remove: (keys) => keys.forEach((key) => void entries.delete(key)),
        clear: () => entries.clear(),
      },
    )
  },
})

/** One object for each descriptor. */
export const objectSet = definePlugin({
  kind: 'descriptor-set',
  interfaces: ['DescriptorSet'],
  name: 'object-set',
  package: PACKAGE,
  configSchema: noConfig,
  create(config) {
    const rows = new Map()
    let serials = 0
    return defineDescriptorSet(
      { name: 'object-set', package: PACKAGE, config },
      {
        count: () => rows.size,
        dimensionsOf: (uids) => Uint32Array.from(uids, (uid) => rows.get(uid)?.vector.length ?? 0),
        read(uids, into, dimensions) {
          uids.forEach((uid, i) => {
            into.set(rows.get(uid).vector, i * dimensions)
          })
        },
        attributes: (uids) => uids.map((uid) => structuredClone(rows.get(uid).attributes)),
        page(cursor = -1, limit) {
          const rest = [...rows].filter(([, row]) => row.serial > cursor)
          const dimensions = rest[0]?.[1].vector.length ?? 1
          const others = rest.findIndex(([, row]) => row.vector.length !== dimensions)
          const page = rest.slice(0, Math.min(limit, others < 0 ? rest.length : others))
          const vectors = vectorBatch(Float32Array.from(page.flatMap(([, row]) => [...row.vector])), dimensions)
          const items = { uids: page.map(([uid]) => uid), vectors, attributes: page.map(([, row]) => structuredClone(row.attributes)) }
          return { items, next: rest.length > page.length ? page.at(-1)[1].serial : undefined }
        },
        write({ uids, vectors: { data, dimensions }, attributes }) {
          uids.forEach((uid, i) => {
            const vector = data.slice(i * dimensions, (i + 1) * dimensions)
            rows.set(uid, { vector, attributes: structuredClone(attributes?.[i]), serial: rows.get(uid)?.serial ?? serials++ })
          })
        },
        remove: (uids) => uids.forEach((uid) => void rows.delete(uid)),
        clear: () => rows.clear(),
      },
    )
  },
})

/** Elements side by side. */
export const shelf = definePlugin({
  kind: 'data-set',
  interfaces: ['DataSet'],
  name: 'shelf',
  package: PACKAGE,
  configSchema: noConfig,
  create(config) {
    const shelved = new Map()
    return defineDataSet(
      { name: 'shelf', package: PACKAGE, config },
      {
        count: () => shelved.size,
        get: (uuids) => uuids.map((uuid) => shelved.get(uuid)),
        elements: () => [...shelved.values()],
        write: (uuids, elements) => uuids.forEach((uuid, i) => void (shelved.has(uuid) || shelved.set(uuid, elements[i]))),
      },
    )
  },
})
