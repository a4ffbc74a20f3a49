// What stands in a hash index at one time, how it grows, and how it is saved.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerHeader, DirectoryContainer } from '../component/directory-container.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import type { Ready } from '../concurrency/ready.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign, callForeignNow } from '../errors/wrap-error.ts'
import { bitStride, checkBitShape } from '../vectors/bit-batch.ts'
import { CodeTable } from './code-table.ts'
import type { HashIndexDriver } from './hash-index-driver.ts'
import { type OwnCodes, pickCodes, settle } from './own-codes.ts'

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

/** As {@link callDriver}; what the driver gives or throws at once is given or thrown at once. */
export function callDriverNow<T>(name: string, method: string, work: () => Ready<T>, signal?: AbortSignal): Ready<T> {
  return callForeignNow(work, 'ADAPTER_FAULT', () => `${name} failed in ${method}`, signal)
}

export async function openContent<S>(name: string, driver: HashIndexDriver<S>, bits: number): Promise<HashIndexContent<S>> {
  return { state: await callDriver(name, 'open', () => driver.open(bits)), bits, table: new CodeTable(bitStride(bits)), version: 0 }
}

/** Adds the codes of a batch that are not there yet, all or none. */
export async function insert<S>(
  name: string,
  driver: HashIndexDriver<S>,
  content: HashIndexContent<S>,
  codes: OwnCodes,
  options: CallOptions,
): Promise<void> {
  const { table, state } = content
  const before = table.size
  const rows = new Uint32Array(codes.count)
  const fresh = new Uint32Array(codes.count)
  let added = 0
  await table.reserve(codes.count)
  await inSlices(codes.count, STEP, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = table.add(codes, i)
      if (row < 0) continue
      rows[added] = row
      fresh[added++] = i
    }
  })
  if (added === 0) return
  const at = rows.subarray(0, added)
  try {
    const batch = await pickCodes(codes, fresh.subarray(0, added))
    await callDriver(name, 'put', () => driver.put(state, at.slice(), batch, options), options.signal)
  } catch (error) {
    await table.undo(at, before)
    throw error
  }
  content.version++
}

/** The rows of codes that must all be there, none twice. @throws CbirError UNKNOWN_UID, DUPLICATE_UID */
export async function rowsToRemove(name: string, table: CodeTable | undefined, codes: OwnCodes): Promise<Uint32Array> {
  const rows = new Uint32Array(codes.count)
  const unknown: number[] = []
  const seen = new Uint8Array((table?.size ?? 0) / 8 + 1)
  let twice = -1
  await inSlices(codes.count, STEP, (from, to) => {
    for (let i = from; i < to; i++) {
      const row = table ? table.find(codes, i) : -1
      if (row < 0) {
        unknown.push(i)
        continue
      }
      const bit = 1 << (row & 7)
      if (seen[row >> 3]! & bit && twice < 0) twice = i
      seen[row >> 3]! |= bit
      rows[i] = row
    }
  })
  if (twice >= 0) {
    throw new CbirError('DUPLICATE_UID', `Code ${twice} occurs twice in one call. Give every code once.`, { details: { positions: [twice] } })
  }
  if (unknown.length === 0) return rows
  throw new CbirError('UNKNOWN_UID', `${name} does not hold the codes at ${unknown.slice(0, 5).join(', ')} of the batch. Nothing was removed.`, {
    details: { positions: unknown },
  })
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
  function* chunks(bytesOf: (from: number, to: number) => Uint8Array): Generator<Uint8Array> {
    for (let from = 0; from < table.size; from = table.endOfChunk(from)) yield bytesOf(from, table.endOfChunk(from))
  }
  return container.write(
    directory,
    header,
    async (writer) => {
      const marks = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from }, (_, i) => Number(table.isLive(from + i)))
      await writer.write('live', chunks(marks))
      await writer.write(
        'codes',
        chunks((from, to) => table.bytes(from, to)),
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
    const data = await opened.read('codes', options)
    if (live.length !== rows) corrupt('does not have one mark for each row')
    let all: OwnCodes
    try {
      const given = { data, count: rows, bits, stride: bitStride(bits) }
      checkBitShape(given)
      all = await settle({ codes: given, own: undefined })
    } catch (error) {
      return corrupt(`holds what is no batch of codes (${(error as Error).message})`)
    }
    const table = new CodeTable(all.stride)
    await table.reserve(rows)
    const at = new Uint32Array(rows)
    let count = 0
    await inSlices(rows, STEP, (from, to) => {
      for (let row = from; row < to; row++) {
        if (live[row] !== 1) continue
        if (!table.restore(row, all, row)) corrupt(`holds the code of row ${row} twice`)
        at[count++] = row
      }
    })
    await table.freeRest(rows)
    const held = at.slice(0, count)
    const codes = await pickCodes(all, held)
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
