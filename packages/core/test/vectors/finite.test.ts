// Finiteness of batches, whatever else is in them.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allFinite } from '../../src/define.ts'

const finite = fc.float({ noNaN: true, noDefaultInfinity: true })

test('finite numbers pass, the largest and the smallest too', () => {
  fc.assert(fc.property(fc.array(finite, { maxLength: 40 }), (numbers) => allFinite(Float32Array.from(numbers))))
  expect(allFinite(new Float32Array(10_000).fill(3.4028234663852886e38))).toBe(true)
  expect(allFinite(new Float32Array(10_000).fill(1e-45))).toBe(true)
})

test('one that is not finite is found wherever it stands, and not outside of the range', () => {
  const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  const property = fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), fc.nat(39), bad, (numbers, place, value) => {
    const at = place % numbers.length
    const data = Float32Array.from(numbers)
    data[at] = value
    expect(allFinite(data)).toBe(false)
    expect(allFinite(data, 0, at) && allFinite(data, at + 1)).toBe(true)
    expect(allFinite(data, at, at + 1)).toBe(false)
  })
  fc.assert(property)
})

test('infinities of both signs do not make each other up', () => {
  for (let i = 1; i < 20; i++) {
    const data = new Float32Array(20)
    data[0] = Number.POSITIVE_INFINITY
    data[i] = Number.NEGATIVE_INFINITY
    expect(allFinite(data)).toBe(false)
  }
})
