// writeFaissFile: a file that other programs read with faiss.

import { type CallOptions, CbirError } from '@cbir/core'
import { inSlices, type RowBitmap } from '@cbir/core/define'
import { nativeTask } from '@cbir/native-kit'
import { faissAddon } from './addon.ts'
import { parseFactory } from './factory-string.ts'
import { type FaissState, visits } from './faiss-driver.ts'
import type { FaissIndex } from './faiss-index-plugin.ts'

const STEP = 4096
const MOST = 2n ** 63n - 1n

export interface WriteFaissFileOptions extends CallOptions {
  /** Put an IDMap around the index, so that the file has ids; where not given, as the factory string says. Lists (`IVF…`) have ids without one. */
  readonly idMap?: boolean | undefined
}

/** What the file calls the vectors. */
export interface WrittenFaissFile {
  /** The uids in the order of the index's rows. */
  readonly uids: readonly string[]
  /** `ids[i]` is the number that faiss gives for `uids[i]`. */
  readonly ids: BigInt64Array
}

/**
 * Writes an index as a file of faiss, e.g. for Python's `faiss.read_index`. Uids that all are numbers from 0 to 2^63 − 1 become its ids, where
 * it can hold ids; else the vectors are numbered from 0, in the order of the rows. What was removed is not in the file.
 * @throws CbirError INVALID_ARGUMENT (not an index of this package), EMPTY_INDEX, NOT_SUPPORTED (a graph in which vectors were replaced),
 * IO_FAILED, ABORTED
 * @example const { ids, uids } = await writeFaissFile(index, 'photos.faiss')
 */
export async function writeFaissFile(index: FaissIndex, path: string, options: WriteFaissFileOptions = {}): Promise<WrittenFaissFile> {
  if (typeof path !== 'string' || path === '') throw new CbirError('INVALID_ARGUMENT', 'writeFaissFile takes the path of a file.')
  const { config } = index.toConfig() as { readonly config: { readonly factory?: unknown } }
  if (index.name !== 'faiss-index' || typeof config.factory !== 'string') {
    throw new CbirError('INVALID_ARGUMENT', `writeFaissFile takes an index of @cbir/faiss-index, not a ${index.name}.`)
  }
  const factory = parseFactory(config.factory)
  const mapped = options.idMap ?? factory.mapped
  const { dimensions = 1 } = index
  const uids: string[] = []
  let written: WrittenFaissFile | undefined
  // A search sees names and rows of one moment: the filter is asked for every uid in the order of the rows, and the driver lets us in.
  const visitor = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, visitor.signal]) : visitor.signal
  visits.set(signal, async (state, allow) => {
    const ids = await idsOf(state, allow, uids, mapped || factory.kind === 'ivf')
    const byRow = ids.byRow
    const addon = faissAddon()
    await nativeTask(addon, { signal: options.signal }, (control) => addon.writeForeign(state.handle, path, byRow, mapped, control))
    written = { uids, ids: ids.ids }
  })
  const collect = (uid: string): boolean => {
    uids.push(uid)
    return true
  }
  await index.nearest({ data: new Float32Array(dimensions), count: 1, dimensions }, 1, { filter: collect, signal })
  if (!written) throw new CbirError('INVALID_ARGUMENT', 'This index was not made by this copy of @cbir/faiss-index, which alone can write it.')
  return written
}

/** The id of each row, −1 for holes. */
async function idsOf(
  state: FaissState,
  allow: RowBitmap | undefined,
  uids: readonly string[],
  holdsIds: boolean,
): Promise<{ readonly byRow: BigInt64Array; readonly ids: BigInt64Array }> {
  const ids = new BigInt64Array(uids.length)
  let numbers = holdsIds
  await inSlices(uids.length, STEP, (from, to) => {
    for (let i = from; numbers && i < to; i++) {
      const uid = uids[i]!
      const value = /^(0|[1-9]\d{0,18})$/.test(uid) ? BigInt(uid) : -1n
      if (value < 0n || value > MOST) numbers = false
      else ids[i] = value
    }
  })
  if (!numbers) for (let i = 0; i < ids.length; i++) ids[i] = BigInt(i)
  const byRow = new BigInt64Array(state.rows).fill(-1n)
  let at = 0
  await inSlices(state.rows, STEP, (from, to) => {
    for (let row = from; row < to; row++) {
      if (allow && (allow.bits[row >> 3]! & (1 << (row & 7))) === 0) continue
      byRow[row] = ids[at]!
      at += 1
    }
  })
  if (at !== uids.length) throw new CbirError('ADAPTER_FAULT', `The index has names for ${uids.length} rows and ${at} rows.`)
  return { byRow, ids }
}
