// Codes in readable form: a code is a text of 0 and 1. Slow, plain, and without a bit trick that could be wrong.

import type { BitBatch } from '@cbir/core'
import type { Random } from '../framework/random.ts'

const [ZERO, ONE] = [48, 49] // '0' and '1'

/** Code `i` of a batch. */
export function codeAt({ data, bits, stride }: BitBatch, i: number): string {
  const characters: number[] = []
  for (let j = 0; j < bits; j++) characters.push((data[i * stride + (j >> 3)]! >> (j & 7)) & 1 ? ONE : ZERO)
  return String.fromCharCode(...characters)
}

/** The batch of `codes`, which all have `bits` characters. */
export function batchOf(codes: readonly string[], bits: number): BitBatch {
  const stride = Math.ceil(bits / 64) * 8
  const data = new Uint8Array(codes.length * stride)
  for (const [i, code] of codes.entries()) for (let j = 0; j < bits; j++) if (code.charCodeAt(j) === ONE) data[i * stride + (j >> 3)]! |= 1 << (j & 7)
  return { data, count: codes.length, bits, stride }
}

/** The share of characters in which two codes differ. */
export function codeDistance(a: string, b: string): number {
  let differing = 0
  for (let j = 0; j < a.length; j++) if (a.charCodeAt(j) !== b.charCodeAt(j)) differing++
  return differing / a.length
}

/** `count` distinct random codes. */
export function randomCodes(random: Random, count: number, bits: number): string[] {
  const codes = new Set<string>()
  while (codes.size < count) codes.add(Array.from({ length: bits }, () => random.integer(2)).join(''))
  return [...codes]
}

/** `count` distinct codes in clusters, as hashed features lie. */
export function clusteredCodes(random: Random, count: number, bits: number): string[] {
  const centres = randomCodes(random, Math.round(Math.sqrt(count)), bits)
  const codes = new Set<string>()
  while (codes.size < count) {
    const centre = centres[random.integer(centres.length)]!
    codes.add(Array.from(centre, (bit) => (random.uniform() < 0.2 ? random.integer(2) : bit)).join(''))
  }
  return [...codes]
}
