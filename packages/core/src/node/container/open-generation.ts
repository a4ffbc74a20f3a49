// A generation opened for reading. Its files are held open, so that what was opened stays whole even when a newer generation replaces it.

import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { CallOptions } from '../../component/call-options.ts'
import type { OpenContainer } from '../../component/directory-container.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { Lifetime } from '../../concurrency/lifetime.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { checkPositiveInteger } from '../../vectors/check-number.ts'
import type { FileSystem, OpenFile } from '../storage/file-system.ts'
import { corrupt } from './corrupt.ts'
import { type Current, generationName } from './current-file.ts'
import { decodeManifest, type FileEntry, MANIFEST, MANIFEST_LIMIT } from './manifest.ts'
import { readWhole } from './small-file.ts'

/** Bytes read and checksummed between two looks at the signal. */
const PIECE = 1 << 20

interface HeldFile {
  readonly entry: FileEntry
  readonly file: OpenFile
  readonly path: string
  verified: Promise<void> | undefined
}

/**
 * Opens the generation that `current` names, checks its manifest and the sizes of its files. Their checksums are checked as they are read.
 * @throws CbirError CORRUPT_DATA, NOT_FOUND (a file is not there), NOT_SUPPORTED, IO_FAILED
 */
export async function openGeneration(files: FileSystem, container: string, current: Current, onClose: () => void): Promise<OpenContainer> {
  const directory = join(container, generationName(current.generation))
  const manifestPath = join(directory, MANIFEST)
  const bytes = await readWhole(files, manifestPath, MANIFEST_LIMIT)
  if (crc32(bytes) !== current.manifest) throw corrupt(manifestPath, 'it is not the one that CURRENT names')
  const manifest = decodeManifest(bytes, manifestPath)
  if (manifest.generation !== current.generation) throw corrupt(manifestPath, `it is that of generation ${manifest.generation}`)
  const held = new Map<string, HeldFile>()
  const closeAll = async (): Promise<void> => {
    for (const { file } of held.values()) await file.close()
  }
  try {
    for (const entry of manifest.files) {
      const path = join(directory, entry.name)
      const file = await files.open(path, 'read')
      held.set(entry.name, { entry, file, path, verified: undefined })
      const size = await file.size()
      if (size !== entry.size) throw corrupt(path, `it has ${size} bytes; ${entry.size} were written`)
    }
  } catch (error) {
    await closeAll()
    throw error
  }

  const lifetime = new Lifetime(`The opened container ${container}`)
  const find = (name: string): HeldFile => {
    const found = held.get(name)
    if (!found) throw corrupt(directory, `it has no file ${JSON.stringify(name)}`)
    return found
  }
  return {
    header: manifest.header,
    generation: manifest.generation,
    files: manifest.files.map(({ name, size }) => ({ name, size })),
    read: (name, options = {}) =>
      lifetime.run(async () => {
        const found = find(name)
        const bytes = allocate(found)
        checkSum(found, await readInto(found, bytes, 0, 0, options.signal))
        return bytes
      }, options.signal),
    async *stream(name, options = {}) {
      const { chunkSize = PIECE, signal, onProgress } = options
      checkPositiveInteger(chunkSize, 'chunkSize')
      const found = find(name)
      const { size } = found.entry
      let crc = 0
      for (let at = 0; at < size; ) {
        const chunk = new Uint8Array(Math.min(chunkSize, size - at))
        crc = await lifetime.run(() => readInto(found, chunk, at, crc, signal), signal)
        at += chunk.length
        if (at === size) checkSum(found, crc)
        onProgress?.({ done: at, total: size })
        yield chunk
      }
    },
    path: (name, options = {}) =>
      lifetime.run(async () => {
        const found = find(name)
        found.verified ??= verify(found, options).catch((error: unknown) => {
          found.verified = undefined
          throw error
        })
        await found.verified
        if (!(await files.stat(found.path))) {
          throw new CbirError('IO_FAILED', `${found.path} is gone: a newer generation has replaced it. Open the container again.`)
        }
        return found.path
      }, options.signal),
    close: () =>
      lifetime.dispose(async () => {
        try {
          await closeAll()
        } finally {
          onClose()
        }
      }),
  }
}

function allocate({ entry, path }: HeldFile): Uint8Array {
  try {
    return new Uint8Array(entry.size)
  } catch (error) {
    throw new CbirError('INVALID_ARGUMENT', `${path} has ${entry.size} bytes, too many for one array. Read it as a stream.`, { cause: error })
  }
}

/** Fills `bytes` from position `at`; gives the checksum carried on. */
async function readInto({ file, entry, path }: HeldFile, bytes: Uint8Array, at: number, crc: number, signal?: AbortSignal): Promise<number> {
  let sum = crc
  for (let done = 0; done < bytes.length; done += PIECE) {
    throwIfAborted(signal)
    const piece = bytes.subarray(done, done + PIECE)
    const read = await file.read(piece, at + done)
    if (read < piece.length) throw corrupt(path, `it ends after ${at + done + read} bytes; ${entry.size} were written`)
    sum = crc32(piece, sum)
  }
  return sum
}

function checkSum({ entry, path }: HeldFile, crc: number): void {
  if (crc !== entry.crc32) throw corrupt(path, 'its checksum differs from the one that was written')
}

async function verify(held: HeldFile, options: CallOptions): Promise<void> {
  const { size } = held.entry
  const piece = new Uint8Array(Math.min(PIECE, size))
  let crc = 0
  for (let at = 0; at < size; at += PIECE) crc = await readInto(held, piece.subarray(0, Math.min(PIECE, size - at)), at, crc, options.signal)
  checkSum(held, crc)
}
