// RowSet against a plain Set.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowSet } from '../../src/define.ts'

test('holds what was added and not removed since', () => {
  const rows = fc.array(fc.nat({ max: 3000 }), { maxLength: 40 })
  fc.assert(
    fc.property(fc.array(fc.record({ add: fc.boolean(), rows })), fc.nat({ max: 3100 }), (changes, size) => {
      const set = new RowSet()
      const plain = new Set<number>()
      for (const { add, rows: changed } of changes) {
        if (add) set.add(Uint32Array.from(changed))
        else set.remove(Uint32Array.from(changed))
        for (const row of changed) {
          if (add) plain.add(row)
          else plain.delete(row)
        }
      }
      const has = (bits: Uint8Array, row: number): boolean => ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0
      const bits = set.toBits()
      const rowsOf = (which: Uint8Array, count: number): number[] => Array.from({ length: count }, (_, row) => row).filter((row) => has(which, row))
      expect(rowsOf(bits, 8 * bits.length)).toEqual([...plain].sort((a, b) => a - b))
      const others = set.others(size)
      expect(others).toHaveLength(Math.ceil(size / 8))
      const left = Array.from({ length: size }, (_, row) => row).filter((row) => !plain.has(row))
      expect(rowsOf(others, 8 * others.length)).toEqual(left)
    }),
    { numRuns: 30 },
  )
})

test('a copy stays as it was, and a row that is not there can be removed', () => {
  const set = new RowSet()
  set.add(Uint32Array.of(1))
  const copy = set.toBits()
  set.add(Uint32Array.of(2))
  expect(copy[0]).toBe(2)
  expect(set.toBits()[0]).toBe(6)
  set.remove(Uint32Array.of(2 ** 32 - 1))
  expect(set.others(8)).toEqual(Uint8Array.of(0b11111001))
})
