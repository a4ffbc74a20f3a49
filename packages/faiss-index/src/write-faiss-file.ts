// writeFaissFile: a file that other programs read with faiss.

import { type CallOptions, CbirError } from '@cbir/core'
import { inSlices, type RowBitmap, type RowNames } from '@cbir/core/define'
import { checkFilePath, type IndexSnapshot, writeForeignFile } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { faissAddon } from './addon.ts'
import { type Factory, parseFactory } from './factory-string.ts'
import { type FaissIndexConfig, NAME } from './faiss-config.ts'
import { INDEX_FILE, openSaved } from './faiss-driver.ts'
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
 * it can hold ids; else the vectors are numbered from 0, in the order of the rows. What was removed is not in the file. It is written beside and
 * renamed, so `path` holds the old file or the new one, whole. The index may change meanwhile: what is written is how it stood at the beginning.
 * @throws CbirError INVALID_ARGUMENT (not an index of this package), EMPTY_INDEX, NOT_SUPPORTED (a graph in which vectors were replaced),
 * IO_FAILED, ABORTED
 * @example const { ids, uids } = await writeFaissFile(index, 'photos.faiss')
 */
export async function writeFaissFile(index: FaissIndex, path: string, options: WriteFaissFileOptions = {}): Promise<WrittenFaissFile> {
  checkFilePath(path)
  if (index.name !== NAME) throw new CbirError('INVALID_ARGUMENT', `writeFaissFile takes an ${NAME}, got ${String(index.name)}.`)
  const config = index.toConfig().config as unknown as FaissIndexConfig
  const factory = parseFactory(config.factory)
  const mapped = options.idMap ?? factory.mapped
  return writeForeignFile(index, path, (snapshot, to) => renumber(snapshot, to, config, factory, mapped, options), options)
}

/** Writes what an index has saved of itself with ids in the place of rows. */
async function renumber(
  { container, dimensions, rows, names, live }: IndexSnapshot,
  path: string,
  config: FaissIndexConfig,
  factory: Factory,
  mapped: boolean,
  { signal }: CallOptions,
): Promise<WrittenFaissFile> {
  const addon = faissAddon()
  const handle = await openSaved(addon, await container.path(INDEX_FILE, { signal }), config, factory, { dimensions, rows }, { signal })
  try {
    const { uids, ids, byRow } = await idsOf(rows, names, live, mapped || factory.kind === 'ivf')
    await nativeTask(addon, { signal }, (control) => addon.writeForeign(handle, path, byRow, mapped, control))
    return { uids, ids }
  } finally {
    addon.close(handle)
  }
}

/** The uids in the order of the rows, the id of each, and the id of each row, −1 for holes. */
async function idsOf(
  rows: number,
  names: RowNames,
  live: RowBitmap,
  holdsIds: boolean,
): Promise<WrittenFaissFile & { readonly byRow: BigInt64Array }> {
  const uids: string[] = []
  const ids = new BigInt64Array(live.count)
  let numbers = holdsIds
  await inSlices(rows, STEP, (from, to) => {
    for (let row = from; row < to; row++) {
      const uid = names.uidAt(row)
      if (uid === undefined) continue
      const value = numbers && /^(0|[1-9]\d{0,18})$/.test(uid) ? BigInt(uid) : -1n
      if (value < 0n || value > MOST) numbers = false
      else ids[uids.length] = value
      uids.push(uid)
    }
  })
  if (!numbers) for (let i = 0; i < ids.length; i++) ids[i] = BigInt(i)
  const byRow = new BigInt64Array(rows).fill(-1n)
  let at = 0
  await inSlices(rows, STEP, (from, to) => {
    for (let row = from; row < to; row++) if (names.uidAt(row) !== undefined) byRow[row] = ids[at++]!
  })
  return { uids, ids, byRow }
}
