// memoryDescriptorSet: a descriptor set in memory, in contiguous chunks for each vector length.

import type { Identity } from '../component/component.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { noConfig } from '../config/object-schema.ts'
import { VectorChunks } from '../vectors/vector-chunks.ts'
import { defineDescriptorSet } from './define-descriptor-set.ts'
import type { Attributes, DescriptorSet } from './descriptor-set.ts'

/** Rows that are handled between two looks at the clock. */
const STEP = 256

/** An empty descriptor set that lives as long as the object does. Takes no configuration. */
export const memoryDescriptorSet: PluginFactory<Record<string, never>, Record<string, never>, DescriptorSet> = definePlugin({
  kind: 'descriptor-set',
  interfaces: ['DescriptorSet'],
  name: 'memory-descriptor-set',
  package: '@cbir/core',
  configSchema: noConfig,
  create: (config) => create({ name: 'memory-descriptor-set', package: '@cbir/core', config }),
})

/** The uids that are still to come; `ahead` was taken from them already, but did not fit into the page before. */
interface Cursor {
  readonly uids: Iterator<string>
  readonly ahead: string | undefined
}

function create(identity: Identity): DescriptorSet {
  // A Map keeps the order of insertion, and its iterators stay right while it changes. Its numbers point into `chunksAt` and `placeAt`:
  // two arrays of small integers take less room than an object for each vector.
  const rows = new Map<string, number>()
  const attributesOf = new Map<string, Attributes>()
  const freeRows: number[] = []
  let shelves: VectorChunks[] = []
  let shelfAt: number[] = []
  let placeAt: number[] = []

  const shelfOf = (uid: string): VectorChunks | undefined => {
    const row = rows.get(uid)
    return row === undefined ? undefined : shelves[shelfAt[row]!]
  }

  function shelfFor(dimensions: number): number {
    const found = shelves.findIndex((shelf) => shelf.dimensions === dimensions)
    return found >= 0 ? found : shelves.push(new VectorChunks(dimensions)) - 1
  }

  /** The place on `shelf` where the vector of `uid` goes: its own, or a new one. */
  function placeFor(uid: string, shelf: number): number {
    let row = rows.get(uid)
    if (row !== undefined && shelfAt[row] === shelf) return placeAt[row]!
    if (row !== undefined) shelves[shelfAt[row]!]!.release(placeAt[row]!)
    row ??= freeRows.pop() ?? shelfAt.length
    rows.set(uid, row)
    shelfAt[row] = shelf
    placeAt[row] = shelves[shelf]!.take()
    return placeAt[row]!
  }

  return defineDescriptorSet<Cursor>(identity, {
    count: () => rows.size,

    async dimensionsOf(uids, { signal }) {
      const dimensions = new Uint32Array(uids.length)
      const look = (from: number, to: number): void => {
        for (let i = from; i < to; i++) dimensions[i] = shelfOf(uids[i]!)?.dimensions ?? 0
      }
      await inSlices(uids.length, STEP, look, signal)
      return dimensions
    },

    read(uids, into, dimensions, { signal }) {
      const copy = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
          const row = rows.get(uids[i]!)!
          shelves[shelfAt[row]!]!.read(placeAt[row]!, into, i * dimensions)
        }
      }
      return inSlices(uids.length, STEP, copy, signal)
    },

    attributes: (uids) => uids.map((uid) => attributesOf.get(uid)),

    // Once the room is there nothing can fail any more, and no signal is looked at: a batch is written as a whole.
    async write({ uids, vectors, attributes }) {
      const shelf = shelfFor(vectors.dimensions)
      await shelves[shelf]!.reserve(uids.length)
      await inSlices(uids.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) {
          const uid = uids[i]!
          shelves[shelf]!.write(placeFor(uid, shelf), vectors.data, i * vectors.dimensions)
          const facts = attributes?.[i]
          if (facts) attributesOf.set(uid, facts)
          else attributesOf.delete(uid)
        }
      })
    },

    remove(uids) {
      return inSlices(uids.length, STEP, (from, to) => {
        for (const uid of uids.slice(from, to)) {
          const row = rows.get(uid)!
          shelves[shelfAt[row]!]!.release(placeAt[row]!)
          freeRows.push(row)
          rows.delete(uid)
          attributesOf.delete(uid)
        }
      })
    },

    clear() {
      rows.clear()
      attributesOf.clear()
      freeRows.length = 0
      shelves = []
      shelfAt = []
      placeAt = []
    },

    async page(cursor, limit) {
      const slice = new TimeSlice()
      const iterator = cursor?.uids ?? rows.keys()
      const uids: string[] = []
      let dimensions = 1
      let ahead = cursor?.ahead ?? iterator.next().value
      while (ahead !== undefined && uids.length < limit) {
        // What was looked at ahead may have been removed since.
        const shelf = shelfOf(ahead)
        if (shelf) {
          if (uids.length > 0 && shelf.dimensions !== dimensions) break
          dimensions = shelf.dimensions
          uids.push(ahead)
        }
        ahead = iterator.next().value
        if (uids.length % STEP === 0 && slice.due()) await slice.pause()
      }
      const data = new Float32Array(uids.length * dimensions)
      await this.read(uids, data, dimensions, {})
      const attributes = await this.attributes(uids, {})
      return {
        items: { uids, vectors: { data, count: uids.length, dimensions }, ...(attributes.some(Boolean) ? { attributes } : {}) },
        next: ahead === undefined ? undefined : { uids: iterator, ahead },
      }
    },

    close() {
      this.clear?.({})
    },
  })
}
