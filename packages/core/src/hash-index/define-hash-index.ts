// defineHashIndex: an adapter gives a driver over numbered rows; core keeps codes unique, and gives checks, locking, abort, files and disposal.

import type { CallOptions } from '../component/call-options.ts'
import { checkDirectory } from '../component/check-directory.ts'
import type { Identity } from '../component/component.ts'
import { describeComponent } from '../component/describe-component.ts'
import type { DirectoryContainer } from '../component/directory-container.ts'
import { needCapability } from '../component/need-capability.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { CallOrder } from '../concurrency/call-order.ts'
import { guardCalls } from '../concurrency/guard.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { type Ready, whenReady } from '../concurrency/ready.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { checkAnswer, checkOffsets } from '../nearest-neighbors-index/complete-search.ts'
import type { RowNeighbours } from '../nearest-neighbors-index/dense-rows-driver.ts'
import { bitsOf } from '../vectors/bit-batch.ts'
import { checkPositiveInteger } from '../vectors/check-number.ts'
import { checkDimensions } from '../vectors/private-copy.ts'
import { pull, startNow } from '../vectors/pull.ts'
import type { CodeTable } from './code-table.ts'
import type { CodeNeighbours, HashIndex, HashIndexCapability, PersistableHashIndex, RemovableHashIndex, UpdatableHashIndex } from './hash-index.ts'
import {
  callDriver,
  callDriverNow,
  type HashIndexContent,
  insert,
  loadHashIndex,
  openContent,
  rowsToRemove,
  saveHashIndex,
} from './hash-index-content.ts'
import type { HashIndexDriver } from './hash-index-driver.ts'
import { copyCodes, ownCodes, piecesOf, settle, type TakenCodes, takeCodes } from './own-codes.ts'

/** Codes that are looked up without a look at the clock: a tenth of a millisecond. */
const AT_ONCE = 1024
/** Bytes of codes that are copied without one. */
const COPY_BYTES = 1 << 18

/** A hash index with every method. What the instance cannot do throws `NOT_SUPPORTED`; an adapter's written return type names what it can. */
export type DefinedHashIndex = HashIndex & UpdatableHashIndex & RemovableHashIndex & PersistableHashIndex

export interface HashIndexStorage {
  /** How the index is written; `directoryContainer` of `@cbir/core/node`. Without it the index cannot be saved. */
  readonly container?: DirectoryContainer | undefined
}

export interface HashIndexDirectory {
  readonly container: DirectoryContainer
  /** Opened if something is there; every completed build overwrites it, `flush` and `dispose` write what else changed. */
  readonly directory: string
}

/** A hash index in memory over a driver. */
export function defineHashIndex<S>(identity: Identity, driver: HashIndexDriver<S>, storage: HashIndexStorage = {}): DefinedHashIndex {
  return makeHashIndex(identity, driver, storage.container, undefined, undefined)
}

/**
 * A hash index over a driver that lives in a directory.
 * @throws CbirError CORRUPT_DATA, INVALID_CONFIG (saved with another layout), IO_FAILED
 */
export async function openHashIndex<S>(
  identity: Identity,
  driver: HashIndexDriver<S>,
  { container, directory }: HashIndexDirectory,
  options: CallOptions = {},
): Promise<DefinedHashIndex> {
  const { name } = describeComponent('hash-index', identity)
  return makeHashIndex(identity, driver, container, directory, await loadHashIndex(name, driver, container, directory, options))
}

