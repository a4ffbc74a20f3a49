// IndexSearcher: everything that reads an index: nearest, within, and the filters made for them.
//
// A short query is answered before its promise is given out, unless the driver gives a promise, a writer is at work or this turn of the event
// loop is used up: then, and only then, it waits.

import type { CallOptions } from '../component/call-options.ts'
import { throwIfAborted } from '../concurrency/abort.ts'
import { type Ready, whenReady } from '../concurrency/ready.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { BufferPool } from '../vectors/buffer-pool.ts'
import { checkDimensions, checkFiniteNow, copyInto } from '../vectors/private-copy.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'
import { checkTuning } from './check-tuning.ts'
import { checkAnswer, checkOffsets, completeSearch } from './complete-search.ts'
import type { CurrentContent } from './current-content.ts'
import type { RowBitmap, RowNeighbours, RowSearchOptions } from './dense-rows-driver.ts'
import { callDriverNow, type IndexContent } from './index-content.ts'
import type { NearestOptions, Neighbours, RowFilter, UidPredicate } from './nearest-neighbors-index.ts'
import { nameNeighbours } from './neighbours.ts'
import { checkOrigin } from './origin.ts'
import { RowFilters } from './row-filter.ts'

type Find<S> = (content: IndexContent<S>, queries: VectorBatch, options: RowSearchOptions) => Ready<RowNeighbours>

export class IndexSearcher<S> {
  private readonly current: CurrentContent<S>
  private readonly filters = new RowFilters()
  private readonly buffers = new BufferPool()

  constructor(current: CurrentContent<S>) {
    this.current = current
  }

  nearest(queries: VectorBatch, k: number, options: NearestOptions): Ready<Neighbours> {
    if (!Number.isInteger(k) || k < 1) {
      throw new CbirError('INVALID_ARGUMENT', `k must be a positive integer, got ${String(k)}. It is the number of neighbours wanted.`)
    }
    const { name, driver } = this.current
    return this.search(queries, options, (content, own, how) => {
      const most = Math.min(k, how.allow?.count ?? content.table.count)
      if (most === 0 || own.count === 0) return noNeighbours(own.count)
      return callDriverNow(name, 'search', () => completeSearch(name, driver, content.state, own, most, how), how)
    })
  }

  within(queries: VectorBatch, radius: number, options: NearestOptions): Ready<Neighbours> {
    this.current.need('range')
    if (typeof radius !== 'number' || Number.isNaN(radius)) {
      throw new CbirError('INVALID_ARGUMENT', `radius must be a number, got ${String(radius)}. It is a distance in the metric of the index.`)
    }
    // Rounded as distances are, so that a vector at the distance 0.1 is within 0.1.
    const reach = Math.fround(radius)
    const { name, driver } = this.current
    return this.search(queries, options, (content, own, how) => {
      if (how.allow?.count === 0 || own.count === 0) return noNeighbours(own.count)
      const scan = (): Ready<RowNeighbours> =>
        whenReady(driver.within?.(content.state, own, reach, how) as Ready<RowNeighbours>, (answer) => {
          checkOffsets(name, answer, own.count)
          return answer
        })
      return callDriverNow(name, 'within', scan, how)
    })
  }

  compileFilter(predicate: UidPredicate, { signal }: CallOptions): Ready<RowFilter> {
    if (typeof predicate !== 'function')
      throw new CbirError('INVALID_ARGUMENT', 'compileFilter takes a function of a uid that returns true or false.')
    return this.current.lock.readNow(() => this.filters.make(this.current.content, predicate, signal), signal)
  }

  /** What both searches share: a private copy of the queries, the checks, the read lock, the filter, and names for rows. */
  private search(queries: VectorBatch, options: NearestOptions, find: Find<S>): Ready<Neighbours> {
    const { name, driver, lock } = this.current
    const { signal, onProgress } = options
    const own = copyInto(this.buffers, queries, 'queries')
    const tuning = checkTuning(name, driver.tuning, options.tuning)

    const answerNow = (): Ready<Neighbours> => {
      throwIfAborted(signal)
      const content = this.filled()
      checkDimensions(own.dimensions, content.dimensions, 'The queries')
      checkOrigin(content.origin, options.origin, 'the queries')
      return whenReady(this.filters.allowed(content, options.filter, signal), (allow) =>
        whenReady(find(content, own, { allow, tuning, attempt: 0, names: content.table, signal, onProgress }), (answer) =>
          this.named(content, answer, allow, signal),
        ),
      )
    }
    // Who asks again and again without a pause in between would hold up the event loop, though no single query does.
    const answer = (): Ready<Neighbours> => {
      const slice = new TimeSlice()
      return slice.due() ? whenReady(slice.pause(), answerNow) : answerNow()
    }
    return whenReady(checkFiniteNow(own, nameOfQuery), () =>
      whenReady(lock.readNow(answer, signal), (found) => {
        // Only now, after a success: whoever failed may not have finished with it.
        this.buffers.giveBack(own.data)
        return found
      }),
    )
  }

  /** @throws CbirError EMPTY_INDEX */
  private filled(): IndexContent<S> {
    const { content, name } = this.current
    if (content && content.table.count > 0) return content
    throw new CbirError('EMPTY_INDEX', `The ${name} holds no vectors. Build it, or open the directory of a saved one, before it is asked.`)
  }

  /** The answer in the caller's names, checked. @throws CbirError ADAPTER_FAULT, ABORTED */
  private named({ table }: IndexContent<S>, answer: RowNeighbours, allow: RowBitmap | undefined, signal?: AbortSignal): Ready<Neighbours> {
    throwIfAborted(signal)
    const { bits } = allow ?? table.live()
    const isAllowed = (row: number): boolean => (bits[row >> 3]! & (1 << (row & 7))) !== 0
    return whenReady(checkAnswer(this.current.name, answer, isAllowed), () => nameNeighbours(answer, table))
  }
}

const nameOfQuery = (row: number): string => `Query ${row}`

function noNeighbours(queries: number): RowNeighbours {
  return { rows: new Uint32Array(0), distances: new Float32Array(0), offsets: new Uint32Array(queries + 1) }
}
