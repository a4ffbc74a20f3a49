// Many small reads from one file as few large ones.

import type { CallOptions } from '../../component/call-options.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { yieldTurn } from '../../concurrency/time-slice.ts'
import { corrupt } from '../container/corrupt.ts'
import type { OpenFile } from '../storage/file-system.ts'

/** Ranges that are put in order at once: sorting more would take too long a slice. */
const BLOCK = 4096
/** A gap between two ranges that is cheaper to read than to skip. */
const GAP = 1 << 14
/** Bytes that one read takes at most, unless a single range is longer. */
const RUN = 1 << 20
/** Reads in flight. */
const WIDTH = 4

/** What to read: range *i* goes to `into` from byte `target(i)` on. Ranges may overlap and repeat. */
export interface Ranges {
  readonly count: number
  readonly into: Uint8Array
  position(i: number): number
  length(i: number): number
  target(i: number): number
}

/** The ranges `order[from…to)`, which lie between `begin` and `end`. */
interface Run {
  readonly from: number
  readonly to: number
  readonly begin: number
  readonly end: number
}

/** @throws CbirError CORRUPT_DATA (the file ends before a range does), IO_FAILED, ABORTED */
export async function readRanges(file: OpenFile, path: string, ranges: Ranges, { signal }: CallOptions): Promise<void> {
  const into = Buffer.from(ranges.into.buffer, ranges.into.byteOffset, ranges.into.byteLength)
  for (let first = 0; first < ranges.count; first += BLOCK) {
    const order = new Uint32Array(Math.min(BLOCK, ranges.count - first)).map((_, i) => first + i)
    const positions = Float64Array.from(order, (i) => ranges.position(i))
    if (positions.some((position, i) => i > 0 && position < positions[i - 1]!)) order.sort((a, b) => positions[a - first]! - positions[b - first]!)
    const runs = joined(order, (i) => positions[i - first]!, ranges)
    let next = 0
    const worker = async (): Promise<void> => {
      try {
        while (next < runs.length) {
          throwIfAborted(signal)
          await readRun(file, path, ranges, order, into, runs[next++]!)
        }
      } finally {
        next = runs.length // where one fails the others stop
      }
    }
    const workers = Array.from({ length: Math.min(WIDTH, runs.length) }, worker)
    // All of them have stopped before an error goes out, so that none writes to `into` later.
    const failed = (await Promise.allSettled(workers)).find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    await yieldTurn()
  }
}

/** Neighbouring ranges in one run. */
function joined(order: Uint32Array, positionOf: (i: number) => number, ranges: Ranges): Run[] {
  const runs: Run[] = []
  for (let from = 0; from < order.length; ) {
    const begin = positionOf(order[from]!)
    let end = begin + ranges.length(order[from]!)
    let to = from + 1
    for (; to < order.length; to++) {
      const at = positionOf(order[to]!)
      const until = Math.max(end, at + ranges.length(order[to]!))
      if (at - end > GAP || until - begin > RUN) break
      end = until
    }
    runs.push({ from, to, begin, end })
    from = to
  }
  return runs
}

async function readRun(file: OpenFile, path: string, ranges: Ranges, order: Uint32Array, into: Buffer, run: Run): Promise<void> {
  const { from, to, begin, end } = run
  const single = to - from === 1
  const target = ranges.target(order[from]!)
  const bytes = single ? into.subarray(target, target + end - begin) : Buffer.allocUnsafe(end - begin)
  if ((await file.read(bytes, begin)) < bytes.length) throw corrupt(path, `it ends before byte ${end}, which was there when it was opened`)
  if (single) return
  for (let j = from; j < to; j++) {
    const i = order[j]!
    const at = ranges.position(i) - begin
    bytes.copy(into, ranges.target(i), at, at + ranges.length(i))
  }
}
