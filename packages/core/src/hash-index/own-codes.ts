// OwnCodes: a batch of codes in memory of our own, which nobody else can change, read by 32-bit words.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { type BitBatch, bitBatch, checkBitShape, checkPadding } from '../vectors/bit-batch.ts'

/** A batch of at most so many bytes (4 MB) is copied and checked in one go, before its source or its caller can touch it again: some 3 ms. */
const COPY_AT_ONCE = 1 << 22
/** Larger ones are copied and checked piece by piece. */
const PIECE = 1 << 20

/** A checked batch. Code *i* is `words[i * stride / 4 …]`, in the byte order of this machine. */
export interface OwnCodes extends BitBatch {
  readonly words: Int32Array
}

/** A batch of zeros. */
export function ownCodes(count: number, bits: number): OwnCodes {
  return withWords(bitBatch(count, bits))
}

/** The batch with its words. Its memory must begin at a multiple of four; what was made here does. */
export function withWords({ data, count, bits, stride }: BitBatch): OwnCodes {
  return { data, count, bits, stride, words: new Int32Array(data.buffer, data.byteOffset, data.length >> 2) }
}

/** A checked copy, at once. @throws CbirError INVALID_ARGUMENT */
export function copyCodes(codes: BitBatch): OwnCodes {
  checkBitShape(codes)
  // Not slice(): that of a Buffer copies nothing.
  const own = withWords({ data: new Uint8Array(codes.data), count: codes.count, bits: codes.bits, stride: codes.stride })
  checkPadding(own, 0, own.count)
  return own
}

/** What a source gave: copied already, or so large that `settle` copies it in slices, while the source waits. */
export interface TakenCodes {
  readonly codes: BitBatch
  readonly own: OwnCodes | undefined
}

/** Takes a batch of a source: its shape is checked and one of moderate size copied, at once. @throws CbirError INVALID_ARGUMENT */
export function takeCodes(codes: BitBatch): TakenCodes {
  checkBitShape(codes)
  const { data, count, bits, stride } = codes
  return data.length <= COPY_AT_ONCE ? { codes, own: copyCodes(codes) } : { codes: { data, count, bits, stride }, own: undefined }
}

/** The taken batch in our memory, all of it. @throws CbirError INVALID_ARGUMENT */
export async function settle({ codes, own }: TakenCodes): Promise<OwnCodes> {
  if (own) return own
  const copy = ownCodes(codes.count, codes.bits)
  const { stride } = codes
  await inSlices(codes.count, Math.max(1, Math.floor(PIECE / stride)), (from, to) => copyPiece(codes, from, to, copy, from))
  return copy
}

/** The taken batch in pieces, so that a large one is never there twice. @throws CbirError INVALID_ARGUMENT */
export async function* piecesOf({ codes, own }: TakenCodes): AsyncGenerator<OwnCodes> {
  if (own) {
    yield own
    return
  }
  const rows = Math.max(1, Math.floor(PIECE / codes.stride))
  for (let from = 0; from < codes.count; from += rows) {
    const count = Math.min(rows, codes.count - from)
    const copy = ownCodes(count, codes.bits)
    copyPiece(codes, from, from + count, copy, 0)
    yield copy
  }
}

function copyPiece({ data, count, stride, bits }: BitBatch, from: number, to: number, into: OwnCodes, at: number): void {
  if (data.length !== count * stride) {
    throw new CbirError(
      'INVALID_ARGUMENT',
      'The buffer of a batch was transferred or resized while it was read. Leave a batch as it is until the source is asked for the next one.',
    )
  }
  into.data.set(data.subarray(from * stride, to * stride), at * stride)
  checkPadding({ data: into.data, count, bits, stride }, at, at + to - from, from - at)
}

/** The named codes of a batch; the batch itself where they are all of it. */
export async function pickCodes(codes: OwnCodes, which: Uint32Array): Promise<OwnCodes> {
  if (which.length === codes.count) return codes
  const picked = ownCodes(which.length, codes.bits)
  const width = codes.stride >> 2
  await inSlices(which.length, Math.max(1, Math.floor(PIECE / 16 / codes.stride)), (from, to) => {
    for (let i = from; i < to; i++) {
      const begin = which[i]! * width
      for (let j = 0; j < width; j++) picked.words[i * width + j] = codes.words[begin + j]!
    }
  })
  return picked
}
