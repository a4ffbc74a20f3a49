// Base64, as configurations and data: URLs hold bytes.

import { CbirError } from '../errors/cbir-error.ts'

/** Bytes that one call turns into text; arguments of a call lie on the stack. */
const STEP = 0x2000

export function toBase64(bytes: Uint8Array): string {
  let text = ''
  // `apply` takes the array as it is, where a spread goes through its iterator byte by byte.
  for (let i = 0; i < bytes.length; i += STEP) text += String.fromCharCode.apply(null, bytes.subarray(i, i + STEP) as unknown as number[])
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
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
