// IndexContent: what stands in an index at one time: the driver's state and the names of its rows.

import type { CallOptions } from '../component/call-options.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import type { Ready } from '../concurrency/ready.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { callForeign, callForeignNow } from '../errors/wrap-error.ts'
import type { ItemsReader } from '../vectors/items-reader.ts'
import { checkDimensions, pickRows } from '../vectors/private-copy.ts'
import { duplicateUidError } from '../vectors/uids.ts'
import type { Items } from '../vectors/vector-batch.ts'
import type { DenseRowsDriver } from './dense-rows-driver.ts'
import type { VectorOrigin } from './nearest-neighbors-index.ts'
import { RowTable } from './row-table.ts'

/** Names that are entered between two looks at the clock. */
const STEP = 512

export interface IndexContent<S> {
  readonly state: S
  readonly dimensions: number
  readonly table: RowTable
  readonly origin: VectorOrigin
  /** Another number after every change, which no other content of any index ever has. */
  version: number
}

let versions = 0

/** The version of content that was just made or changed. */
export function nextVersion(): number {
  versions += 1
  return versions
}

/** Frees a state that nothing refers to any more. What `close` throws is dropped: the call that it happens in has its outcome already. */
export async function discard<S>(driver: DenseRowsDriver<S>, state: S): Promise<void> {
  try {
    await driver.close?.(state)
  } catch {}
}

/** New content from everything a reader gives. @throws CbirError EMPTY_BUILD, and what reader and driver throw; then nothing is left behind */
export async function buildContent<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  reader: ItemsReader,
  origin: VectorOrigin,
  options: CallOptions,
): Promise<IndexContent<S>> {
  let content: IndexContent<S> | undefined
  try {
    for (let items = await reader.next(); items; items = await reader.next()) {
      const { dimensions } = items.vectors
      content ??= {
        state: await callDriver(name, 'open', () => driver.open(dimensions), options),
        dimensions,
        table: new RowTable(),
        origin,
        version: nextVersion(),
      }
      const { state, table } = content
      const { uids, vectors } = items
      await inSlices(uids.length, STEP, (from, to) => {
        for (let i = from; i < to; i++) if (!table.push(uids[i]!)) throw duplicateUidError(uids[i]!)
      })
      const { following } = reader
      await callDriver(name, 'append', () => driver.append(state, vectors, { ...options, uids, following }), options)
      options.onProgress?.({ done: table.count })
    }
    if (!content) {
      throw new CbirError('EMPTY_BUILD', `There was nothing to build ${name} from: the source gave no vector. What stood before still stands.`)
    }
    const { state } = content
    if (driver.finish) await callDriver(name, 'finish', () => driver.finish?.(state, options), options)
    return content
  } catch (error) {
    await reader.close()
    if (content) await discard(driver, content.state)
    throw error
  }
}

/** Applies one batch whole or not at all: known uids get their new vectors, new ones a free row or one behind the last. */
export async function applyUpdate<S>(
  name: string,
  driver: DenseRowsDriver<S>,
  content: IndexContent<S>,
  items: Items,
  options: CallOptions,
): Promise<void> {
  const { state, table } = content
  checkDimensions(items.vectors.dimensions, content.dimensions, 'The vectors')
  const known: number[] = []
  const fresh: number[] = []
  const { uids } = items
  await inSlices(uids.length, STEP, (from, to) => {
    for (let i = from; i < to; i++) (table.has(uids[i]!) ? known : fresh).push(i)
  })
  // Without `overwrite` a known uid moves to a new row, and freed rows stay holes.
  const reusable = driver.overwrite ? table.freeRows(fresh.length) : []
  const replaced = driver.overwrite ? known : []
  const appended = driver.overwrite ? fresh.slice(reusable.length) : uids.map((_, i) => i)

  const moved = driver.overwrite ? [] : known

  // Everything that takes memory comes before the driver changes anything.
  const added = await pickRows(items.vectors, appended)
  const written = await pickRows(items.vectors, [...replaced, ...fresh.slice(0, reusable.length)])
  const rowsOf = async (which: readonly number[], more: readonly number[]): Promise<Uint32Array> => {
    const rows = new Uint32Array(which.length + more.length)
    await inSlices(which.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) rows[i] = table.rowOf(uids[which[i]!]!)!
    })
    rows.set(more, which.length)
    return rows
  }
  const writtenRows = await rowsOf(replaced, reusable)
  const movedRows = await rowsOf(moved, [])
  const namesOf = (which: readonly number[]): string[] => which.map((i) => uids[i]!)
  const addedUids = namesOf(appended)
  const writtenUids = namesOf([...replaced, ...fresh.slice(0, reusable.length)])
  const first = table.size

  let grown = false
  try {
    if (appended.length > 0) await callDriver(name, 'append', () => driver.append(state, added, { ...options, uids: addedUids }), options)
    grown = appended.length > 0
    if (writtenRows.length > 0)
      await callDriver(name, 'overwrite', () => driver.overwrite?.(state, writtenRows, written, { ...options, uids: writtenUids }), options)
    if (movedRows.length > 0) await callDriver(name, 'free', () => driver.free?.(state, movedRows, { ...options, uids: namesOf(moved) }), options)
  } catch (error) {
    // The appended rows are there without a name: they stay holes, which no search can find.
    if (grown) await forget(driver, state, first, addedUids)
    for (let i = 0; grown && i < appended.length; i++) table.pushHole()
    content.version = nextVersion()
    throw error
  }
  table.takeFreeRows(reusable.length)
  await inSlices(reusable.length, STEP, (from, to) => {
    for (let i = from; i < to; i++) table.name(reusable[i]!, uids[fresh[i]!]!)
  })
  await inSlices(appended.length, STEP, (from, to) => {
    for (const i of appended.slice(from, to)) {
      table.remove(uids[i]!)
      table.push(uids[i]!)
    }
  })
  content.version = nextVersion()
}

/** Tells the driver that rows which it has just added are not wanted. What that throws is dropped: the error before it counts. */
async function forget<S>(driver: DenseRowsDriver<S>, state: S, first: number, uids: readonly string[]): Promise<void> {
  try {
    await driver.free?.(
      state,
      Uint32Array.from(uids, (_, i) => first + i),
      { uids },
    )
  } catch {}
}

/** Runs a method of the driver; what it throws without a code of its own is the adapter's fault. */
export function callDriver<T>(name: string, method: string, work: () => Ready<T>, options: CallOptions): Promise<T> {
  return callForeign(work, 'ADAPTER_FAULT', () => `${name} failed in ${method}`, options.signal)
}

/** As {@link callDriver}; what the driver gives or throws at once is given or thrown at once. */
export function callDriverNow<T>(name: string, method: string, work: () => Ready<T>, options: CallOptions): Ready<T> {
  return callForeignNow(work, 'ADAPTER_FAULT', () => `${name} failed in ${method}`, options.signal)
}
