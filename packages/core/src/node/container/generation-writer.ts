// The files of one generation while it is written: every byte goes through a checksum on its way, or is read back for one.

import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { CallOptions } from '../../component/call-options.ts'
import type { ContainerWriter } from '../../component/directory-container.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { pull } from '../../vectors/pull.ts'
import type { Source } from '../../vectors/source.ts'
import { describeType } from '../../vectors/vector-batch.ts'
import type { FileSystem, OpenFile } from '../storage/file-system.ts'
import { type FileEntry, isFileName } from './manifest.ts'

/** Bytes moved by one operation: large enough for the disk, small enough for a slice of checksumming. */
const PIECE = 1 << 20

export interface GenerationWriter {
  readonly writer: ContainerWriter
  /** Waits for every write that was begun, whether awaited or not. */
  settle(): Promise<void>
  /** Brings every file to the device, and gives what the manifest says of them. */
  finish(): Promise<FileEntry[]>
}

export function writeGeneration(files: FileSystem, directory: string, options: CallOptions): GenerationWriter {
  const entries = new Map<string, FileEntry | undefined>()
  const writes: Promise<void>[] = []
  const { signal } = options
  let closed = false
  let done = 0
  const report = (bytes: number): void => {
    done += bytes
    options.onProgress?.({ done })
  }
  const claim = (name: string): string => {
    if (closed) throw new CbirError('DISPOSED', 'The generation is finished. Write all files before the function that fills it returns.')
    if (typeof name !== 'string' || !isFileName(name)) {
      throw new CbirError(
        'INVALID_ARGUMENT',
        `${JSON.stringify(name)} is not a name for a file of a container. Use up to 100 letters, digits, ".", "-" and "_", a letter or digit first.`,
      )
    }
    if ([...entries.keys()].some((other) => other.toLowerCase() === name.toLowerCase())) {
      throw new CbirError('INVALID_ARGUMENT', `The file ${name} is written twice. Give every file a name of its own, whatever the case.`)
    }
    entries.set(name, undefined)
    return join(directory, name)
  }
  const write = async (name: string, chunks: Source<Uint8Array>): Promise<void> => {
    const path = claim(name)
    const file = await files.open(path, 'create')
    try {
      entries.set(name, { name, ...(await writeChunks(file, name, chunks, report, signal)) })
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return {
    writer: {
      write(name, chunks) {
        const written = write(name, chunks)
        written.catch(() => undefined)
        writes.push(written)
        return written
      },
      path: claim,
    },
    async settle() {
      closed = true
      await Promise.allSettled(writes)
    },
    async finish() {
      closed = true
      await Promise.all(writes)
      const list: FileEntry[] = []
      for (const [name, entry] of entries) list.push(entry ?? (await readBack(files, directory, name, report, signal)))
      return list
    },
  }
}

async function writeChunks(
  file: OpenFile,
  name: string,
  chunks: Source<Uint8Array>,
  report: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<{ size: number; crc32: number }> {
  const slice = new TimeSlice()
  // As large as it must be: most files are small.
  let piece = new Uint8Array(0)
  let used = 0
  let size = 0
  let crc = 0
  const flush = async (): Promise<void> => {
    const bytes = piece.subarray(0, used)
    crc = crc32(bytes, crc)
    await file.write(bytes, size)
    size += used
    report(used)
    used = 0
  }
  const take = (chunk: Uint8Array): Uint8Array => {
    if (describeType(chunk) === 'Uint8Array') return chunk
    throw new CbirError('INVALID_ARGUMENT', `The file ${name} is given ${describeType(chunk)}; give chunks of type Uint8Array.`)
  }
  for await (const chunk of pull(chunks, take, signal)) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + PIECE - used)
      if (used + part.length > piece.length) piece = grown(piece, used + part.length)
      piece.set(part, used)
      used += part.length
      at += part.length
      if (used === PIECE) {
        await flush()
        throwIfAborted(signal)
      }
    }
    if (slice.due()) await slice.pause()
  }
  if (used > 0) await flush()
  return { size, crc32: crc }
}

/** The piece with room for `bytes`, at most {@link PIECE}, and what it held. */
function grown(piece: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(PIECE, Math.max(bytes, 2 * piece.length)))
  larger.set(piece)
  return larger
}

/** For a file that native code wrote. */
async function readBack(
  files: FileSystem,
  directory: string,
  name: string,
  report: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<FileEntry> {
  const path = join(directory, name)
  const facts = await files.stat(path)
  if (facts?.kind !== 'file') {
    throw new CbirError('ADAPTER_FAULT', `The path of ${name} was asked for, but no file was written there. Write it before the function returns.`)
  }
  const file = await files.open(path, 'update')
  try {
    const piece = new Uint8Array(Math.max(1, Math.min(PIECE, facts.size)))
    let size = 0
    let crc = 0
    for (;;) {
      throwIfAborted(signal)
      const read = await file.read(piece, size)
      crc = crc32(piece.subarray(0, read), crc)
      size += read
      report(read)
      if (read < piece.length) break
    }
    await file.sync()
    return { name, size, crc32: crc }
  } finally {
    await file.close()
  }
}
