// The parts of an LSH index, used through core's interfaces alone, whoever made them. What they give is checked here.

import {
  type BitBatch,
  CbirError,
  checkBitBatch,
  type DescriptorSet,
  type HashIndex,
  type KeyValueStore,
  type LshFunctor,
  type RemovableHashIndex,
  supports,
  type UpdatableHashIndex,
  type VectorBatch,
} from '@cbir/core'

export interface LshParts {
  readonly functor: LshFunctor
  readonly hashIndex: HashIndex
  /** Undefined: vectors are in the index's own memory. */
  readonly descriptorSet?: DescriptorSet | undefined
  /** Undefined: which rows have a code is in the index's own memory. */
  readonly hashToUids?: KeyValueStore | undefined
}

/** The codes of vectors. @throws CbirError NOT_TRAINED, DIMENSION_MISMATCH, ADAPTER_FAULT (what came is no batch of such codes) */
export async function hashVectors({ functor }: LshParts, vectors: VectorBatch, signal: AbortSignal | undefined): Promise<BitBatch> {
  const codes = await functor.hash(vectors, { signal })
  try {
    checkBitBatch(codes, 'the codes')
  } catch (cause) {
    throw new CbirError('ADAPTER_FAULT', `${functor.name} gave no batch of codes: ${(cause as Error).message}`, { cause })
  }
  if (codes.count === vectors.count && codes.bits === functor.bits) return codes
  throw new CbirError(
    'ADAPTER_FAULT',
    `${functor.name} gave ${codes.count} codes of ${codes.bits} bits for ${vectors.count} vectors; it promised ${functor.bits} bits.`,
  )
}

/** The rows that the hash index has given to codes which are all in it. @throws CbirError ADAPTER_FAULT where one is not */
export async function knownRows({ hashIndex }: LshParts, codes: BitBatch): Promise<Int32Array> {
  const rows = await rowsOf(hashIndex, codes)
  if (rows.includes(-1)) throw new CbirError('ADAPTER_FAULT', `${hashIndex.name} does not hold a code that it was given.`)
  return rows
}

/** The row of each code in the hash index, -1 where it is not there. */
export async function rowsOf(hashIndex: HashIndex, codes: BitBatch): Promise<Int32Array> {
  if (codes.count === 0 || hashIndex.bits === undefined) return new Int32Array(codes.count).fill(-1)
  const rows = await hashIndex.rowsOf(codes)
  if (rows.length === codes.count && rows.every((row) => row >= -1)) return rows
  throw new CbirError('ADAPTER_FAULT', `${hashIndex.name} gave ${rows.length} rows for ${codes.count} codes, or a negative one.`)
}

export function canAdd(hashIndex: HashIndex): hashIndex is HashIndex & UpdatableHashIndex {
  return supports(hashIndex, 'update')
}

export function canRemove(hashIndex: HashIndex): hashIndex is HashIndex & RemovableHashIndex {
  return supports(hashIndex, 'remove')
}

/** Some codes of a batch. */
export function pickCodes(codes: BitBatch, which: readonly number[]): BitBatch {
  const { bits, stride } = codes
  const data = new Uint8Array(which.length * stride)
  which.forEach((from, i) => {
    data.set(codes.data.subarray(from * stride, (from + 1) * stride), i * stride)
  })
  return { data, count: which.length, bits, stride }
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** The key of code `i` in a hash→uids store: its ⌈bits / 8⌉ bytes in order, two hexadecimal digits each. */
export function keyOf({ data, bits, stride }: BitBatch, i: number): string {
  let key = ''
  for (let at = i * stride; at < i * stride + Math.ceil(bits / 8); at++) key += HEX[data[at]!]
  return key
}

/** The code of a key, or undefined for what is no key of such codes. */
export function codeOfKey(key: string, bits: number): Uint8Array | undefined {
  const bytes = Math.ceil(bits / 8)
  if (key.length !== 2 * bytes || !/^[0-9a-f]*$/.test(key)) return undefined
  return Uint8Array.from({ length: bytes }, (_, i) => Number.parseInt(key.slice(2 * i, 2 * i + 2), 16))
}
