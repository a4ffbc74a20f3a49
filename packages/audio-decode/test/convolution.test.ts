// The inner loop of resampling: WebAssembly and TypeScript give equal numbers.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KernelResampler } from '../src/resample/kernel-resampler.ts'
import { bankOf } from '../src/resample/phase-rows.ts'
import { plainConvolution } from '../src/resample/plain-convolution.ts'
import { loadConvolution, loadedConvolution } from '../src/resample/wasm-convolution.ts'
import { sameSamples } from './support/same.ts'
import { randomNumbers } from './support/sounds.ts'

await loadConvolution()
const simd = loadedConvolution()

test('there is a module', () => expect(simd).not.toBe(plainConvolution))

test('any weights, places and counts: equal to the last bit', () => {
  const random = randomNumbers(5)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }).map((half) => 2 * half),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(8),
      fc.nat(50),
      (taps, up, down, wanted, count) => {
        const phase = wanted % up
        const inputs = 3 + taps + Math.ceil(((count + 1) * down) / up)
        const sides = [simd, plainConvolution].map((make) => make(up, taps, inputs, 60))
        const [first] = sides
        for (const array of [first!.weights, first!.input]) for (let i = 0; i < array.length; i++) array[i] = random() - 0.5
        for (const { weights, input, output, run } of sides) {
          weights.set(first!.weights)
          input.set(first!.input)
          output.fill(7)
          run(up, down, phase, 2, count)
        }
        expect(sameSamples(sides[0]!.output, sides[1]!.output)).toBe(true)
        // By the definition.
        for (let m = 0; m < count; m++) {
          const place = phase + m * down
          let sum = 0
          for (let i = 0; i < taps; i++) sum += first!.weights[(place % up) * taps + i]! * first!.input[2 + Math.floor(place / up) + i]!
          expect(Math.abs(first!.output[m]! - sum)).toBeLessThan(1e-6)
        }
        expect(first!.output.subarray(count).every((value) => value === 7)).toBe(true)
      },
    ),
  )
})

describe.each(['soxr_hq', 'soxr_vhq', 'kaiser_best', 'kaiser_fast', 'polyphase'] as const)('%s', (method) => {
  test.each([
    [320, 441],
    [2, 1],
    [1, 6],
    [15989, 16000],
  ])('%i / %i: equal to the last bit', async (up, down) => {
    const random = randomNumbers(9)
    const samples = Float32Array.from({ length: 3000 }, () => random() - 0.5)
    const outputs: Float32Array[] = []
    for (const make of [simd, plainConvolution]) {
      const resampler = new KernelResampler(bankOf(method, up, down, make), Math.ceil)
      outputs.push(Float32Array.of(...resampler.push(samples), ...(await resampler.finish())))
    }
    expect(sameSamples(outputs[0]!, outputs[1]!)).toBe(true)
    expect(outputs[0]!.some((value) => Math.abs(value) > 0.1)).toBe(true)
  })
})
