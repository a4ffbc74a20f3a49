// Equality of sounds, by their bytes: comparing hundred thousands of numbers one by one takes a test runner seconds.

import { expect } from 'vitest'
import type { DecodedAudio } from '../../src/index.ts'

export function sameSamples(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && Buffer.compare(bytesOf(a), bytesOf(b)) === 0
}

/** Fails where anything of the two differs. */
export function expectSame(actual: DecodedAudio, expected: DecodedAudio): void {
  const { samples, ...facts } = actual
  const { samples: wanted, ...wantedFacts } = expected
  expect(facts).toEqual(wantedFacts)
  expect(sameSamples(samples, wanted)).toBe(true)
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
