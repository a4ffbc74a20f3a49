// A process that hosts one of our indexes and is asked as the peers are: what it times goes through the public methods, awaited.

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Items, NearestOptions, RowFilter, UidPredicate, VectorBatch } from '@cbir/core'
import { type Commands, serve, timed } from '../host.ts'
import { type AnyIndex, adapterOf } from './adapters.ts'
import { readFloats } from './float-files.ts'

/** Rows that a build's source gives at a time. */
const SOURCE_ROWS = 10_000

let index: AnyIndex | undefined
let dimensions = 0
let base = new Float32Array(0)
let queries = new Float32Array(0)
let filter: Filter | undefined

interface Filter {
  readonly predicate: UidPredicate
  readonly compiled: RowFilter
}

/** Words after the command's name, as in the peers' own programs. */
const COMMANDS: Commands = {
  async create([name, config]) {
    await replaceIndex(await adapterOf(name!).create(JSON.parse(config!) as Record<string, unknown>))
    return {}
  },
  async import([name, file, config]) {
    const { importFile } = adapterOf(name!)
    if (!importFile) throw new Error(`${name} imports no files`)
    await replaceIndex(await importFile(file!, JSON.parse(config!) as Record<string, unknown>))
    return { count: index!.count }
  },
  async base([file, size]) {
    dimensions = Number(size)
    base = readFloats(file!)
    return { rows: base.length / dimensions }
  },
  async queries([file, size]) {
    dimensions = Number(size)
    queries = readFloats(file!)
    return { rows: queries.length / dimensions }
  },
  async build([rows]) {
    return timed(() => need().build(source(Number(rows))))
  },
  /** Frees what was built, outside of any timing. */
  async clear() {
    await replaceIndex(undefined)
    globalThis.gc?.()
    return {}
  },
  async one([tuning, from, count, k]) {
    const options = optionsOf(tuning!)
    const end = Number(from) + Number(count)
    return timed(async () => {
      for (let i = Number(from); i < end; i++) await need().nearest(batchOf(i, 1), Number(k), options)
    })
  },
  async batch([tuning, from, count, k]) {
    return timed(() => need().nearest(batchOf(Number(from), Number(count)), Number(k), optionsOf(tuning!)))
  },
  /** Writes the row numbers found; the last word is empty or `filtered`. */
  async find([tuning, from, count, k, output, how]) {
    const options = { ...optionsOf(tuning!), ...(how === 'filtered' ? { filter: needFilter().compiled } : {}) }
    const { uids, offsets } = await need().nearest(batchOf(Number(from), Number(count)), Number(k), options)
    const ids = new Int32Array(Number(count) * Number(k)).fill(-1)
    for (let query = 0; query < Number(count); query++) {
      for (let i = offsets[query]!; i < offsets[query + 1]!; i++) ids[query * Number(k) + i - offsets[query]!] = Number(uids[i])
    }
    writeFileSync(output!, new Uint8Array(ids.buffer))
    return {}
  },
  /** Compiles a filter that passes every row number divisible by `step`. */
  async filter([step]) {
    const predicate = (uid: string): boolean => Number(uid) % Number(step) === 0
    filter = { predicate, compiled: await need().compileFilter(predicate) }
    return { passing: filter.compiled.passing }
  },
  /** As `one`, with the compiled filter, or with a predicate that no call has seen before. Tells the fewest neighbours of a query, too. */
  async filtered([tuning, from, count, k, how]) {
    let fewest = Number.POSITIVE_INFINITY
    const { predicate, compiled } = needFilter()
    const answer = await timed(async () => {
      for (let i = Number(from); i < Number(from) + Number(count); i++) {
        const chosen = how === 'bare' ? (uid: string): boolean => predicate(uid) : compiled
        const { uids } = await need().nearest(batchOf(i, 1), Number(k), { ...optionsOf(tuning!), filter: chosen })
        fewest = Math.min(fewest, uids.length)
      }
    })
    return { ...answer, fewest }
  },
  /** Which binaries are loaded. */
  async addons() {
    const loaded = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.endsWith('.node'))
    return { addons: loaded.map((file) => file.replace(/^.*\/packages\//, '')).join(', ') }
  },
  /** The largest distance of a stored row to itself, as the nearest of a batch of stored rows. */
  async self([count]) {
    const vectors = { data: base.subarray(0, Number(count) * dimensions), count: Number(count), dimensions }
    const { distances, offsets } = await need().nearest(vectors, 1)
    let worst = 0
    for (let query = 0; query < Number(count); query++) worst = Math.max(worst, Math.abs(distances[offsets[query]!]!))
    return { worst }
  },
}

function need(): AnyIndex {
  if (!index) throw new Error('no index')
  return index
}

function needFilter(): Filter {
  if (!filter) throw new Error('no filter')
  return filter
}

async function replaceIndex(other: AnyIndex | undefined): Promise<void> {
  await index?.dispose()
  index = other
  filter = undefined
}

function optionsOf(tuning: string): NearestOptions {
  return tuning === '' ? {} : { tuning: JSON.parse(tuning) as Record<string, number> }
}

function batchOf(from: number, count: number): VectorBatch {
  return { data: queries.subarray(from * dimensions, (from + count) * dimensions), count, dimensions }
}

function* source(rows: number): Generator<Items> {
  for (let from = 0; from < rows; from += SOURCE_ROWS) {
    const count = Math.min(SOURCE_ROWS, rows - from)
    const data = base.subarray(from * dimensions, (from + count) * dimensions)
    yield { uids: Array.from({ length: count }, (_, i) => String(from + i)), vectors: { data, count, dimensions } }
  }
}

await serve(COMMANDS)
