// Group `identity`: the uuid is the SHA-1 of the bytes, wherever they are.

import type { DigestAlgorithm } from '@cbir/core'
import { ok, rejects, same } from '../../framework/check.ts'
import type { DataElementGroup } from '../data-element-case.ts'

/** Test vectors: RFC 1321 A.5 for MD5, FIPS 180-4 (the examples of NIST) for SHA-1 and SHA-512. */
const KNOWN: readonly (readonly [text: string, digests: Readonly<Record<DigestAlgorithm, string>>])[] = [
  [
    '',
    {
      md5: 'd41d8cd98f00b204e9800998ecf8427e',
      sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
      sha512: 'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
    },
  ],
  [
    'abc',
    {
      md5: '900150983cd24fb0d6963f7d28e17f72',
      sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
      sha512: 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    },
  ],
]

export const identityGroup: DataElementGroup = {
  name: 'identity',
  rule: 'uuid is the SHA-1 of the bytes; digests are lower-case hexadecimal; equal bytes have equal uuids, whatever their place',
  cases: {
    'digests of known bytes': async (t) => {
      for (const [text, digests] of KNOWN) {
        const element = await t.holding(new TextEncoder().encode(text))
        for (const algorithm of ['md5', 'sha1', 'sha512'] as const) {
          same(await element.digest(algorithm), digests[algorithm], `${algorithm} of ${JSON.stringify(text)}`)
        }
        same(await element.uuid(), digests.sha1, `uuid of ${JSON.stringify(text)}`)
      }
    },
    'digests of more bytes than a chunk has': async (t) => {
      const { createHash } = await import('node:crypto')
      const bytes = t.bytes(700_001)
      const element = await t.holding(bytes)
      for (const algorithm of ['md5', 'sha1', 'sha512'] as const) {
        same(await element.digest(algorithm), createHash(algorithm).update(bytes).digest('hex'), algorithm)
      }
    },
    'equal bytes have equal uuids, others have others': async (t) => {
      const bytes = t.bytes(50)
      const other = bytes.map((byte, i) => (i === 49 ? byte ^ 1 : byte))
      const uuid = await (await t.holding(bytes)).uuid()
      same(await (await t.holding(bytes)).uuid(), uuid, 'uuid of a second element of the same bytes')
      ok((await (await t.holding(other)).uuid()) !== uuid, 'bytes that differ in one bit have another uuid')
    },
    'an unknown algorithm is refused': async (t) => {
      const element = await t.make()
      for (const name of ['sha3', 'SHA1', '', 'toString']) {
        await rejects(() => element.digest(name as DigestAlgorithm), 'INVALID_ARGUMENT', `digest by ${JSON.stringify(name)}`)
      }
    },
  },
}
