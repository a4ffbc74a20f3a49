// The checksummed directory container: a directory that holds the old content or the new one, whole, whatever happens in between.
//
//   CURRENT          which generation counts (current-file.ts)
//   gen-12/MANIFEST  what is in it (manifest.ts), and beside it the files
//   lock-…           who is writing (../storage/directory-lock.ts)
//
// A write makes gen-N: its files, then MANIFEST, then the directories are brought to the device; then CURRENT is replaced; then older
// generations go. So at every moment CURRENT names a whole generation. The very first CURRENT says "none": a directory with generations but
// without CURRENT has lost it, and is not taken for an empty one.

import { join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import type { CallOptions } from '../../component/call-options.ts'
import type { ContainerHeader, ContainerWriter, DirectoryContainer, OpenContainer } from '../../component/directory-container.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { ReadWriteLock } from '../../concurrency/read-write-lock.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { describeType } from '../../vectors/vector-batch.ts'
import { isLockName, lockDirectory } from '../storage/directory-lock.ts'
import type { FileSystem } from '../storage/file-system.ts'
import { makeDirectories } from '../storage/make-directories.ts'
import { machineStorage, type Storage } from '../storage/storage.ts'
import { corrupt } from './corrupt.ts'
import { CURRENT, CURRENT_NEW, type Current, generationName, generationOf, NO_GENERATION, readCurrent, writeCurrent } from './current-file.ts'
import { writeGeneration } from './generation-writer.ts'
import { encodeManifest, MANIFEST, MANIFEST_LIMIT, MANIFEST_MAGIC } from './manifest.ts'
import { openGeneration } from './open-generation.ts'

/** How long a write waits for a writer in another process before it gives up. */
const LOCK_WAIT_MS = 10_000

/** A container over a storage of one's own; see {@link directoryContainer}. */
export function createDirectoryContainer(storage: Storage, lockWaitMs: number = LOCK_WAIT_MS): DirectoryContainer {
  const { files } = storage
  const arrivals = new ReadWriteLock()
  const writers = new Map<string, ReadWriteLock>()
  /** How often each generation's directory is open in this process. */
  const open = new Map<string, number>()

  const pin = (path: string): (() => void) => {
    open.set(path, (open.get(path) ?? 0) + 1)
    return () => {
      const left = open.get(path)! - 1
      if (left > 0) open.set(path, left)
      else open.delete(path)
    }
  }

  const sweep = async (directory: string, keep: number): Promise<void> => {
    for (const name of await files.readDirectory(directory)) {
      const generation = generationOf(name)
      const path = join(directory, name)
      if (generation !== undefined && generation !== keep && !open.has(path)) await files.removeTree(path)
    }
  }

  /** Removes what an unfinished write left: CURRENT last, and only when the generation is certainly gone, for one must not be without the other. */
  const undo = async (directory: string, generation: string, first: boolean): Promise<void> => {
    await files.removeTree(generation)
    if (!first) return
    await files.syncDirectory(directory)
    await files.removeTree(join(directory, CURRENT))
  }

  const writeLocked = async (
    directory: string,
    header: ContainerHeader,
    fill: (writer: ContainerWriter) => Promise<void>,
    options: CallOptions,
  ): Promise<void> => {
    const before = await currentOfOurs(files, directory)
    // Where CURRENT is damaged the old generations stay until the new one counts.
    if (before !== 'damaged') await sweep(directory, before?.generation ?? 0)
    const numbers = (await files.readDirectory(directory)).map((name) => generationOf(name) ?? 0)
    const generation = Math.max(before === 'damaged' ? 0 : (before?.generation ?? 0), ...numbers) + 1
    const path = join(directory, generationName(generation))
    let manifest: Uint8Array
    try {
      if (before === undefined) await writeCurrent(files, directory, NO_GENERATION)
      await files.makeDirectory(path)
      const { writer, settle, finish } = writeGeneration(files, path, options)
      try {
        await fill(writer)
      } finally {
        await settle()
      }
      manifest = encodeManifest({ generation, header, files: await finish() })
      if (manifest.length > MANIFEST_LIMIT)
        throw new CbirError('INVALID_ARGUMENT', 'The header and the list of files are too long. Write fewer files.')
      const file = await files.open(join(path, MANIFEST), 'create')
      try {
        await file.write(manifest, 0)
        await file.sync()
      } finally {
        await file.close()
      }
      await files.syncDirectory(path)
      await files.syncDirectory(directory)
      throwIfAborted(options.signal)
    } catch (error) {
      await undo(directory, path, before === undefined).catch(() => undefined)
      throw error
    }
    // From here on CURRENT may name the new generation, so it stays even where the last step fails.
    await writeCurrent(files, directory, { generation, manifest: crc32(manifest) })
    await sweep(directory, generation).catch(() => undefined)
  }

  return {
    async write(directory, header, fill, options = {}) {
      checkHeader(header)
      throwIfAborted(options.signal)
      let made: string[] = []
      try {
        // Writers take their turn in the order of their calls, so the places are resolved one after another, too.
        const real = await arrivals.write(async () => {
          made = await makeDirectories(files, directory)
          return files.realPath(resolve(directory))
        }, options.signal)
        const writer = writers.get(real) ?? new ReadWriteLock()
        writers.set(real, writer)
        await writer.write(async () => {
          await currentOfOurs(files, real)
          const lock = await lockDirectory(storage, real, lockWaitMs, options.signal)
          try {
            await writeLocked(real, header, fill, options)
          } finally {
            await lock.release()
          }
        }, options.signal)
      } catch (error) {
        // Those that are not empty, because another write has come in between, stay.
        for (const path of made.reverse()) await files.removeDirectory(path).catch(() => undefined)
        throw error
      }
    },
    async open(directory, options = {}) {
      for (;;) {
        throwIfAborted(options.signal)
        const facts = await files.stat(directory)
        if (!facts) return undefined
        if (facts.kind !== 'directory') throw corrupt(directory, 'it is not a directory')
        const real = await files.realPath(resolve(directory))
        const current = await readCurrent(files, real)
        if (!current) {
          const names = (await files.readDirectory(real)).filter((name) => !isScaffold(name))
          if (names.length === 0) return undefined
          if (names.includes(CURRENT)) continue
          throw corrupt(join(real, CURRENT), `it is missing, beside ${names.slice(0, 3).join(', ')}`)
        }
        if (current.generation === 0) return undefined
        const unpin = pin(join(real, generationName(current.generation)))
        let opened: OpenContainer
        try {
          opened = await openGeneration(files, real, current, unpin)
        } catch (error) {
          unpin()
          // A writer in another process may have replaced and removed it in the meantime.
          const now = await readCurrent(files, real)
          if (now && now.generation !== current.generation) continue
          if (CbirError.isInstance(error, 'NOT_FOUND')) throw corrupt(String(error.details.path), 'it is missing', error)
          throw error
        }
        if (options.type !== undefined && opened.header.type !== options.type) {
          await opened.close()
          throw corrupt(directory, `it holds "${opened.header.type}"; "${options.type}" was expected`)
        }
        return opened
      }
    },
  }
}

/**
 * Directories written whole or not at all: see {@link DirectoryContainer}. Writers of one directory wait for one another: within a process as
 * long as it takes, among processes up to 10 seconds (then `IN_USE`). A directory that holds anything else is refused (`INVALID_ARGUMENT`);
 * files that are not ours are never removed. The path of a file is good until the container is closed; a writer in *another* process may
 * remove it earlier, while `read` and `stream` go on giving what was opened.
 */
export const directoryContainer: DirectoryContainer = createDirectoryContainer(machineStorage)

/** What a directory may hold that has no content yet. */
function isScaffold(name: string): boolean {
  return name === CURRENT_NEW || isLockName(name)
}

/**
 * The CURRENT of a directory that is ours to write to: `undefined` for an empty one.
 * @throws CbirError INVALID_ARGUMENT for a directory that holds something else
 */
async function currentOfOurs(files: FileSystem, directory: string): Promise<Current | 'damaged' | undefined> {
  let damaged = false
  try {
    const current = await readCurrent(files, directory)
    if (current) return current
  } catch (error) {
    if (!CbirError.isInstance(error, 'CORRUPT_DATA')) throw error
    damaged = true
  }
  const names = (await files.readDirectory(directory)).filter((name) => !isScaffold(name))
  if (names.length === 0) return undefined
  for (const name of names) {
    if (generationOf(name) !== undefined && (await hasMagic(files, join(directory, name, MANIFEST)))) return 'damaged'
  }
  throw new CbirError(
    'INVALID_ARGUMENT',
    `${directory} is not empty, and ${damaged ? 'its CURRENT is not one of ours' : 'what it holds is not ours'} (${names.slice(0, 3).join(', ')}). ` +
      'Choose an empty or new directory.',
    { details: { directory } },
  )
}

async function hasMagic(files: FileSystem, path: string): Promise<boolean> {
  if ((await files.stat(path))?.kind !== 'file') return false
  const file = await files.open(path, 'read')
  try {
    const bytes = new Uint8Array(MANIFEST_MAGIC.length)
    await file.read(bytes, 0)
    return Buffer.from(bytes).toString('latin1') === MANIFEST_MAGIC
  } finally {
    await file.close()
  }
}

/** @throws CbirError INVALID_ARGUMENT */
function checkHeader(header: ContainerHeader): void {
  const { type, formatVersion } = (header ?? {}) as ContainerHeader
  if (typeof type !== 'string' || type === '') {
    throw new CbirError('INVALID_ARGUMENT', `The header of a container needs a type, got ${describeType(type)}.`)
  }
  if (!Number.isSafeInteger(formatVersion)) {
    throw new CbirError('INVALID_ARGUMENT', `The header of a container needs a formatVersion that is an integer, got ${String(formatVersion)}.`)
  }
}
