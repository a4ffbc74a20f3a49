// Files of hnswlib: readHnswlibFile makes an index of one, writeHnswlibFile makes one of an index.

import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CallOptions, CbirError, type Items, type Metric, type NearestNeighborsIndex, type Persistable } from '@cbir/core'
import { checkPositiveInteger, inSlices, toCbirError } from '@cbir/core/define'
import { directoryContainer, machineStorage } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { type HnswAddon, hnswAddon, type ReadGraph } from './hnsw-addon.ts'
import type { HnswIndexConfig } from './hnsw-config.ts'
import { GRAPH_FILE, hnswDriver, settingsOf } from './hnsw-driver.ts'
import { createHnswIndex, type HnswIndex, hnswIndex, NAME } from './hnsw-index.ts'
import { RowSet } from './row-set.ts'

/** Numbers of a file's vectors that are handed on in a batch: 1 MB. */
const BATCH_NUMBERS = 1 << 18
const STEP = 4096
const MOST_LABEL = 2n ** 64n - 1n

/** The space of hnswlib in which a metric's graph is built. Others have none. */
const SPACES: Readonly<Partial<Record<Metric, 'l2' | 'ip' | 'cosine'>>> = {
  euclidean: 'l2',
  'inner-product': 'ip',
  cosine: 'cosine',
  angular: 'cosine',
  'annoy-angular': 'cosine',
}

/** How to read a file of hnswlib, which does not say its metric. */
export interface ReadHnswlibFileOptions extends Partial<HnswIndexConfig>, CallOptions {
  /** `euclidean` for the space `l2`, `inner-product` for `ip`, `cosine` (or `angular`, `annoy-angular`) for `cosine`. */
  readonly metric: Metric
  /** What the vectors must have; not looked at where not given. */
  readonly dimensions?: number | undefined
  /** The name of each label; the label itself, as a string, where not given. */
  readonly uidOf?: ((label: bigint) => string) | undefined
}

/**
 * An index of a file that hnswlib wrote (C++, Python, hnswlib-node). Every count, link and number of it is checked before it is used. `M` is the
 * file's, and `efConstruction` too where not given. What the file marks as deleted is removed. With `directory`, the index is written there.
 * @throws CbirError CORRUPT_DATA (damaged, or of another metric), DIMENSION_MISMATCH, DUPLICATE_UID, INVALID_ARGUMENT, INVALID_CONFIG, NOT_FOUND,
 * IO_FAILED, ABORTED
 * @example const index = await readHnswlibFile('songs.bin', { metric: 'cosine' })
 */
export async function readHnswlibFile(path: string, options: ReadHnswlibFileOptions): Promise<HnswIndex> {
  const { dimensions = 0, uidOf = String, signal, onProgress, ...given } = options
  checkPath(path)
  if (dimensions !== 0) checkPositiveInteger(dimensions, 'dimensions')
  const { directory, ...inMemory } = given
  const parsed = (await hnswIndex(inMemory)).toConfig().config as unknown as HnswIndexConfig
  const space = spaceOf(parsed.metric)
  const addon = hnswAddon()
  const read = await nativeTask(addon, { signal, onProgress }, (control) =>
    addon.read(path, settingsOf(parsed, dimensions), 0, space === 'cosine', control),
  )
  let index: HnswIndex | undefined
  try {
    const facts = addon.facts(read.handle)
    if (given.M !== undefined && given.M !== facts.M) {
      throw new CbirError('INVALID_ARGUMENT', `The graph of ${path} has M = ${facts.M}, not ${given.M}. Leave M out, or build the index anew.`)
    }
    const config: HnswIndexConfig = {
      ...parsed,
      M: facts.M,
      efConstruction: given.efConstruction ?? facts.efConstruction,
      ...(directory === undefined ? {} : { directory }),
    }
    const labels = labelsOf(read)
    index = await createHnswIndex(config, hnswDriver(config, read))
    await index.build(itemsOf(addon, read, labels, facts.dimensions, uidOf), { signal })
    if (read.deleted.length > 0)
      await index.remove(
        Array.from(read.deleted, (row) => uidOf(labels[row]!)),
        { signal },
      )
    if (directory !== undefined) await index.flush({ signal })
    return index
  } catch (error) {
    await index?.dispose()
    addon.close(read.handle)
    throw error
  }
}

export interface WriteHnswlibFileOptions extends CallOptions {
  /** The label of each uid, 0 … 2^64 − 1, another for each. Where not given, uids must be such numbers in decimal. */
  readonly labelOf?: ((uid: string) => bigint | number) | undefined
}

/**
 * Writes an index as a file that hnswlib reads, in the space `l2` (`euclidean`), `ip` (`inner-product`) or `cosine` (`cosine`, `angular`,
 * `annoy-angular`: vectors are written with length 1). Removed rows that were not used again are in it with hnswlib's mark of the deleted. It is written
 * beside and renamed, so `path` holds the old file or the new one, whole. The index must not change meanwhile.
 * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT (not an HNSW index, a metric that hnswlib has not, a label that is none or there twice), IN_USE
 * (changed meanwhile), IO_FAILED, ABORTED
 */
