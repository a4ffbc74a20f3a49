import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resample } from '../src/resample.ts'
import { resampled } from './reference.ts'

function run(data: Uint8Array, from: [number, number, number], to: [number, number]): Float32Array {
  const steps = resample(data, from, to)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

const side = fc.integer({ min: 1, max: 20 })

test('agrees with a plain implementation, larger or smaller', () => {
  fc.assert(
    fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
      const data = Uint8Array.from({ length: height * width }, (_, i) => (i * 89) % 256)
      const expected = resampled((x, y) => data[y * width + x]!, [height, width], [toHeight, toWidth]).flat()
      run(data, [height, width, 1], [toHeight, toWidth]).forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-3))
    }),
    { numRuns: 60 },
  )
})

test('keeps a plain picture plain and an equal size unchanged', () => {
  expect(run(new Uint8Array(300).fill(77), [10, 10, 3], [4, 23]).every((value) => Math.abs(value - 77) < 1e-4)).toBe(true)
  const data = Uint8Array.from({ length: 48 }, (_, i) => i * 5)
  expect([...run(data, [4, 4, 3], [4, 4])]).toEqual([...data])
})
