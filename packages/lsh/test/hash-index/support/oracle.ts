// The oracle of hash indexes: codes as texts of 0 and 1, and a loop over all of them.

import type { BitBatch, CodeNeighbours, HashIndex } from '@cbir/core'
import { expect } from 'vitest'

/** The batch of codes of `bits` characters each. */
export function batchOf(codes: readonly string[], bits: number): BitBatch {
  const stride = Math.ceil(bits / 64) * 8
  const data = new Uint8Array(codes.length * stride)
  for (const [i, code] of codes.entries()) for (let j = 0; j < bits; j++) if (code[j] === '1') data[i * stride + (j >> 3)]! |= 1 << (j & 7)
  return { data, count: codes.length, bits, stride }
}

export function differing(a: string, b: string): number {
  let count = 0
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) count++
  return count
}

/** The index must hold exactly these codes, in distinct rows, and answer as a full sort does: rows and distances, ties by row. */
export async function checkAgainstSort(index: HashIndex, codes: readonly string[], queries: readonly string[], k: number): Promise<void> {
  expect(index.count).toBe(codes.length)
  if (codes.length === 0) return
  const bits = codes[0]!.length
  const rows = await index.rowsOf(batchOf(codes, bits))
  expect(new Set(rows).size).toBe(codes.length)
  expect(rows.includes(-1)).toBe(false)
  const found = await index.nearest(batchOf(queries, bits), k)
  const most = Math.min(k, codes.length)
  expect([...found.offsets]).toEqual(Array.from({ length: queries.length + 1 }, (_, i) => i * most))
  for (const [i, query] of queries.entries()) {
    const sorted = codes.map((code, j) => ({ row: rows[j]!, differing: differing(code, query), code }))
    sorted.sort((a, b) => a.differing - b.differing || a.row - b.row)
    const wanted = sorted.slice(0, most)
    expect([...found.rows.subarray(i * most, (i + 1) * most)]).toEqual(wanted.map(({ row }) => row))
    expect([...found.distances.subarray(i * most, (i + 1) * most)]).toEqual(wanted.map((one) => Math.fround(one.differing / bits)))
  }
  checkCodes(found, new Map(codes.map((code, j) => [rows[j]!, code])), bits)
}

function checkCodes({ rows, codes }: CodeNeighbours, byRow: ReadonlyMap<number, string>, bits: number): void {
  const wanted = batchOf(
    Array.from(rows, (row) => byRow.get(row)!),
    bits,
  )
  expect(Buffer.compare(codes.data, wanted.data)).toBe(0)
}

/** A small generator of repeatable numbers in [0, end). */
export function randomNumbers(seed: number): (end: number) => number {
  let state = seed >>> 0
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * end)
  }
}

/** `count` distinct codes (fewer where so many there are not): scattered, or near a few centres. */
export function someCodes(random: (end: number) => number, count: number, bits: number, clustered: boolean): string[] {
  const one = (): string[] => Array.from({ length: bits }, () => (random(2) === 1 ? '1' : '0'))
  const centres = Array.from({ length: Math.ceil(count / 50) }, one)
  const codes = new Set<string>()
  for (let tries = 0; codes.size < count && tries < 4 * count; tries++) {
    const code = clustered ? [...centres[random(centres.length)]!] : one()
    if (clustered) {
      for (let flips = random(6); flips > 0; flips--) {
        const at = random(bits)
        code[at] = code[at] === '1' ? '0' : '1'
      }
    }
    codes.add(code.join(''))
  }
  return [...codes]
}
