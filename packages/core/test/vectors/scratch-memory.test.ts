// Scratch memory: goes from one to the next, and never to two at once.

import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { ScratchMemory } from '../../src/define.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('what was given back is taken again by whoever wants nearly as much, as floats or doubles, and once', () => {
  const memory = new ScratchMemory()
  const [small, large] = [memory.floats(20_000), memory.floats(100_000)]
  expect(large.buffer).not.toBe(small.buffer)
  memory.giveBack(large)
  memory.giveBack(small)
  const doubles = memory.doubles(9_900)
  expect(doubles).toBeInstanceOf(Float64Array)
  expect(doubles).toHaveLength(9_900)
  expect(doubles.buffer).toBe(small.buffer)
  // Not where much of it would lie idle, nor where it is too small.
  for (const length of [20_000, 49_000, 200_000, 17_000]) expect([small.buffer, large.buffer]).not.toContain(memory.floats(length).buffer)
  expect(memory.floats(99_000).buffer).toBe(large.buffer)
  expect(memory.floats(99_000).buffer).not.toBe(large.buffer)
})

test('arrays have their length, at most a quarter of their memory lies idle, and no two that are out share any', () => {
  const work = fc.array(fc.record({ length: fc.nat(60_000), double: fc.boolean(), back: fc.nat(5) }), { maxLength: 60 })
  const property = fc.property(work, (steps) => {
    const memory = new ScratchMemory()
    const out: (Float32Array | Float64Array)[] = []
    for (const { length, double, back } of steps) {
      const array = double ? memory.doubles(length) : memory.floats(length)
      expect(array).toHaveLength(length)
      if (array.byteLength >= 1 << 16) expect(array.buffer.byteLength).toBeLessThanOrEqual(1.25 * array.byteLength)
      for (const other of out) expect(other.buffer).not.toBe(array.buffer)
      out.push(array)
      const given = back < out.length ? out.splice(back, 1)[0] : undefined
      if (given) memory.giveBack(given)
    }
  })
  fc.assert(property)
})

test('what is small, or more than 32 MB together, is not kept', () => {
  const memory = new ScratchMemory()
  for (const length of [10, 10_000_000]) {
    const array = memory.floats(length)
    memory.giveBack(array)
    expect(memory.floats(length).buffer).not.toBe(array.buffer)
  }
  const many = Array.from({ length: 12 }, () => memory.floats(1 << 20))
  for (const array of many) memory.giveBack(array)
  const again = many.map(() => memory.floats(1 << 20).buffer)
  expect(again.filter((buffer) => many.some((array) => array.buffer === buffer))).toHaveLength(8)
  expect(new Set(again).size).toBe(12)
})

test('memory that was transferred is not given out again', () => {
  const memory = new ScratchMemory()
  const array = memory.floats(30_000)
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] })
  memory.giveBack(array)
  expect(memory.floats(30_000)).toHaveLength(30_000)
})

test('what nobody wants for a second or two is let go', () => {
  vi.useFakeTimers()
  const memory = new ScratchMemory()
  const array = memory.floats(30_000)
  memory.giveBack(array)
  vi.advanceTimersByTime(1000)
  // It was wanted in the second that has passed.
  const again = memory.floats(30_000)
  expect(again.buffer).toBe(array.buffer)
  memory.giveBack(again)
  vi.advanceTimersByTime(2000)
  expect(vi.getTimerCount()).toBe(0)
  expect(memory.floats(30_000).buffer).not.toBe(array.buffer)
})

test('new memory is taken where one says', () => {
  const taken: number[] = []
  const memory = new ScratchMemory((bytes) => {
    taken.push(bytes)
    return new ArrayBuffer(bytes)
  })
  memory.giveBack(memory.doubles(30_001))
  memory.giveBack(memory.doubles(30_001))
  expect(taken).toHaveLength(1)
  expect(taken[0]! % 8).toBe(0)
  expect(taken[0]).toBeGreaterThanOrEqual(240_008)
})
