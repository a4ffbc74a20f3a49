// The files of a saved LSH index: codes by row, vectors where they are the index's own, the calibration, and the functor's model.

import { type CallOptions, CbirError, type ContainerWriter, checkBitBatch, type OpenContainer } from '@cbir/core'
import { inSlices, readVectors, type SavedShape, writeVectors } from '@cbir/core/define'
import { Calibration } from './calibration.ts'
import type { CodeRows } from './code-rows.ts'
import type { LshRows } from './lsh-rows.ts'
import type { VectorRows } from './rerank-engine.ts'

const CODES = 'codes'
const CALIBRATION = 'calibration'
/** Numbers and bytes of a chunk. */
const CHUNK_NUMBERS = 1 << 18
const CHUNK_BYTES = 1 << 20
/** Codes that are checked between two looks at the clock. */
const STEP = 4096

export async function writeState({ codes, vectors, calibration }: LshRows, writer: ContainerWriter): Promise<void> {
  await writer.write(CODES, codeChunks(codes))
  if (vectors) await writeVectors(writer, vectorChunks(vectors))
  if (!calibration) return
  const { rows, neighbours, places } = calibration
  const numbers = Uint32Array.of(rows, neighbours, ...places)
  await writer.write(CALIBRATION, [new Uint8Array(numbers.buffer)])
}

function* codeChunks(codes: CodeRows): Generator<Uint8Array> {
  const atOnce = Math.max(1, Math.floor(CHUNK_BYTES / codes.stride))
  for (let from = 0; from < codes.rows; from += atOnce) yield codes.slice(from, Math.min(codes.rows, from + atOnce)).data
}

function* vectorChunks(vectors: VectorRows): Generator<Uint8Array> {
  const atOnce = Math.max(1, Math.floor(CHUNK_NUMBERS / vectors.dimensions))
  for (let from = 0; from < vectors.count; from += atOnce) {
    const rows = vectors.read(from, Math.min(vectors.count, from + atOnce))
    yield new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
  }
}

/** Reads what `writeState` wrote into a state without rows; `own`: its vectors, too. @throws CbirError CORRUPT_DATA */
export async function readState(container: OpenContainer, state: LshRows, shape: SavedShape, own: boolean, options: CallOptions): Promise<void> {
  const { rows, names } = shape
  await readCodes(container, state.codes, rows, options)
  const live = new Uint32Array(rows)
  let count = 0
  await inSlices(rows, STEP, (from, to) => {
    for (let row = from; row < to; row++) if (names.uidAt(row) !== undefined) live[count++] = row
  })
  await state.codes.mark(live.subarray(0, count), true)
  if (own && state.vectors) await readOwnVectors(container, state.vectors, rows, options)
  state.calibration = await readCalibration(container, options)
}

/** Reads the codes of `rows` rows. @throws CbirError CORRUPT_DATA */
async function readCodes(container: OpenContainer, codes: CodeRows, rows: number, options: CallOptions): Promise<void> {
  const bytes = await container.read(CODES, options)
  const { bits, stride } = codes
  if (bytes.length !== rows * stride) {
    throw corrupt(`The codes of the saved index take ${bytes.length} bytes; ${rows} codes of ${bits} bits take ${rows * stride}.`)
  }
  await codes.reserve(rows, 0)
  codes.resize(rows)
  await inSlices(rows, STEP, (from, to) => {
    const some = { data: bytes.subarray(from * stride, to * stride), count: to - from, bits, stride }
    try {
      checkBitBatch(some)
    } catch (error) {
      throw corrupt(`The saved index holds what is no code: ${(error as Error).message}`)
    }
    codes.setFrom(from, some)
  })
}

/** Reads the vectors into `vectors`. @throws CbirError CORRUPT_DATA */
function readOwnVectors(container: OpenContainer, vectors: VectorRows, rows: number, options: CallOptions): Promise<void> {
  return readVectors(container, { dimensions: vectors.dimensions, rows }, options, (some) =>
    vectors.append(some, rows - vectors.count - some.count, options),
  )
}

/** The calibration that was saved, if there was one. @throws CbirError CORRUPT_DATA */
async function readCalibration(container: OpenContainer, options: CallOptions): Promise<Calibration | undefined> {
  if (!container.files.some(({ name }) => name === CALIBRATION)) return undefined
  const bytes = await container.read(CALIBRATION, options)
  const numbers = new Uint32Array(bytes.slice().buffer, 0, Math.floor(bytes.length / 4))
  const [rows = 0, neighbours = 0] = numbers
  const places = numbers.slice(2)
  if (bytes.length % 4 === 0 && rows > 0 && neighbours > 0 && places.length > 0 && places.length % neighbours === 0) {
    return new Calibration(rows, neighbours, places)
  }
  throw corrupt('The calibration of the saved index does not hold together.')
}

function corrupt(message: string): CbirError {
  return new CbirError('CORRUPT_DATA', `${message} Restore it from a copy or build it again.`)
}
