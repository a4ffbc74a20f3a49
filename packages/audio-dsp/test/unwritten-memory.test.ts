// Memory without zeros: arrays of their own, and calls that write all of them.

import { expect, test } from 'vitest'
import { filteredSpectrogram, istft, rfft, sparseFilters, stft } from '../src/index.ts'
import { unwrittenMemory } from '../src/unwritten-memory.ts'
import { randomNumbers } from './support/engines.ts'

test('arrays of any length have a buffer of their own, and large ones are announced', () => {
  const announced: number[] = []
  const memory = unwrittenMemory(({ byteLength }) => announced.push(byteLength))
  for (const [array, bytes] of [
    [memory.floats(0), 0],
    [memory.floats(7), 28],
    [memory.floats(100_000), 400_000],
    [memory.doubles(3), 24],
    [memory.doubles(100_001), 800_008],
  ] as const) {
    expect([array.byteOffset, array.byteLength, array.buffer.byteLength]).toEqual([0, bytes, bytes])
    expect(structuredClone(array, { transfer: [array.buffer as ArrayBuffer] }).byteLength).toBe(bytes)
    expect(array.length).toBe(0)
  }
  expect(announced).toEqual([400_000, 800_008])
  expect(() => memory.doubles(2 ** 48)).toThrow(RangeError)
})

test.each(['native', 'wasm'] as const)('answers that were collected do not shine through, and one may be transferred: %s', async (implementation) => {
  const signal = Float32Array.from(randomNumbers(150_000))
  const nFft = 512
  const filters = sparseFilters(randomNumbers(40 * 257), 40, 257)
  const answers = async (): Promise<(Float32Array | Float64Array)[]> => {
    const spectrum = await stft(signal, { nFft, implementation })
    const turned = await stft(signal, { nFft, implementation, layout: 'bins' })
    const mel = await filteredSpectrogram(signal, { nFft, implementation, filters, decibels: {} })
    // Longer than what the frames cover.
    const sound = await istft(spectrum, { nFft, implementation, length: 400_000 })
    const rows = await rfft(signal, { length: 1500, n: 1600, implementation })
    return [spectrum.data, turned.data, mel.data, sound, rows.data]
  }
  const first = await answers()
  const copies = first.map((array) => array.slice())
  for (const array of first) {
    array.fill(Number.NaN)
    structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] })
  }
  for (let round = 0; round < 5; round++) {
    for (const [i, array] of (await answers()).entries()) {
      expect(Buffer.compare(new Uint8Array(array.buffer), new Uint8Array(copies[i]!.buffer)), `answer ${i}`).toBe(0)
      array.fill(Number.NaN)
    }
  }
})
