// Two independent writings of the metrics, the kit's and core's, must agree.

import { exactDistance, METRIC_NAMES } from '@cbir/conformance'
import { METRIC_NAMES as CORE_NAMES, distance } from '@cbir/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allowance } from '../src/nearest-neighbors-index/exact-distance.ts'

const pair = fc
  .integer({ min: 1, max: 40 })
  .chain((n) => fc.tuple(...[0, 1].map(() => fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: n, maxLength: n }))))

test('the kit knows the metrics of core', () => {
  expect([...METRIC_NAMES].sort()).toEqual([...CORE_NAMES].sort())
})

test.each(METRIC_NAMES)('%s agrees with core', (metric) => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const wanted = exactDistance(metric, a!, b!)
      // Sums of large numbers of both signs lose digits, each implementation its own: what float32 would lose is allowed.
      const slack = allowance(metric, a!, b!, wanted, 1e-9) + (metric === 'histogram-intersection' ? 1e-9 : 0)
      expect(Math.abs(distance(metric, a!, b!) - wanted)).toBeLessThanOrEqual(slack)
    }),
  )
})

test.each(METRIC_NAMES)('%s is never NaN', (metric) => {
  fc.assert(fc.property(pair, ([a, b]) => !Number.isNaN(exactDistance(metric, a!, b!))))
})

test('the allowance is about 1e-5 relative, and small where distances are', () => {
  const [a, b] = [Array.from({ length: 16 }, (_, i) => Math.cos(i)), Array.from({ length: 16 }, (_, i) => Math.sin(i * i))]
  for (const metric of METRIC_NAMES) {
    const d = exactDistance(metric, a, b)
    expect(allowance(metric, a, b, d, 1e-5)).toBeLessThan(2e-5 * Math.max(1, Math.abs(d)))
    expect(allowance(metric, a, a, exactDistance(metric, a, a), 1e-5)).toBeLessThan(1e-2)
  }
})