function makeHashIndex<S>(
  identity: Identity,
  driver: HashIndexDriver<S>,
  container: DirectoryContainer | undefined,
  directory: string | undefined,
  loaded: HashIndexContent<S> | undefined,
): DefinedHashIndex {
  const component = describeComponent('hash-index', identity)
  const { name } = component
  const guard = guardCalls(name, 'ADAPTER_FAULT')
  const order = new CallOrder()
  let content = loaded
  let saved = { content: loaded, version: 0 }

  const capabilities = new Set<HashIndexCapability>()
  if (!driver.finish || driver.putsAfterFinish) capabilities.add('update')
  if (driver.free) capabilities.add('remove')
  if (container) capabilities.add('persist')
  if (driver.exact) capabilities.add('exact')

  const need = (capability: HashIndexCapability): void => needCapability(name, capabilities, capability)
  const count = (): number => content?.table.count ?? 0

  function filled(): HashIndexContent<S> {
    if (content && content.table.count > 0) return content
    throw new CbirError('EMPTY_INDEX', `The ${name} holds no codes. Build it, or open the directory of a saved one, before it is asked.`)
  }

  /** Everything that is left in `batches` as new content. */
  async function prepare(batches: AsyncIterable<TakenCodes>, options: CallOptions): Promise<HashIndexContent<S>> {
    let next: HashIndexContent<S> | undefined
    try {
      for await (const taken of batches) {
        if (taken.codes.count === 0) continue
        next ??= await openContent(name, driver, taken.codes.bits)
        checkDimensions(taken.codes.bits, next.bits, 'The codes')
        for await (const codes of piecesOf(taken)) {
          await insert(name, driver, next, codes, options)
          options.onProgress?.({ done: next.table.count })
          throwIfAborted(options.signal)
        }
      }
      if (!next)
        throw new CbirError('EMPTY_BUILD', `There was nothing to build ${name} from: the source gave no code. What stood before still stands.`)
      const { state } = next
      await callDriver(name, 'finish', () => driver.finish?.(state, options), options.signal)
      return next
    } catch (error) {
      if (next) await driver.close?.(next.state)
      throw error
    }
  }

  async function write(to: string, options: CallOptions): Promise<void> {
    if (container && content) await saveHashIndex(name, driver, container, content, to, options)
  }

  async function writeChanges(options: CallOptions): Promise<void> {
    if (directory === undefined || !content || (saved.content === content && saved.version === content.version)) return
    const now = { content, version: content.version }
    await write(directory, options)
    saved = now
  }

  async function closeContent(): Promise<void> {
    const last = content
    content = undefined
    if (last) await driver.close?.(last.state)
  }

  return {
    ...component,
    capabilities,
    get count() {
      return count()
    },
    get bits() {
      return content?.bits
    },

    build(source, options = {}) {
      const { signal } = options
      return guard.hold(() => {
        const batches = startNow(pull(source, takeCodes, signal))
        return order.replace(async (turn) => {
          const next = await prepare(batches.values, options).finally(batches.close)
          try {
            await turn
            throwIfAborted(signal)
            if (container && directory !== undefined) await saveHashIndex(name, driver, container, next, directory, options)
            // No signal from here on: what is in the directory must also be what answers.
            await guard.exclude(async () => {
              const old = content
              content = next
              saved = { content: next, version: next.version }
              if (old) await driver.close?.(old.state)
            })
          } catch (error) {
            if (content !== next) await driver.close?.(next.state)
            throw error
          }
          return next.table.count
        })
      }, signal)
    },

    update(source, options = {}) {
      const { signal } = options
      return guard.hold(() => {
        need('update')
        const batches = startNow(pull(source, takeCodes, signal))
        let batchesApplied = 0
        return order.change(async (turn) => {
          try {
            await turn
            for await (const taken of batches.values) {
              const codes = await settle(taken)
              await guard.exclude(async () => {
                if (codes.count === 0) return
                if (!content) {
                  content = await prepare(one({ codes, own: codes }), options)
                  return
                }
                checkDimensions(codes.bits, content.bits, 'The codes')
                await insert(name, driver, content, codes, options)
              }, signal)
              batchesApplied++
              options.onProgress?.({ done: count() })
            }
            return count()
          } catch (error) {
            throw withDetails(error, { batchesApplied })
          } finally {
            await batches.close()
          }
        })
      }, signal)
    },

    remove(codes, options = {}) {
      return guard.hold(() => {
        need('remove')
        const own = copyCodes(codes)
        return order.change(async (turn) => {
          await turn
          return guard.exclude(async () => {
            if (content) checkDimensions(own.bits, content.bits, 'The codes')
            const rows = await rowsToRemove(name, content?.table, own)
            if (!content || rows.length === 0) return count()
            const { table, state } = content
            await callDriver(name, 'free', () => driver.free?.(state, rows, options), options.signal)
            await inSlices(rows.length, 512, (from, to) => {
              for (const row of rows.subarray(from, to)) table.remove(row)
            })
            content.version++
            return table.count
          }, options.signal)
        })
      }, options.signal)
    },

    nearest(queries, k, options = {}) {
      const { signal } = options
      return guard.hold(() => {
        checkPositiveInteger(k, 'k')
        const own = copyCodes(queries)
        const search = (): Ready<CodeNeighbours> => {
          throwIfAborted(signal)
          const { table, bits, state } = filled()
          checkDimensions(own.bits, bits, 'The queries')
          const most = own.count === 0 ? 0 : Math.min(k, table.count)
          const found = most === 0 ? noNeighbours() : callDriverNow(name, 'search', () => driver.search(state, own, most, options), signal)
          return whenReady(found, (answer) => {
            checkOffsets(name, answer, own.count)
            const complete = answer.rows.length === own.count * most
            if (!complete) throw new CbirError('ADAPTER_FAULT', `${name} did not give ${most} codes for each query.`)
            const checked = checkAnswer(name, answer, (row) => table.isLive(row))
            return whenReady(checked, () => codeNeighbours(table, bits, answer, signal))
          })
        }
        // Who asks again and again without a pause in between would hold up the event loop, though no single query does.
        return guard.share(() => {
          const slice = new TimeSlice()
          return slice.due() ? whenReady(slice.pause(), search) : search()
        }, signal)
      }, signal)
    },

    rowsOf(codes, options = {}) {
      const { signal } = options
      return guard.hold(() => {
        const own = copyCodes(codes)
        return guard.share(() => {
          const rows = new Int32Array(own.count).fill(-1)
          if (!content) return rows
          checkDimensions(own.bits, content.bits, 'The codes')
          const { table } = content
          const find = (from: number, to: number): void => {
            for (let i = from; i < to; i++) rows[i] = table.find(own, i)
          }
          if (own.count > AT_ONCE) return whenReady(inSlices(own.count, AT_ONCE, find, signal), () => rows)
          find(0, own.count)
          return rows
        }, signal)
      }, signal)
    },

    async save(to, options = {}) {
      need('persist')
      checkDirectory(to, 'save')
      return guard.read(() => {
        if (!content) throw new CbirError('EMPTY_INDEX', `The ${name} was never built, so there is nothing to save.`)
        return write(to, options)
      }, options.signal)
    },

    async flush(options = {}) {
      need('persist')
      return guard.read(() => writeChanges(options), options.signal)
    },

    dispose: () => guard.dispose(() => writeChanges({}).finally(closeContent)),
  }
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value
}

