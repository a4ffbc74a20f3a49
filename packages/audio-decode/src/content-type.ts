// What kind of sound a file is: told from its bytes where that is possible.

import { CbirError, sniffContentType } from '@cbir/core'
import type { AudioDecoder } from './audio-decoder.ts'
import { hasText } from './byte-reader.ts'
import { id3Size } from './id3.ts'

/** The type by the beginning of the bytes; tags before the sound say nothing. `undefined` where it is not seen. */
export function sniffAudio(head: Uint8Array): string | undefined {
  if (hasText(head, 'BW64')) return 'audio/wav'
  const tag = id3Size(head)
  if (tag === 0) return sniffContentType(head)
  const after = tag < head.length ? sniffContentType(head.subarray(tag)) : undefined
  // What stands before an mp3 may be damaged; what else is seen after a tag is what it is.
  return after === 'audio/flac' || after === 'audio/aac' ? after : 'audio/mpeg'
}

/** Bytes from the beginning that {@link sniffAudio} needs, given the first ten. */
export function sniffBytes(head: Uint8Array): number {
  return id3Size(head) + SNIFFED
}

const SNIFFED = 4096

/** Packages to pass for types that this one does not decode itself. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'audio/aac': '@cbir/audio-aac',
  'audio/mp4': '@cbir/audio-aac',
  'audio/x-m4a': '@cbir/audio-aac',
  'video/3gpp': '@cbir/audio-aac',
  'video/mp4': '@cbir/audio-aac',
  'video/quicktime': '@cbir/audio-aac',
}

/** @throws CbirError UNSUPPORTED_CONTENT_TYPE that names the package to pass, where there is one */
export function chooseDecoder(type: string | undefined, decoders: readonly AudioDecoder[], label: string): AudioDecoder {
  const decoder = type === undefined ? undefined : decoders.find(({ contentTypes }) => contentTypes.includes(type))
  if (decoder) return decoder
  const known = [...new Set(decoders.flatMap(({ contentTypes }) => contentTypes))].join(', ')
  const other = type === undefined ? undefined : ELSEWHERE[type]
  const remedy = other
    ? `Pass the decoder of ${other}, which is under the GPL: { decoders: [aac] }.`
    : `Decoded are ${known}; pass a decoder for others.`
  throw new CbirError('UNSUPPORTED_CONTENT_TYPE', `${label} is ${type ?? 'of an unknown type'}, which no decoder at hand takes. ${remedy}`, {
    details: { contentType: type, ...(other ? { package: other } : {}) },
  })
}
