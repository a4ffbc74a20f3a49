// Files of nothing but float32 numbers.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** All numbers of the file, in memory of their own. */
export function readFloats(file: string): Float32Array<ArrayBuffer> {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = new Uint8Array(fstatSync(descriptor).size)
    for (let read = 0; read < bytes.length; ) read += readSync(descriptor, bytes, read, bytes.length - read, null)
    return new Float32Array(bytes.buffer)
  } finally {
    closeSync(descriptor)
  }
}
