// All bytes of a regular file in two errands to libuv's threads, opening and reading. To hand work to a thread and back costs more than to read a
// small file; what is known once a file is open is asked for without a thread.

import { closeSync, constants, fstatSync, open, read } from 'node:fs'
import { promisify } from 'node:util'
import type { CallOptions } from '../../component/call-options.ts'
import { throwIfAborted } from '../../concurrency/abort.ts'
import { CbirError } from '../../errors/cbir-error.ts'
import { isErrno, withFaults } from '../storage/io-fault.ts'

const openFile = promisify(open)
const readFile = promisify(read)

/** To open a pipe waits for its writer, and would hold one of the threads, unless told not to. Windows has neither. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Bytes read between two looks at the signal. */
const PIECE = 1 << 22

/** @throws CbirError NOT_FOUND, IO_FAILED where it is no regular file or cannot be read, ABORTED */
export async function readRegularFile(path: string, call: CallOptions | undefined): Promise<Uint8Array> {
  throwIfAborted(call?.signal)
  const file = await withFaults('open', path, () => openFile(path, READ_ONLY)).catch((error: unknown) => {
    throw isErrno(error, 'ENOENT') ? missing(path) : error
  })
  try {
    const facts = await withFaults('look at', path, async () => fstatSync(file))
    if (!facts.isFile()) throw notRegular(path, facts.isDirectory())
    const { size } = facts
    const bytes = allocate(size, path)
    let done = 0
    while (done < size) {
      throwIfAborted(call?.signal)
      const { bytesRead } = await withFaults('read', path, () => readFile(file, bytes, done, Math.min(PIECE, size - done), done))
      if (bytesRead === 0) break
      done += bytesRead
      call?.onProgress?.({ done, total: size })
    }
    return done === size ? bytes : bytes.slice(0, done)
  } finally {
    await withFaults('close', path, async () => closeSync(file))
  }
}

export function missing(path: string): CbirError {
  return new CbirError('NOT_FOUND', `There is no file ${path}. Check the path.`, { details: { path } })
}

export function notRegular(path: string, directory: boolean): CbirError {
  return new CbirError('IO_FAILED', `${path} is ${directory ? 'a directory' : 'no regular file'}; a file was expected.`, { details: { path } })
}

function allocate(size: number, path: string): Uint8Array {
  try {
    return new Uint8Array(size)
  } catch (cause) {
    throw new CbirError('IO_FAILED', `${path} has ${size} bytes, too many for one array. Read it as a stream.`, { cause })
  }
}
