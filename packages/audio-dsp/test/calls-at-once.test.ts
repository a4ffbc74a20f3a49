// Calls at the same time take turns with the memory that they work in.

import { expect, test } from 'vitest'
import { decibels, istft, stft } from '../src/index.ts'
import { difference, randomNumbers } from './support/engines.ts'

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
      // All are under way, and few have ended.
      controller.abort()
      const found = await Promise.all(running)
      expect(await Promise.all(failing)).toEqual(signals.map(() => 'NOT_FINITE'))
      expect(await Promise.all(stopped)).toContain('ABORTED')
      for (const [i, each] of found.entries()) expect(each.map((answer, j) => difference(answer, wanted[i]![j]!))).toEqual([0, 0, 0])
    }
  },
)
