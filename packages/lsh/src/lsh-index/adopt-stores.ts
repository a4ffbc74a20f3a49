// Adopting stores: an index over a descriptor set and a hash→uids store that hold something already takes it over as it is.

import { type BitBatch, CbirError, type DescriptorSet, type Items, type KeyValueStore } from '@cbir/core'
import { listOf } from './hash-to-uids.ts'
import { codeOfKey } from './lsh-parts.ts'
import { SET_BATCH } from './stored-vectors.ts'

export interface StoredContent {
  readonly codes: BitBatch
  readonly uids: readonly string[]
}

/** The uids of a hash→uids store with their codes. @throws CbirError FINGERPRINT_MISMATCH (keys that are no codes of so many bits), CORRUPT_DATA */
export async function readStore(store: KeyValueStore, bits: number): Promise<StoredContent> {
  const uids: string[] = []
  const codes: Uint8Array[] = []
  for await (const entries of store.entries()) {
    for (const [key, value] of entries) {
      const code = codeOfKey(key, bits)
      if (!code) {
        throw new CbirError(
          'FINGERPRINT_MISMATCH',
          `${store.name} holds the key ${JSON.stringify(key)}, which is no code of ${bits} bits. Give the index the functor and the store it was built with.`,
        )
      }
      for (const uid of listOf(store, key, value)) {
        uids.push(uid)
        codes.push(code)
      }
    }
  }
  const stride = Math.ceil(bits / 64) * 8
  const data = new Uint8Array(codes.length * stride)
  codes.forEach((code, i) => {
    data.set(code, i * stride)
  })
  return { uids, codes: { data, count: codes.length, bits, stride } }
}

/** The named vectors of a set. @throws CbirError UNKNOWN_UID, DIMENSION_MISMATCH */
export async function* storedItems(set: DescriptorSet, uids: readonly string[]): AsyncGenerator<Items> {
  const dimensions = uids.length > 0 ? await set.dimensionsOf(uids[0]!) : 0
  for (let from = 0; from < uids.length; from += SET_BATCH) {
    const some = uids.slice(from, from + SET_BATCH)
    const data = new Float32Array(some.length * dimensions)
    const got = await set.getVectors(some, data)
    if (got !== dimensions) {
      throw new CbirError(
        'DIMENSION_MISMATCH',
        `${set.name} holds vectors of ${dimensions} and of ${got} numbers; the vectors of an index have the same.`,
      )
    }
    yield { uids: some, vectors: { data, count: some.length, dimensions } }
  }
}
