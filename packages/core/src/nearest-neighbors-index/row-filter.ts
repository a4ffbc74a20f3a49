// Row filters: a predicate over uids, computed into a bitmap over rows; once for many queries, where it was compiled.

import { throwIfAborted } from '../concurrency/abort.ts'
import type { Ready } from '../concurrency/ready.ts'
import { TimeSlice } from '../concurrency/time-slice.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { toCbirError } from '../errors/wrap-error.ts'
import { describeType } from '../vectors/vector-batch.ts'
import type { RowBitmap } from './dense-rows-driver.ts'
import type { NearestOptions, RowFilter, UidPredicate } from './nearest-neighbors-index.ts'
import type { RowTable } from './row-table.ts'

interface CompiledFilter {
  /** The version of the content that it was computed for; not the content itself, which a filter that is kept must not keep in memory. */
  readonly version: number | undefined
  readonly allow: RowBitmap
}

/** What of an index's content a filter is computed from. */
interface Rows {
  readonly table: RowTable
  readonly version: number
}

/** The compiled filters of one index. Those that it did not make are refused, those that a change has made old are computed again. */
export class RowFilters {
  private readonly compiled = new WeakMap<RowFilter, { compiled: CompiledFilter }>()

  async make(content: Rows | undefined, predicate: UidPredicate, signal: AbortSignal | undefined): Promise<RowFilter> {
    const entry = { compiled: await compile(content, predicate, signal) }
    const filter: RowFilter = {
      predicate,
      get passing() {
        return entry.compiled.allow.count
      },
    }
    this.compiled.set(filter, entry)
    return filter
  }

  /** The rows that may be found; undefined where every row may. @throws CbirError INVALID_ARGUMENT */
  allowed(content: Rows, filter: NearestOptions['filter'], signal: AbortSignal | undefined): Ready<RowBitmap | undefined> {
    const { table } = content
    if (filter === undefined) return table.hasHoles ? table.live() : undefined
    if (typeof filter === 'function') return computeRowBitmap(table, filter, signal)
    const entry = this.compiled.get(filter)
    if (!entry) {
      throw new CbirError('INVALID_ARGUMENT', 'The filter must be a function of a uid, or made by compileFilter of this very index.')
    }
    return entry.compiled.version === content.version ? entry.compiled.allow : recompile(entry, content, filter.predicate, signal)
  }
}

async function recompile(
  entry: { compiled: CompiledFilter },
  content: Rows,
  predicate: UidPredicate,
  signal: AbortSignal | undefined,
): Promise<RowBitmap> {
  entry.compiled = await compile(content, predicate, signal)
  return entry.compiled.allow
}

async function compile(content: Rows | undefined, predicate: UidPredicate, signal: AbortSignal | undefined): Promise<CompiledFilter> {
  const allow = content ? await computeRowBitmap(content.table, predicate, signal) : { bits: new Uint8Array(0), count: 0 }
  return { version: content?.version, allow }
}

/**
 * The live rows whose uid the predicate lets pass.
 * @throws CbirError INVALID_ARGUMENT where the predicate throws or gives a promise
 */
export async function computeRowBitmap(table: RowTable, predicate: UidPredicate, signal: AbortSignal | undefined): Promise<RowBitmap> {
  const bits = new Uint8Array((table.size + 7) >> 3)
  const slice = new TimeSlice()
  let count = 0
  for (let row = 0; row < table.size; row++) {
    const uid = table.uidAt(row)
    if (uid !== undefined && passes(predicate, uid)) {
      bits[row >> 3]! |= 1 << (row & 7)
      count++
    }
    if ((row & 63) === 63 && slice.due()) {
      await slice.pause()
      throwIfAborted(signal)
    }
  }
  return { bits, count }
}

function passes(predicate: UidPredicate, uid: string): boolean {
  let answer: unknown
  try {
    answer = predicate(uid)
  } catch (error) {
    throw toCbirError(error, 'INVALID_ARGUMENT', `The filter threw for ${JSON.stringify(uid)}`)
  }
  if (typeof answer === 'boolean') return answer
  throw new CbirError(
    'INVALID_ARGUMENT',
    `The filter gave ${describeType(answer)} for ${JSON.stringify(uid)}; it must return true or false at once, not a promise.`,
  )
}
