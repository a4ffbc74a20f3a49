// Files that are read in one piece, with a bound on their size, and checksums as text.

import type { FileSystem } from '../storage/file-system.ts'
import { corrupt } from './corrupt.ts'

/** A CRC-32 in 8 digits. */
export function hex32(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}

/** All bytes of a file of at most `limit` bytes. @throws CbirError CORRUPT_DATA (longer), NOT_FOUND, IO_FAILED */
export async function readWhole(files: FileSystem, path: string, limit: number): Promise<Uint8Array> {
  const file = await files.open(path, 'read')
  try {
    const size = await file.size()
    if (size > limit) throw corrupt(path, `it has ${size} bytes; at most ${limit} were expected`)
    const bytes = new Uint8Array(size)
    return bytes.subarray(0, await file.read(bytes, 0))
  } finally {
    await file.close()
  }
}
