// Fourier transforms of any length against their definition.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factorsOf, smoothLength } from '../src/resample/factors.ts'
import { fourier } from '../src/resample/fourier.ts'
import { pack, packedLength, realFourier, realInverse, unpack } from '../src/resample/real-fourier.ts'
import { beginning, type Spectrum, spectrum } from '../src/resample/spectrum.ts'
import { randomNumbers } from './support/sounds.ts'

function definition({ re, im }: Spectrum): Spectrum {
  const { length } = re
  const made = { re: new Float64Array(length), im: new Float64Array(length) }
  for (let k = 0; k < length; k++) {
    for (let n = 0; n < length; n++) {
      const angle = (-2 * Math.PI * ((k * n) % length)) / length
      made.re[k]! += re[n]! * Math.cos(angle) - im[n]! * Math.sin(angle)
      made.im[k]! += re[n]! * Math.sin(angle) + im[n]! * Math.cos(angle)
    }
  }
  return made
}

function expectNear(got: Float64Array, wanted: Float64Array, bound: number): void {
  expect(got.length).toBe(wanted.length)
  expect(got.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0)).toBeLessThan(bound)
}

/** Memory with room beyond, which holds something. */
function memory(length: number): Spectrum {
  const made = spectrum(packedLength(length) + 3)
  made.re.fill(7)
  made.im.fill(9)
  return made
}

async function binsOf(x: Float64Array): Promise<Spectrum> {
  const packed = memory(x.length)
  const middle = Math.floor(x.length / 3)
  pack(x.subarray(0, middle), 0, x.length, packed)
  pack(x.subarray(middle), middle, x.length, packed)
  const { made } = await realFourier(packed, memory(x.length), x.length, undefined)
  return beginning(made, Math.floor(x.length / 2) + 1)
}

async function back(bins: Spectrum, length: number): Promise<Float64Array> {
  const given = memory(length)
  given.re.set(bins.re)
  given.im.set(bins.im)
  const { made } = await realInverse(given, memory(length), length, undefined)
  const x = new Float64Array(length)
  unpack(made, length, 0, length, x)
  return x
}

const random = randomNumbers(11)
const noise = (length: number): Float64Array => Float64Array.from({ length }, () => random() - 0.5)

// Powers, products of every radix, the highest factor, and primes beyond it.
const lengths = [...Array.from({ length: 70 }, (_, i) => i + 1), 128, 210, 243, 256, 441, 61 * 4, 67 * 6, 509, 720, 1001, 1024]

test.each(lengths)('%i: the definition', async (length) => {
  const x: Spectrum = { re: noise(length), im: noise(length) }
  const wanted = definition(x)
  const got = await fourier({ re: x.re.slice(), im: x.im.slice() }, spectrum(length), undefined)
  expectNear(got.re, wanted.re, 1e-11)
  expectNear(got.im, wanted.im, 1e-11)
  const real = definition({ re: x.re, im: new Float64Array(length) })
  const bins = await binsOf(x.re)
  const half = Math.floor(length / 2) + 1
  expectNear(bins.re, real.re.subarray(0, half), 1e-11)
  expectNear(bins.im, real.im.subarray(0, half), 1e-11)
  expectNear(await back(bins, length), x.re, 1e-13)
})

test.each([100_800, 44_101, 65_536])('%i, in slices: one frequency is one bin, and back', async (length) => {
  const x = Float64Array.from({ length }, (_, n) => Math.cos((2 * Math.PI * 1234 * n) / length + 0.3))
  const bins = await binsOf(x)
  const wanted = { re: new Float64Array(bins.re.length), im: new Float64Array(bins.re.length) }
  wanted.re[1234] = (length / 2) * Math.cos(0.3)
  wanted.im[1234] = (length / 2) * Math.sin(0.3)
  expectNear(bins.re, wanted.re, 1e-7)
  expectNear(bins.im, wanted.im, 1e-7)
  expectNear(await back(bins, length), x, 1e-11)
})

test('factors multiply to the length, or one is a large prime', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000 }), (length) => {
      const factors = factorsOf(length)
      if (factors) expect(factors.reduce((product, factor) => product * factor, 1)).toBe(length)
      else {
        let rest = length
        for (let factor = 2; factor <= 61; factor++) while (rest % factor === 0) rest /= factor
        expect(rest).toBeGreaterThan(61)
      }
    }),
  )
})

test('smooth lengths are the next ones that have no factor above 5', () => {
  const smooth = (length: number): boolean => {
    let rest = length
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor
    return rest === 1
  }
  for (let least = 1; least < 3000; least++) {
    let wanted = least
    while (!smooth(wanted)) wanted++
    expect(smoothLength(least)).toBe(wanted)
  }
})