/** The answer to no query. */
function noNeighbours(): RowNeighbours {
  return { rows: new Uint32Array(0), distances: new Float32Array(0), offsets: new Uint32Array(1) }
}

/** The answer with the codes of its rows; those of a long answer are copied in slices. */
function codeNeighbours(table: CodeTable, bits: number, answer: RowNeighbours, signal: AbortSignal | undefined): Ready<CodeNeighbours> {
  const { rows, distances, offsets } = answer
  const codes = ownCodes(rows.length, bits)
  const { data, count, stride } = codes
  const made: CodeNeighbours = {
    rows,
    codes: { data, count, bits, stride },
    distances,
    offsets,
    hits(i) {
      const from = offsets[i]
      const to = offsets[i + 1]
      if (from === undefined || to === undefined) {
        throw new CbirError('INVALID_ARGUMENT', `There is no query ${i}; the answer is for ${offsets.length - 1} queries, counted from 0.`)
      }
      return Array.from({ length: to - from }, (_, j) => ({ bits: bitsOf(codes, from + j), distance: distances[from + j]! }))
    },
  }
  const step = Math.max(1, Math.floor(COPY_BYTES / stride))
  if (count > step)
    return whenReady(
      inSlices(count, step, (from, to) => table.copyRows(rows, from, to, codes), signal),
      () => made,
    )
  table.copyRows(rows, 0, count, codes)
  return made
}
