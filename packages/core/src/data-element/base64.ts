// Base64, as configurations and data: URLs hold bytes.

import { CbirError } from '../errors/cbir-error.ts'

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}

/** @throws CbirError INVALID_ARGUMENT for what is not base64 */
export function fromBase64(text: string): Uint8Array {
  let binary: string
  try {
    binary = atob(text)
  } catch (cause) {
    throw new CbirError('INVALID_ARGUMENT', 'The text is not base64: expected A–Z, a–z, 0–9, "+", "/" and padding with "=".', { cause })
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
