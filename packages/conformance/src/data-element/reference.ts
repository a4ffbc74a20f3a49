// The reference data element: an array of bytes, and every question answered anew. Node is loaded for the digests.

import type { DataElement, DigestAlgorithm } from '@cbir/core'
import { TimeSlice } from '@cbir/core/define'
import { checkSignal, raise } from '../framework/reference-tools.ts'

/** How the bytes of a type begin. */
const SIGNATURES: Readonly<Record<string, readonly number[]>> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47],
  'image/jpeg': [0xff, 0xd8, 0xff],
}

/** Bytes hashed between two looks at the clock, and bytes a chunk of `stream`. */
const CHUNK = 1 << 16

/** Makes a reference element; without bytes it is one whose bytes cannot be found. */
export function referenceDataElement(bytes: Uint8Array | undefined, { readOnly = false }: { readOnly?: boolean | undefined } = {}): DataElement {
  let held = bytes?.slice()
  const found = (signal: AbortSignal | undefined): Uint8Array => {
    checkSignal(signal)
    return held ?? raise('NOT_FOUND', 'there are no bytes')
  }

  async function digest(algorithm: DigestAlgorithm, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<string> {
    const whole = found(signal)
    if (!['md5', 'sha1', 'sha512'].includes(algorithm)) raise('INVALID_ARGUMENT', `there is no digest ${algorithm}`)
    const hash = (await import('node:crypto')).createHash(algorithm)
    const slice = new TimeSlice()
    for (let at = 0; at < whole.length; at += CHUNK) {
      hash.update(whole.subarray(at, at + CHUNK))
      if (slice.due()) await slice.pause()
      checkSignal(signal)
    }
    return hash.digest('hex')
  }

  return {
    kind: 'data-element',
    name: 'reference-data-element',
    apiVersion: 1,
    label: 'reference',
    writable: !readOnly,
    toConfig: () => ({ type: 'reference-data-element', package: '@cbir/conformance', config: { bytes: [...(held ?? [])] } }),
    async contentType({ signal } = {}) {
      const whole = found(signal)
      return Object.keys(SIGNATURES).find((type) => SIGNATURES[type]!.every((byte, i) => whole[i] === byte))
    },
    uuid: (options) => digest('sha1', options),
    digest,
    isEmpty: async ({ signal } = {}) => found(signal).length === 0,
    bytes: async ({ signal } = {}) => found(signal).slice(),
    async *stream({ signal } = {}) {
      const whole = found(signal)
      for (let at = 0; at < whole.length; at += CHUNK) {
        checkSignal(signal)
        yield whole.slice(at, at + CHUNK)
      }
    },
    async setBytes(next, { signal } = {}) {
      checkSignal(signal)
      if (readOnly) raise('READ_ONLY', 'the element is read-only')
      if (!(next instanceof Uint8Array)) raise('INVALID_ARGUMENT', 'bytes must be a Uint8Array')
      held = next.slice()
    },
  }
}
