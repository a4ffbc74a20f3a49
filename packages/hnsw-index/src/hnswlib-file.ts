// Files of hnswlib: readHnswlibFile makes an index of one, writeHnswlibFile makes one of an index.

import { type CallOptions, CbirError, type Metric, type NearestNeighborsIndex, type Persistable } from '@cbir/core'
import { adoptRows, checkPositiveInteger, inSlices } from '@cbir/core/define'
import { checkFilePath, type IndexSnapshot, writeForeignFile } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { hnswAddon, type ReadGraph } from './hnsw-addon.ts'
import type { HnswIndexConfig } from './hnsw-config.ts'
import { GRAPH_FILE, hnswDriver, settingsOf } from './hnsw-driver.ts'
import { createHnswIndex, type HnswIndex, hnswIndex, NAME } from './hnsw-index.ts'

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
  checkFilePath(path)
  if (dimensions !== 0) checkPositiveInteger(dimensions, 'dimensions')
  const { directory, ...inMemory } = given
  const parsed = (await hnswIndex(inMemory)).toConfig().config as unknown as HnswIndexConfig
  const space = spaceOf(parsed.metric)
  const addon = hnswAddon()
  const read = await nativeTask(addon, { signal, onProgress }, (control) =>
    addon.read(path, settingsOf(parsed, dimensions), 0, space === 'cosine', control),
  )
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
    const held = {
      rows: labels.length,
      dimensions: facts.dimensions,
      uidOf: (row: number) => uidOf(labels[row]!),
      vectorsOf: (from: number, to: number) => addon.vectors(read.handle, from, to),
      removed: read.deleted,
    }
    return await adoptRows(await createHnswIndex(config, hnswDriver(config, read)), held, { signal })
  } catch (error) {
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
 * beside and renamed, so `path` holds the old file or the new one, whole. The index may change meanwhile: what is written is how it stood at the
 * beginning.
 * @throws CbirError EMPTY_INDEX, INVALID_ARGUMENT (not an HNSW index, a metric that hnswlib has not, a label that is none or there twice),
 * IO_FAILED, ABORTED
 */
export async function writeHnswlibFile(
  index: NearestNeighborsIndex & Persistable,
  path: string,
  options: WriteHnswlibFileOptions = {},
): Promise<void> {
  const { labelOf = labelOfNumber, signal, onProgress } = options
  checkFilePath(path)
  if (index.name !== NAME) throw new CbirError('INVALID_ARGUMENT', `writeHnswlibFile takes an ${NAME}, got ${String(index.name)}.`)
  const config = index.toConfig().config as unknown as HnswIndexConfig
  const normalized = spaceOf(config.metric) === 'cosine'
  await writeForeignFile(index, path, (snapshot, to) => relabel(snapshot, to, config, normalized, labelOf, { signal, onProgress }), { signal })
}

/** Writes the graph of a saved index with labels in the place of rows. */
async function relabel(
  { container, dimensions, rows, names, live }: IndexSnapshot,
  path: string,
  config: HnswIndexConfig,
  normalized: boolean,
  labelOf: (uid: string) => bigint | number,
  options: CallOptions,
): Promise<void> {
  const addon = hnswAddon()
  const { signal } = options
  const graph = await container.path(GRAPH_FILE, { signal })
  const settings = settingsOf({ ...config, codes: 'none' }, dimensions)
  const { handle } = await nativeTask(addon, { signal }, (control) => addon.read(graph, settings, rows, false, control))
  try {
    const labels = new BigUint64Array(rows)
    await inSlices(rows, STEP, (from, to) => {
      for (let row = from; row < to; row++) {
        const uid = names.uidAt(row)
        if (uid !== undefined) labels[row] = checkedLabel(uid, labelOf(uid))
      }
    })
    const wanted = live.bits.subarray(0, Math.ceil(rows / 8))
    await nativeTask(addon, options, (control) => addon.write(handle, path, wanted, new Uint8Array(labels.buffer), normalized, control))
  } finally {
    addon.close(handle)
  }
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
