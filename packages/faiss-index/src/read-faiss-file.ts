// readFaissFile: an index from a file that another program wrote with faiss.

import { constants } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CallOptions, CbirError } from '@cbir/core'
import { adoptRows } from '@cbir/core/define'
import { checkFilePath } from '@cbir/core/node'
import { nativeTask } from '@cbir/native-kit'
import { type Description, faissAddon } from './addon.ts'
import { parseFactory, sameFactory } from './factory-string.ts'
import { type FaissIndexConfig, type FaissMetric, parseFaissConfig } from './faiss-config.ts'
import { settingsOf } from './faiss-driver.ts'
import { createFaissIndex, type FaissIndex } from './faiss-index-plugin.ts'
import { proveFile } from './prove-file.ts'

export interface ReadFaissFileOptions extends CallOptions {
  /** Milliseconds that the child process may take to prove the file; 60 000 where not given. */
  readonly proofTimeout?: number | undefined
}

/**
 * Opens a file that was written by faiss (C++, Python). Its ids become uids, as decimal numbers; where it holds none, these are the positions of
 * its vectors. The file is copied, the copy is read and checked in a child process first, and only then in this one: see the README.
 *
 * `config`: as for `faissIndex`. `factory` and `metric` come from the file; given, they must fit it. For a file of vectors of length 1 in inner
 * product, `metric: 'cosine'` gives cosine distances. A file of LSH is `cosine`.
 * @throws CbirError CORRUPT_DATA, NOT_SUPPORTED (a kind of index that this package does not have), INVALID_CONFIG (it does not fit `config`),
 * IO_FAILED, ABORTED, NOT_USABLE
 * @example const index = await readFaissFile('photos.faiss')
 */
export async function readFaissFile(
  path: string,
  config: Partial<FaissIndexConfig> = {},
  { signal, proofTimeout = 60_000 }: ReadFaissFileOptions = {},
): Promise<FaissIndex> {
  checkFilePath(path)
  const folder = await mkdtemp(join(tmpdir(), 'cbir-faiss-'))
  const copy = join(folder, 'index.faiss')
  try {
    await copyFile(path, copy, constants.COPYFILE_EXCL).catch((cause: unknown) => {
      throw new CbirError('IO_FAILED', `The file ${path} cannot be read. Check that it is there, is a file and may be read.`, { cause })
    })
    signal?.throwIfAborted()
    // The reader needs a metric to convert distances with; any that the file has will do for the proof.
    const described = await proveFile(copy, config.metric ?? 'euclidean', proofTimeout, { signal })
    return await open(copy, configFor(described, config), { signal })
  } catch (error) {
    if (signal?.aborted && !CbirError.isInstance(error)) throw new CbirError('ABORTED', 'Reading the file was aborted.', { cause: signal.reason })
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The configuration that the file asks for, and the caller's. */
function configFor(described: Description, config: Partial<FaissIndexConfig>): FaissIndexConfig {
  const found = `${described.mapped ? 'IDMap,' : ''}${described.factory}`
  const factory = config.factory ?? found
  const own = parseFactory(described.factory)
  if (!sameFactory(parseFactory(factory), own, described.dimensions)) {
    throw new CbirError('INVALID_CONFIG', `The file holds an index of the kind "${found}", and not "${factory}".`)
  }
  const native: FaissMetric = own.kind === 'lsh' ? 'cosine' : described.innerProduct ? 'inner-product' : 'euclidean'
  const metric = config.metric ?? native
  const fits = metric === native || (metric === 'cosine' && native === 'inner-product')
  if (!fits) throw new CbirError('INVALID_CONFIG', `The file holds an index in the metric ${native}, which cannot be read as ${metric}.`)
  return parseFaissConfig({ ...config, factory, metric })
}

async function open(path: string, config: FaissIndexConfig, { signal }: CallOptions): Promise<FaissIndex> {
  const addon = faissAddon()
  const handle = await nativeTask(addon, { signal }, (control) =>
    addon.read(path, config.metric, settingsOf(config, parseFactory(config.factory)), control),
  )
  const { dimensions, rows } = addon.describe(handle)
  const ids = addon.ids(handle)
  if (rows === 0) {
    addon.close(handle)
    throw new CbirError('NOT_SUPPORTED', 'The file holds an index without vectors, so there is nothing to open. Make a new index with faissIndex.')
  }
  // The build brings names; core wants a vector with each, which is not looked at.
  let zeros = new Float32Array(0)
  const vectorsOf = (from: number, to: number): Float32Array => {
    if (zeros.length !== (to - from) * dimensions) zeros = new Float32Array((to - from) * dimensions)
    return zeros
  }
  try {
    const index = await createFaissIndex(config, { handle, dimensions, rows, complete: true })
    return await adoptRows(index, { rows, dimensions, uidOf: (row) => String(ids[row]), vectorsOf }, { signal })
  } catch (error) {
    addon.close(handle)
    throw error
  }
}
