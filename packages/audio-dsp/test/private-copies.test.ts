// Private copies: memory goes from one call to the next, and never to two at once.

import { expect, test } from 'vitest'
import { decibels, istft, stft } from '../src/index.ts'
import { zeroedMemory } from '../src/memory.ts'
import { PrivateCopies } from '../src/private-copies.ts'
import { difference, randomNumbers } from './support/engines.ts'

const floats = new Float32Array(0)
const doubles = new Float64Array(0)

test('what was given back is taken again, where it fits, and once', () => {
  const copies = new PrivateCopies(zeroedMemory)
  const [small, large] = [copies.take(floats, 20_000), copies.take(floats, 100_000)]
  expect(large.buffer).not.toBe(small.buffer)
  copies.giveBack(large)
  copies.giveBack(small)
  const asDoubles = copies.take(doubles, 9_000)
  expect(asDoubles).toBeInstanceOf(Float64Array)
  expect(asDoubles).toHaveLength(9_000)
  expect(asDoubles.buffer).toBe(small.buffer)
  // Not where most of it would lie idle, nor where it is too small.
  for (const length of [20_000, 49_000, 100_001, 17_000]) expect([small.buffer, large.buffer]).not.toContain(copies.take(floats, length).buffer)
  expect(copies.take(floats, 99_999).buffer).toBe(large.buffer)
  expect(copies.take(floats, 99_999).buffer).not.toBe(large.buffer)
})

test('what is small or huge is not kept, and of the others a few', () => {
  const copies = new PrivateCopies(zeroedMemory)
  for (const length of [10, 10_000_000]) {
    const array = copies.take(floats, length)
    copies.giveBack(array)
    expect(copies.take(floats, length).buffer).not.toBe(array.buffer)
  }
  const many = Array.from({ length: 20 }, () => copies.take(floats, 30_000))
  for (const array of many) copies.giveBack(array)
  const again = Array.from({ length: 20 }, () => copies.take(floats, 30_000).buffer)
  expect(again.filter((buffer) => many.some((array) => array.buffer === buffer))).toHaveLength(4)
  expect(new Set(again).size).toBe(20)
})

test.each(['native', 'wasm'] as const)(
  'calls at the same time, some of which fail or are stopped, do not see each other: %s',
  async (implementation) => {
    const signals = Array.from({ length: 6 }, (_, i) => Float32Array.from(randomNumbers(40_000 + 7000 * i, i)))
    const options = { nFft: 256, implementation } as const
    const answers = async (signal: Float32Array): Promise<Float32Array[]> => {
      const spectrum = await stft(signal, options)
      return [spectrum.data, await istft(spectrum, options), await decibels(spectrum.data.map(Math.abs), { implementation })]
    }
    const wanted: Float32Array[][] = []
    for (const signal of signals) wanted.push(await answers(signal))
    for (let round = 0; round < 3; round++) {
      const controller = new AbortController()
      const failing = signals.map((signal, i) => {
        const bad = signal.slice()
        bad[i * 5000] = Number.NaN
        return stft(bad, options).catch(({ code }: { code: string }) => code)
      })
      const stopped = signals.map((signal) =>
        stft(signal, { ...options, hopLength: 8, signal: controller.signal }).catch(({ code }: { code: string }) => code),
      )
      const running = signals.map(answers)
      setImmediate(() => controller.abort())
      const found = await Promise.all(running)
      expect(await Promise.all(failing)).toEqual(signals.map(() => 'NOT_FINITE'))
      expect(await Promise.all(stopped)).toContain('ABORTED')
      for (const [i, each] of found.entries()) expect(each.map((answer, j) => difference(answer, wanted[i]![j]!))).toEqual([0, 0, 0])
    }
  },
)
