// Files of Spotify's Annoy: readAnnoyFile makes an index of one, writeAnnoyFile makes one of an index.

import { rename } from 'node:fs/promises'
import { type CallOptions, CbirError, type NearestNeighborsIndex, type Persistable } from '@cbir/core'
import { adoptRows, checkPositiveInteger, inSlices, toCbirError } from '@cbir/core/define'
import { checkFilePath, writeForeignFile } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { type AnnoyAddon, annoyAddon, type ForestHandle } from './annoy-addon.ts'
import type { AnnoyIndexConfig } from './annoy-config.ts'
import { annoyDriver, FOREST_FILE } from './annoy-driver.ts'
import { type AnnoyIndex, annoyIndex, createAnnoyIndex, NAME } from './annoy-index.ts'

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
  checkFilePath(path)
  checkPositiveInteger(dimensions, 'dimensions')
  const addon = annoyAddon()
  const handle = await nativeTask(addon, { signal, onProgress }, (control) => addon.open(config.metric, dimensions, path, 0, false, false, control))
  const { items } = addon.facts(handle)
  if (uids && uids.length !== items) {
    addon.close(handle)
    throw new CbirError('INVALID_ARGUMENT', `There are ${uids.length} uids for the ${items} items of ${path}; there must be one for each.`)
  }
  const held = {
    rows: items,
    dimensions,
    uidOf: (item: number) => uids?.[item] ?? String(item),
    vectorsOf: (from: number, to: number) => addon.read(handle, from, to),
    removed: await holesOf(addon, handle, items),
  }
  return adoptRows(await createAnnoyIndex(config, annoyDriver(config, handle)), held, { signal })
}

/** What a written file holds. */
export interface WrittenAnnoyFile {
  /** The uid of each item number; undefined where the row was removed, which Annoy never finds. */
  readonly uids: readonly (string | undefined)[]
}

/**
 * Writes an index as a file that Annoy reads with the same dimensions (`hamming`: in words of 64 bits). It is written beside and renamed, so `path`
 * holds the old file or the new one, whole. The index may change meanwhile: what is written is how it stood at the beginning.
 * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT (not an Annoy index), IO_FAILED, ABORTED
 */
export async function writeAnnoyFile(index: NearestNeighborsIndex & Persistable, path: string, options: CallOptions = {}): Promise<WrittenAnnoyFile> {
  checkFilePath(path)
  if (index.name !== NAME) throw new CbirError('INVALID_ARGUMENT', `writeAnnoyFile takes an ${NAME}, got ${String(index.name)}.`)
  return writeForeignFile(
    index,
    path,
    async ({ container, rows, names }, to) => {
      // What the index saves of itself is Annoy's own file.
      await rename(await container.path(FOREST_FILE, options), to).catch((cause: unknown) => {
        throw toCbirError(cause, 'IO_FAILED', `Cannot write ${path}`)
      })
      const uids: (string | undefined)[] = []
      await inSlices(rows, STEP, (from, end) => {
        for (let row = from; row < end; row++) uids.push(names.uidAt(row))
      })
      return { uids }
    },
    options,
  )
}

function withoutDirectory({ directory: _, ...config }: Partial<AnnoyIndexConfig>): Partial<AnnoyIndexConfig> {
  return config
}

async function holesOf(addon: AnnoyAddon, handle: ForestHandle, items: number): Promise<number[]> {
  const holes: number[] = []
  await inSlices(items, STEP, (from, to) => {
    for (const item of addon.holes(handle, from, to)) holes.push(item)
  })
  return holes
}
