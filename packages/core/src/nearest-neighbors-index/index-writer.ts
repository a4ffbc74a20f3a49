// IndexWriter: everything that changes an index: build, update, remove.

import type { CallOptions } from '../component/call-options.ts'
import { abortable } from '../concurrency/abort.ts'
import { CallOrder } from '../concurrency/call-order.ts'
import { inSlices } from '../concurrency/in-slices.ts'
import { ReadWriteLock } from '../concurrency/read-write-lock.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { withDetails } from '../errors/with-details.ts'
import { checkUids, copyUids } from '../vectors/check-uids.ts'
import { ItemsReader } from '../vectors/items-reader.ts'
import type { Source } from '../vectors/source.ts'
import { unknownUidError } from '../vectors/uids.ts'
import type { Items } from '../vectors/vector-batch.ts'
import type { CurrentContent } from './current-content.ts'
import { applyUpdate, buildContent, callDriver, discard, type IndexContent, nextVersion } from './index-content.ts'
import type { IndexPersistence } from './index-persistence.ts'
import type { BuildOptions } from './nearest-neighbors-index.ts'
import { checkOrigin, copyOrigin } from './origin.ts'

/** Names that are looked up between two looks at the clock. */
const STEP = 512

export class IndexWriter<S> {
  private readonly current: CurrentContent<S>
  private readonly persistence: IndexPersistence<S>
  private readonly order = new CallOrder()
  /** Held by an update that builds, as there is nothing yet that it could lock. */
  private readonly firstBuilds = new ReadWriteLock()

  constructor(current: CurrentContent<S>, persistence: IndexPersistence<S>) {
    this.current = current
    this.persistence = persistence
  }

  // Prepares beside the old content, which goes on answering. Swaps come in the order of the calls.
  build(source: Source<Items>, options: BuildOptions): Promise<number> {
    const { name, driver } = this.current
    const reader = new ItemsReader(source, { wholeBatches: false, signal: options.signal, repeats: 'passed on' })
    return this.order.replace(async (turn) => {
      const next = await buildContent(name, driver, reader, copyOrigin(options.origin), options)
      let old: IndexContent<S> | undefined
      try {
        await abortable(turn, options.signal)
        old = await this.persistence.replace(next, options)
      } catch (error) {
        await discard(driver, next.state)
        throw error
      }
      if (old) await discard(driver, old.state)
      return next.table.count
    })
  }

  async update(source: Source<Items>, options: BuildOptions): Promise<number> {
    const { current } = this
    const { name, driver, lock } = current
    current.need('update')
    const reader = new ItemsReader(source, { wholeBatches: true, signal: options.signal })
    let batchesApplied = 0
    return this.order.change(async (turn) => {
      try {
        await abortable(turn, options.signal)
        if (!current.content) {
          const built = await this.firstBuilds.write(() => this.firstBuild(reader, options), options.signal)
          if (built) return current.count
        }
        checkOrigin(current.content?.origin ?? {}, options.origin, 'the new ones')
        for (let items = await reader.next(); items; items = await reader.next()) {
          const batch = items
          await lock.write(() => applyUpdate(name, driver, current.content as IndexContent<S>, batch, options), options.signal)
          batchesApplied++
          options.onProgress?.({ done: batchesApplied })
        }
        return current.count
      } catch (error) {
        await reader.close()
        throw withDetails(error, { batchesApplied })
      }
    })
  }

  /** The build that an update of a never-built index is; false where another call built it meanwhile. Queries go on: there is nothing to find. */
  private async firstBuild(reader: ItemsReader, options: BuildOptions): Promise<boolean> {
    const { current } = this
    if (current.content) return false
    try {
      const next = await buildContent(current.name, current.driver, reader, copyOrigin(options.origin), options)
      await this.persistence.shareOrDiscard(next, options)
      current.content = next
    } catch (error) {
      if (!CbirError.isInstance(error, 'EMPTY_BUILD')) throw error // an update with nothing changes nothing
    }
    return true
  }

  async remove(uids: Iterable<string>, options: CallOptions): Promise<number> {
    const { current } = this
    const { name, driver, lock } = current
    current.need('remove')
    const list = copyUids(uids)
    return this.order.change(async (turn) => {
      await checkUids(list, true, options.signal)
      await abortable(turn, options.signal)
      return lock.write(async () => {
        const { content } = current
        const rows = new Uint32Array(list.length)
        const unknown: string[] = []
        await inSlices(list.length, STEP, (from, to) => {
          for (let i = from; i < to; i++) {
            const row = content?.table.rowOf(list[i]!)
            if (row === undefined) unknown.push(list[i]!)
            else rows[i] = row
          }
        })
        if (unknown.length > 0) throw unknownUidError(name, unknown)
        if (!content || list.length === 0) return current.count
        await callDriver(name, 'free', () => driver.free?.(content.state, rows, { ...options, uids: list }), options)
        await inSlices(list.length, STEP, (from, to) => {
          for (let i = from; i < to; i++) content.table.remove(list[i]!)
        })
        content.version = nextVersion()
        return content.table.count
      }, options.signal)
    })
  }
}