export async function writeHnswlibFile(
  index: NearestNeighborsIndex & Persistable,
  path: string,
  options: WriteHnswlibFileOptions = {},
): Promise<void> {
  const { labelOf = labelOfNumber, signal, onProgress } = options
  checkPath(path)
  if (index.name !== NAME) throw new CbirError('INVALID_ARGUMENT', `writeHnswlibFile takes an ${NAME}, got ${String(index.name)}.`)
  const config = index.toConfig().config as unknown as HnswIndexConfig
  const space = spaceOf(config.metric)
  const { files } = machineStorage
  const before = await liveUids(index, { signal })
  const beside = await mkdtemp(join(dirname(path), '.hnswlib-')).catch((cause: unknown) => {
    throw toCbirError(cause, 'IO_FAILED', `Cannot write beside ${path}`)
  })
  try {
    await index.save(join(beside, 'index'), { signal })
    const written = join(beside, 'file')
    await relabel(join(beside, 'index'), written, config, space === 'cosine', before, labelOf, { signal, onProgress })
    const after = await liveUids(index, { signal })
    if (before.length !== after.length || before.some((uid, i) => uid !== after[i])) {
      throw new CbirError('IN_USE', 'The index was changed while it was written to a file of hnswlib. Write it again when it rests.')
    }
    await files.rename(written, path)
    await files.syncDirectory(dirname(path))
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

/** Writes the graph of a saved index with labels in the place of rows. */
async function relabel(
  saved: string,
  path: string,
  config: HnswIndexConfig,
  normalized: boolean,
  uids: readonly string[],
  labelOf: (uid: string) => bigint | number,
  options: CallOptions,
): Promise<void> {
  const addon = hnswAddon()
  const { signal } = options
  const container = await directoryContainer.open(saved, { signal })
  if (!container) throw new CbirError('IO_FAILED', `What was written to ${saved} is not there any more.`)
  try {
    const { dimensions, rows } = container.header as unknown as { dimensions: number; rows: number }
    const graph = await container.path(GRAPH_FILE, { signal })
    const settings = settingsOf({ ...config, codes: 'none' }, dimensions)
    const read = await nativeTask(addon, { signal }, (control) => addon.read(graph, settings, rows, false, control))
    try {
      const freed = new RowSet()
      freed.add(read.deleted)
      const labels = new BigUint64Array(rows)
      let next = 0
      await inSlices(rows, STEP, (from, to) => {
        for (let row = from; row < to; row++) {
          if (!freed.has(row)) labels[row] = checkedLabel(uids[next]!, labelOf(uids[next++]!))
        }
      })
      const live = freed.others(rows)
      await nativeTask(addon, options, (control) => addon.write(read.handle, path, live, new Uint8Array(labels.buffer), normalized, control))
    } finally {
      addon.close(read.handle)
    }
  } finally {
    await container.close()
  }
}

function checkPath(path: string): void {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw new CbirError('INVALID_ARGUMENT', 'The path of a file must be a string that is not empty.')
}

function spaceOf(metric: Metric): 'l2' | 'ip' | 'cosine' {
  const space = SPACES[metric]
  if (space) return space
  throw new CbirError(
    'INVALID_ARGUMENT',
    `hnswlib has no space for the metric ${metric}; it has them for ${Object.keys(SPACES).join(', ')}. Use save and directory instead.`,
  )
}

function labelOfNumber(uid: string): bigint {
  if (/^(0|[1-9][0-9]{0,19})$/.test(uid)) return BigInt(uid)
  throw new CbirError('INVALID_ARGUMENT', `The uid ${JSON.stringify(uid)} is no number that hnswlib could use as a label. Pass labelOf.`)
}

function checkedLabel(uid: string, label: bigint | number): bigint {
  if (typeof label === 'bigint' ? label >= 0n && label <= MOST_LABEL : Number.isSafeInteger(label) && label >= 0) return BigInt(label)
  throw new CbirError('INVALID_ARGUMENT', `The label of ${JSON.stringify(uid)} must be an integer from 0 to 2^64 - 1, got ${String(label)}.`)
}

function labelsOf({ labels }: ReadGraph): BigUint64Array {
  // In memory of its own, as the view wants it aligned.
  return new BigUint64Array(labels.slice().buffer)
}

function* itemsOf(
  addon: HnswAddon,
  { handle }: ReadGraph,
  labels: BigUint64Array,
  dimensions: number,
  uidOf: (label: bigint) => string,
): Generator<Items> {
  const step = Math.max(1, Math.floor(BATCH_NUMBERS / dimensions))
  for (let from = 0; from < labels.length; from += step) {
    const to = Math.min(from + step, labels.length)
    yield {
      uids: Array.from(labels.subarray(from, to), (label) => uidOf(label)),
      vectors: { data: addon.vectors(handle, from, to), count: to - from, dimensions },
    }
  }
}

/** The uids of an index in the order of its rows. */
async function liveUids(index: NearestNeighborsIndex, options: CallOptions): Promise<string[]> {
  const uids: string[] = []
  await index.compileFilter((uid) => uids.push(uid) > 0, options)
  return uids
}
