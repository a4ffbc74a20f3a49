// Digests of bytes in memory, on every platform.

import { throwIfAborted } from '../concurrency/abort.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { BLOCK_HASHES, blockHash, toHex } from './block-hash.ts'
import type { DigestAlgorithm } from './data-element.ts'

const SUBTLE_NAMES = { sha1: 'SHA-1', sha512: 'SHA-512' } as const

const ALGORITHMS: readonly DigestAlgorithm[] = ['md5', 'sha1', 'sha512']

/** @throws CbirError INVALID_ARGUMENT for what is no algorithm */
export function checkDigestAlgorithm(algorithm: DigestAlgorithm): void {
  if (ALGORITHMS.includes(algorithm)) return
  throw new CbirError('INVALID_ARGUMENT', `There is no digest ${JSON.stringify(algorithm)}; there are ${ALGORITHMS.join(', ')}.`)
}

interface Host {
  readonly crypto?: { readonly subtle?: { digest(name: string, bytes: Uint8Array): Promise<ArrayBuffer> } }
}

/**
 * The digest in lower-case hexadecimal; the bytes must not change meanwhile. Web Crypto where there is one (not in a page served without TLS),
 * else our own, which has MD5 and SHA-1.
 * @throws CbirError INVALID_ARGUMENT (no such algorithm), NOT_USABLE (SHA-512 without Web Crypto), ABORTED
 */
export async function digestOf(algorithm: DigestAlgorithm, bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  throwIfAborted(signal)
  checkDigestAlgorithm(algorithm)
  const { subtle } = (globalThis as Host).crypto ?? {}
  if (algorithm !== 'md5' && subtle) {
    const digest = await subtle.digest(SUBTLE_NAMES[algorithm], bytes)
    throwIfAborted(signal)
    return toHex(new Uint8Array(digest))
  }
  if (algorithm !== 'sha512') return blockHash(BLOCK_HASHES[algorithm], bytes, signal)
  throw new CbirError('NOT_USABLE', 'This platform has no Web Crypto, which SHA-512 needs. Serve the page over TLS, or use sha1.')
}
