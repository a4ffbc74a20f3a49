// FileDescriptorSet: descriptors in one append-only file. What was added stays, through a crash at any moment.

import { join, resolve } from 'node:path'
import type { CallOptions } from '../../component/call-options.ts'
import { inSlices } from '../../concurrency/in-slices.ts'
import { Lifetime } from '../../concurrency/lifetime.ts'
import { definePlugin, type PluginFactory } from '../../config/define-plugin.ts'
import { field, objectSchema } from '../../config/object-schema.ts'
import { parseConfigNow } from '../../config/parse-config.ts'
import type { StandardSchema } from '../../config/standard-schema.ts'
import { type DescriptorSetDriver, defineDescriptorSet } from '../../descriptor-set/define-descriptor-set.ts'
import type { DescriptorSet } from '../../descriptor-set/descriptor-set.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { readOnlyError } from '../../errors/read-only.ts'
import { type DirectoryLock, isLockName, lockDirectory } from '../storage/directory-lock.ts'
import type { FileSystem } from '../storage/file-system.ts'
import { makeDirectories } from '../storage/make-directories.ts'
import { machineStorage, type Storage } from '../storage/storage.ts'
import { createLog, DescriptorLog, type SyncPolicy } from './descriptor-log.ts'
import { RowIndex } from './row-index.ts'
import { readPage, type UidCursor } from './row-pages.ts'

const LOG = 'descriptors.log'
const LOG_NEW = 'descriptors.log.new'
/** Two that open at once step back from one another; the lock of a set that is open is held as long as the set is. */
const LOCK_WAIT_MS = 300
/** Uids that are looked up between two looks at the clock. */
const STEP = 1024

/** The parsed configuration of a {@link FileDescriptorSet}. */
export interface FileDescriptorSetConfig {
  /** Where the log is; made where it does not exist. */
  readonly directory: string
  /** Opens what is there, takes no lock, and refuses changes. */
  readonly readOnly: boolean
  /** `batch`: a batch is on the device when its call returns. `none`: when the system likes, or at `flush` and `dispose`; quicker, and still whole batches. */
  readonly sync: SyncPolicy
}

/** What a person writes: defaults are `readOnly: false` and `sync: 'batch'`. */
export interface FileDescriptorSetOptions {
  readonly directory: string
  readonly readOnly?: boolean | undefined
  readonly sync?: SyncPolicy | undefined
}

/**
 * A descriptor set whose vectors stay on the disk: in memory are only each uid and where its vector lies. One process writes at a time; others
 * may open it `readOnly` meanwhile, and see it as it was then.
 *
 * A batch of `addMany` (and each `removeMany` and `clear`) is whole or absent after a crash, and so are all batches before it present. Overwritten and
 * removed vectors take room until `compact`.
 */
export interface FileDescriptorSet extends DescriptorSet {
  /** Bytes of a batch that a crash had left unfinished, cut off when the set was opened; 0 where there was none. */
  readonly cutBytes: number
  /**
   * Rewrites the log with only what is in the set now; reading goes on meanwhile, changes wait. A failure leaves the old log.
   * @returns bytes that this saved
   * @throws CbirError READ_ONLY, IO_FAILED, CORRUPT_DATA, ABORTED, DISPOSED
   */
  compact(options?: CallOptions): Promise<number>
  /** Brings what was written to the device; only needed with `sync: 'none'`. @throws CbirError IO_FAILED, DISPOSED */
  flush(options?: CallOptions): Promise<void>
}

const configSchema: StandardSchema<unknown, FileDescriptorSetConfig> = objectSchema<FileDescriptorSetConfig>({
  directory: field.string({ minLength: 1, description: 'Where the log is; made where it does not exist.' }),
  readOnly: field.boolean({ default: false, description: 'Open what is there and refuse changes.' }),
  sync: field.oneOf(['batch', 'none'], { default: 'batch', description: 'When a batch is brought to the device.' }),
})

const identity = { name: 'file-descriptor-set', package: '@cbir/core' }

/** The plugin; called in code it is {@link openFileDescriptorSet}. */
export const fileDescriptorSet: PluginFactory<FileDescriptorSetOptions, FileDescriptorSetConfig, Promise<FileDescriptorSet>> = definePlugin({
  kind: 'descriptor-set',
  interfaces: ['DescriptorSet'],
  ...identity,
  configSchema,
  create: (config) => openWith(machineStorage, config, {}),
})

