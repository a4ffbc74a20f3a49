// The vectors of a saved index: all rows as float32, row-major, without a header. Whatever implementation wrote it, any reads it.

import type { CallOptions } from '../component/call-options.ts'
import type { ContainerWriter, OpenContainer } from '../component/directory-container.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { allFinite } from '../vectors/finite.ts'
import type { Source } from '../vectors/source.ts'
import type { VectorBatch } from '../vectors/vector-batch.ts'

const FILE = 'vectors'

/** Writes rows that come in chunks of whole numbers. */
export function writeVectors(writer: ContainerWriter, chunks: Source<Uint8Array>): Promise<void> {
  return writer.write(FILE, chunks)
}

/** Reads the rows and gives them to `append`, in order. @throws CbirError CORRUPT_DATA */
export async function readVectors(
  container: OpenContainer,
  shape: { readonly dimensions: number; readonly rows: number },
  options: CallOptions,
  append: (vectors: VectorBatch) => Promise<void> | void,
): Promise<void> {
  const { dimensions, rows } = shape
  const rowBytes = dimensions * 4
  const size = container.files.find((file) => file.name === FILE)?.size
  if (size !== rows * rowBytes) {
    throw new CbirError(
      'CORRUPT_DATA',
      `The vectors of the saved index take ${size ?? 0} bytes; ${rows} rows of ${dimensions} numbers take ${rows * rowBytes}.`,
    )
  }
  let rest = new Uint8Array(0)
  for await (const chunk of container.stream(FILE, options)) {
    const bytes = new Uint8Array(rest.length + chunk.length)
    bytes.set(rest)
    bytes.set(chunk, rest.length)
    const count = Math.floor(bytes.length / rowBytes)
    const data = new Float32Array(bytes.buffer, 0, count * dimensions)
    if (!allFinite(data)) {
      throw new CbirError('CORRUPT_DATA', 'The vectors of the saved index hold NaN or ±Infinity. Restore it from a copy or build it again.')
    }
    if (count > 0) await append({ data, count, dimensions })
    rest = bytes.slice(count * rowBytes)
  }
}
