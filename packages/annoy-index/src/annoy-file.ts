// Files of Spotify's Annoy: readAnnoyFile makes an index of one, writeAnnoyFile makes one of an index.

import { mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CallOptions, CbirError, type Items, type NearestNeighborsIndex, type Persistable } from '@cbir/core'
import { checkPositiveInteger, inSlices, toCbirError } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { type AnnoyAddon, annoyAddon, type ForestHandle } from './annoy-addon.ts'
import type { AnnoyIndexConfig } from './annoy-config.ts'
import { annoyDriver, FOREST_FILE } from './annoy-driver.ts'
import { type AnnoyIndex, annoyIndex, createAnnoyIndex, NAME } from './annoy-index.ts'

/** Numbers of a file's vectors that are handed on in a batch: 1 MB. */
const BATCH_NUMBERS = 1 << 18
const STEP = 4096

/** How to read a file of Annoy, which says neither its metric nor its dimensions. */
export interface ReadAnnoyFileOptions extends Partial<AnnoyIndexConfig>, CallOptions {
  /** Numbers a vector, or bits for `hamming` (Annoy stores whole words of 64). */
  readonly dimensions: number
  /** The name of each item number, holes included; the number itself, as a string, where not given. */
  readonly uids?: readonly string[] | undefined
}

/**
 * An index of a file that Annoy wrote (C++, Python, R or others, at float32). The file is copied into memory, and every link of it is checked
 * before it is used. `trees`, `seed` and `threads` only matter for later builds. Numbers that Annoy never gave an item are removed rows.
 * @throws CbirError CORRUPT_DATA (damaged, or of another metric or other dimensions), IO_FAILED, INVALID_ARGUMENT, INVALID_CONFIG, ABORTED
 * @example const index = await readAnnoyFile('songs.ann', { metric: 'angular', dimensions: 128 })
 */
export async function readAnnoyFile(path: string, options: ReadAnnoyFileOptions): Promise<AnnoyIndex> {
  const { dimensions, uids, signal, onProgress, ...rest } = options
  const parsed = (await annoyIndex(withoutDirectory(rest))).toConfig().config as unknown as AnnoyIndexConfig
  const config: AnnoyIndexConfig = rest.directory === undefined ? parsed : { ...parsed, directory: rest.directory }
  checkPath(path)
  checkPositiveInteger(dimensions, 'dimensions')
  const addon = annoyAddon()
  const handle = await nativeTask(addon, { signal, onProgress }, (control) => addon.open(config.metric, dimensions, path, 0, false, false, control))
  const { items } = addon.facts(handle)
  if (uids && uids.length !== items) {
    addon.close(handle)
    throw new CbirError('INVALID_ARGUMENT', `There are ${uids.length} uids for the ${items} items of ${path}; there must be one for each.`)
  }
  const uidOf = (item: number): string => uids?.[item] ?? String(item)
  const holes = await holesOf(addon, handle, items)
  const index = await createAnnoyIndex(config, annoyDriver(config, handle))
  try {
    await index.build(vectorsOf(addon, handle, items, dimensions, uidOf), { signal })
    if (holes.length > 0) await index.remove(holes.map(uidOf), { signal })
    if (config.directory !== undefined) await index.flush({ signal })
    return index
  } catch (error) {
    await index.dispose()
    throw error
  }
}

/** What a written file holds. */
export interface WrittenAnnoyFile {
  /** The uid of each item number; undefined where the row was removed, which Annoy never finds. */
  readonly uids: readonly (string | undefined)[]
}

/**
 * Writes an index as a file that Annoy reads with the same dimensions (`hamming`: in words of 64 bits). It is written beside and renamed, so `path`
 * holds the old file or the new one, whole. The index must not change meanwhile.
 * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT (not an Annoy index), IN_USE (changed meanwhile), IO_FAILED, ABORTED
 */
export async function writeAnnoyFile(index: NearestNeighborsIndex & Persistable, path: string, options: CallOptions = {}): Promise<WrittenAnnoyFile> {
  checkPath(path)
  if (index.name !== NAME) throw new CbirError('INVALID_ARGUMENT', `writeAnnoyFile takes an ${NAME}, got ${String(index.name)}.`)
  const before = await liveUids(index, options)
  let beside: string | undefined
  try {
    beside = await mkdtemp(join(dirname(path), '.annoy-')).catch((cause: unknown) => {
      throw toCbirError(cause, 'IO_FAILED', `Cannot write beside ${path}`)
    })
    await index.save(beside, options)
    const container = await directoryContainer.open(beside, options)
    if (!container) throw new CbirError('IO_FAILED', `What was written to ${beside} is not there any more.`)
    try {
      const saved = await container.path(FOREST_FILE, options)
      const uids = await nameItems(saved, container.header, before, options)
      const after = await liveUids(index, options)
      if (before.length !== after.length || before.some((uid, i) => uid !== after[i])) {
        throw new CbirError('IN_USE', 'The index was changed while it was written to a file of Annoy. Write it again when it rests.')
      }
      await rename(saved, path).catch((cause: unknown) => {
        throw toCbirError(cause, 'IO_FAILED', `Cannot write ${path}`)
      })
      return { uids }
    } finally {
      await container.close()
    }
  } finally {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true })
  }
}

function withoutDirectory({ directory: _, ...config }: Partial<AnnoyIndexConfig>): Partial<AnnoyIndexConfig> {
  return config
}

function checkPath(path: string): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw new CbirError('INVALID_ARGUMENT', 'The path of a file must be a string that is not empty.')
}

async function* vectorsOf(
  addon: AnnoyAddon,
  handle: ForestHandle,
  items: number,
  dimensions: number,
  uidOf: (item: number) => string,
): AsyncGenerator<Items> {
  const step = Math.max(1, Math.floor(BATCH_NUMBERS / dimensions))
  for (let from = 0; from < items; from += step) {
    const count = Math.min(step, items - from)
    yield {
      uids: Array.from({ length: count }, (_, i) => uidOf(from + i)),
      vectors: { data: addon.read(handle, from, from + count), count, dimensions },
    }
  }
}

async function holesOf(addon: AnnoyAddon, handle: ForestHandle, items: number): Promise<number[]> {
  const holes: number[] = []
  await inSlices(items, STEP, (from, to) => {
    for (const item of addon.holes(handle, from, to)) holes.push(item)
  })
  return holes
}

/** The uids of an index in the order of its rows. */
async function liveUids(index: NearestNeighborsIndex, options: CallOptions): Promise<string[]> {
  const uids: string[] = []
  await index.compileFilter((uid) => uids.push(uid) > 0, options)
  return uids
}

async function nameItems(
  path: string,
  header: { readonly [key: string]: unknown },
  live: readonly string[],
  options: CallOptions,
): Promise<(string | undefined)[]> {
  const addon = annoyAddon()
  const { metric } = header['layout'] as { metric: string }
  const { signal } = options
  const handle = await nativeTask(addon, { signal }, (control) => addon.open(metric, header['dimensions'] as number, path, 0, true, false, control))
  try {
    const { items } = addon.facts(handle)
    const holes = new Set(await holesOf(addon, handle, items))
    const uids: (string | undefined)[] = []
    let next = 0
    await inSlices(items, STEP, (from, to) => {
      for (let i = from; i < to; i++) uids.push(holes.has(i) ? undefined : live[next++])
    })
    return uids
  } finally {
    addon.close(handle)
  }
}