/**
 * Opens the set in a directory, or makes one. All of the log is read once and checked.
 * @throws CbirError INVALID_CONFIG; NOT_FOUND (`readOnly`, and there is none); IN_USE (another writer has it); CORRUPT_DATA (damage that is not
 * a tail cut by a crash); INVALID_ARGUMENT (the directory holds something else); IO_FAILED; ABORTED
 */
export function openFileDescriptorSet(options: FileDescriptorSetOptions, call: CallOptions = {}): Promise<FileDescriptorSet> {
  return openFileDescriptorSetOn(machineStorage, options, call)
}

/** The same over a storage of one's own. */
export async function openFileDescriptorSetOn(
  storage: Storage,
  options: FileDescriptorSetOptions,
  call: CallOptions = {},
): Promise<FileDescriptorSet> {
  const config = parseConfigNow({ ...identity, configSchema }, options) as FileDescriptorSetConfig
  return openWith(storage, config, call)
}

async function openWith(storage: Storage, config: FileDescriptorSetConfig, call: CallOptions): Promise<FileDescriptorSet> {
  const { files } = storage
  const { readOnly, sync } = config
  const directory = resolve(config.directory)
  const path = join(directory, LOG)
  if (readOnly) {
    if (!(await files.stat(path))) {
      throw new CbirError('NOT_FOUND', `There is no descriptor set in ${directory}. Check the path, or open it for writing to make one.`)
    }
    return setOf(config, await DescriptorLog.open(files, path, true, sync, new RowIndex(), call), undefined, directory)
  }
  const made = await makeDirectories(files, directory)
  let lock: DirectoryLock | undefined
  try {
    await checkOurs(files, directory)
    lock = await lockDirectory(storage, directory, LOCK_WAIT_MS, call.signal)
    if (!(await files.stat(path))) await createLog(files, path, join(directory, LOG_NEW))
    else await files.removeTree(join(directory, LOG_NEW))
    return setOf(config, await DescriptorLog.open(files, path, false, sync, new RowIndex(), call), lock, directory)
  } catch (error) {
    await lock?.release()
    for (const empty of made.reverse()) await files.removeDirectory(empty).catch(() => undefined)
    throw error
  }
}

function setOf(config: FileDescriptorSetConfig, log: DescriptorLog, lock: DirectoryLock | undefined, directory: string): FileDescriptorSet {
  const { readOnly } = config
  const { index } = log
  const driver: DescriptorSetDriver<UidCursor> = {
    readOnly,
    count: () => index.count,
    async dimensionsOf(uids, { signal }) {
      const dimensions = new Uint32Array(uids.length)
      const look = (from: number, to: number): void => {
        for (let i = from; i < to; i++) dimensions[i] = index.dimensionsOf(uids[i]!)
      }
      await inSlices(uids.length, STEP, look, signal)
      return dimensions
    },
    read: (uids, into, dimensions, options) => log.read(uids, into, dimensions, options),
    attributes: (uids, options) => log.attributes(uids, options),
    page: (cursor, limit, options) => readPage(log, cursor, limit, options),
    write: (items, options) => log.append(items, options),
    remove: (uids, options) => log.remove(uids, options),
    clear: (options) => log.clear(options),
    async close() {
      try {
        await log.close(readOnly)
      } finally {
        await lock?.release()
      }
    },
  }
  const set = defineDescriptorSet({ ...identity, config: { ...config } }, driver)
  const lifetime = new Lifetime(identity.name)
  const changing = <T>(work: () => Promise<T>, options: CallOptions): Promise<T> =>
    lifetime.run(() => {
      if (readOnly) throw readOnlyError(identity.name)
      return work()
    }, options.signal)
  return {
    ...set,
    cutBytes: log.cutBytes,
    compact: (options = {}) => changing(() => log.rewrite(join(directory, LOG_NEW), options), options),
    flush: (options = {}) => changing(() => log.flush(options), options),
    // Both refuse new calls at once; a rewrite in flight holds the log, so that closing waits for it.
    async dispose() {
      await Promise.all([lifetime.dispose(() => undefined), set.dispose()])
    },
  }
}

/** @throws CbirError INVALID_ARGUMENT for a directory without a log that holds something else */
async function checkOurs(files: FileSystem, directory: string): Promise<void> {
  const names = await files.readDirectory(directory)
  if (names.includes(LOG)) return
  const foreign = names.filter((name) => name !== LOG_NEW && !isLockName(name))
  if (foreign.length === 0) return
  throw new CbirError(
    'INVALID_ARGUMENT',
    `${directory} is not empty, and holds no descriptor set (${foreign.slice(0, 3).join(', ')}). Choose an empty or new directory.`,
    {
      details: { directory },
    },
  )
}
