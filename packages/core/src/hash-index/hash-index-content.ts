// What stands in a hash index at one time, how it grows, and how it is saved.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerHeader, DirectoryContainer } from '../component/directory-container.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign } from '../errors/wrap-error.ts'
import { type BitBatch, bitBatch, bitStride, checkBitBatch } from '../vectors/bit-batch.ts'
import { CodeTable } from './code-table.ts'
import type { HashIndexDriver } from './hash-index-driver.ts'

/** Codes that are handled between two looks at the clock. */
const STEP = 512
const FORMAT_VERSION = 1

export interface HashIndexContent<S> {
  readonly state: S
  readonly bits: number
  readonly table: CodeTable
  /** Grows with every change. */
  version: number
}

/** Runs a method of the driver; what it throws without a code of its own is the adapter's fault. */
export function callDriver<T>(name: string, method: string, work: () => Promise<T> | T, signal?: AbortSignal): Promise<T> {
  return callForeign(work, 'ADAPTER_FAULT', () => `${name} failed in ${method}`, signal)
}

export async function openContent<S>(name: string, driver: HashIndexDriver<S>, bits: number): Promise<HashIndexContent<S>> {
  return { state: await callDriver(name, 'open', () => driver.open(bits)), bits, table: new CodeTable(bitStride(bits)), version: 0 }
}

/** Adds the codes of a batch that are not there yet, all or none. */
export async function insert<S>(
  name: string,
  driver: HashIndexDriver<S>,
  content: HashIndexContent<S>,
  codes: BitBatch,
  options: CallOptions,
): Promise<void> {
  const { table, state } = content
  const before = table.size
  const rows: number[] = []
  const fresh: number[] = []
  await table.reserve(codes.count)
  await inSlices(codes.count, STEP, (from, to) => {
    for (let i = from; i < to; i++) {
      if (table.find(codes, i) >= 0) continue
      rows.push(table.add(codes, i))
      fresh.push(i)
    }
  })
  if (rows.length === 0) return
  try {
    const added = await pickCodes(codes, fresh)
    await callDriver(name, 'put', () => driver.put(state, new Uint32Array(rows), added, options), options.signal)
  } catch (error) {
    table.undo(rows, before)
    throw error
  }
  content.version++
}

/** The rows of codes that must all be there, none twice. @throws CbirError UNKNOWN_UID, DUPLICATE_UID */
export async function rowsToRemove(name: string, table: CodeTable | undefined, codes: BitBatch): Promise<Uint32Array> {
  const rows = new Uint32Array(codes.count)
  const unknown: number[] = []
  const seen = new Set<number>()
  await inSlices(codes.count, STEP, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = table?.find(codes, i) ?? -1
      if (row < 0) unknown.push(i)
      if (row >= 0 && seen.has(row)) {
        throw new CbirError('DUPLICATE_UID', `Code ${i} occurs twice in one call. Give every code once.`, { details: { positions: [i] } })
      }
      seen.add(row)
      rows[i] = row
    }
  })
  if (unknown.length === 0) return rows
  throw new CbirError('UNKNOWN_UID', `${name} does not hold the codes at ${unknown.slice(0, 5).join(', ')} of the batch. Nothing was removed.`, {
    details: { positions: unknown },
  })
}

async function pickCodes(codes: BitBatch, which: readonly number[]): Promise<BitBatch> {
  if (which.length === codes.count) return codes
  const { stride, data } = codes
  const picked = bitBatch(which.length, codes.bits)
  await inSlices(which.length, STEP, (from, to) => {
    for (let i = from; i < to; i++) picked.data.set(data.subarray(which[i]! * stride, (which[i]! + 1) * stride), i * stride)
  })
  return picked
}

interface HashIndexHeader extends ContainerHeader {
  readonly bits: number
  readonly rows: number
}

const typeOf = (name: string): string => `hash-index/${name}`

/** Writes content into a directory, whole or not at all. */
export function saveHashIndex<S>(
  name: string,
  driver: HashIndexDriver<S>,
  container: DirectoryContainer,
  content: HashIndexContent<S>,
  directory: string,
  options: CallOptions,
): Promise<void> {
  const { table, bits, state } = content
  const header = { type: typeOf(name), formatVersion: FORMAT_VERSION, bits, rows: table.size, layout: driver.layout ?? {} }
  function* blocks(width: number, fill: (row: number, into: Uint8Array, to: number) => void): Generator<Uint8Array> {
    for (let from = 0; from < table.size; from += STEP) {
      const rows = Math.min(STEP, table.size - from)
      const block = new Uint8Array(rows * width)
      for (let i = 0; i < rows; i++) fill(from + i, block, i * width)
      yield block
    }
  }
  return container.write(
    directory,
    header,
    async (writer) => {
      await writer.write(
        'live',
        blocks(1, (row, into, to) => (into[to] = Number(table.isLive(row)))),
      )
      await writer.write(
        'codes',
        blocks(table.stride, (row, into, to) => table.copy(row, into, to)),
      )
      await callDriver(name, 'save', () => driver.save?.(state, writer, options), options.signal)
    },
    options,
  )
}

/** The content of a directory; undefined where nothing was saved. @throws CbirError CORRUPT_DATA, INVALID_CONFIG (another layout), IO_FAILED */
export async function loadHashIndex<S>(
  name: string,
  driver: HashIndexDriver<S>,
  container: DirectoryContainer,
  directory: string,
  options: CallOptions,
): Promise<HashIndexContent<S> | undefined> {
  const opened = await container.open(directory, { ...options, type: typeOf(name) })
  if (!opened) return undefined
  try {
    const { formatVersion, bits, rows, layout } = opened.header as HashIndexHeader
    const corrupt = (what: string): never => {
      throw new CbirError('CORRUPT_DATA', `The hash index in ${directory} ${what}. Restore it from a copy or build it again.`)
    }
    if (formatVersion !== FORMAT_VERSION) corrupt(`has format ${formatVersion}; this version reads format ${FORMAT_VERSION}`)
    if (JSON.stringify(layout) !== JSON.stringify(driver.layout ?? {})) {
      throw new CbirError('INVALID_CONFIG', `The ${name} in ${directory} was saved as ${JSON.stringify(layout)}. Open it so, or build it again.`)
    }
    const live = await opened.read('live', options)
    const all: BitBatch = { data: await opened.read('codes', options), count: rows, bits, stride: bitStride(bits) }
    try {
      checkBitBatch(all)
    } catch (error) {
      corrupt(`holds what is no batch of codes (${(error as Error).message})`)
    }
    if (live.length !== rows) corrupt('does not have one mark for each row')
    const table = new CodeTable(all.stride)
    await table.reserve(rows)
    const at: number[] = []
    await inSlices(rows, STEP, (from, to) => {
      for (let row = from; row < to; row++) {
        if (live[row] !== 1) continue
        if (table.find(all, row) >= 0) corrupt(`holds the code of row ${row} twice`)
        table.put(row, all, row)
        at.push(row)
      }
    })
    table.freeRest(rows)
    const codes = await pickCodes(all, at)
    const held = new Uint32Array(at)
    const load = async (): Promise<S> => {
      if (driver.load) return driver.load(opened, held, codes, options)
      const state = await driver.open(bits)
      if (held.length > 0) await driver.put(state, held, codes, options)
      await driver.finish?.(state, options)
      return state
    }
    return { state: await callDriver(name, 'load', load, options.signal), bits, table, version: 0 }
  } finally {
    await opened.close()
  }
}
