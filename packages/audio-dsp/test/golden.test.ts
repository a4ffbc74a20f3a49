// librosa's golden numbers: every stft, istft and window of the set.

import { describe, expect, test } from 'vitest'
import { type GoldenEntry, readFloats, readGoldenSet, toleranceOf } from '../../../tooling/librosa-golden.ts'
import { hasTestData } from '../../../tooling/test-data.ts'
import { istft, type PadMode, type StftOptions, stft, type WindowSpec, windowOf } from '../src/index.ts'

const goldenSignal = (name: string): Float32Array => readFloats(name, 'signal.f32')

/** Every number of an entry beside `at(i)`. */
function expectGolden(entry: GoldenEntry, at: (i: number) => number): void {
  const worst = readFloats(entry.file).reduce((most, value, i) => Math.max(most, Math.abs(at(i) - value)), 0)
  expect(worst).toBeLessThanOrEqual(toleranceOf(entry))
}

function optionsOf({ params }: GoldenEntry): StftOptions {
  return {
    nFft: params['n_fft'] as number | undefined,
    hopLength: params['hop_length'] as number | undefined,
    winLength: params['win_length'] as number | undefined,
    window: params['window'] as WindowSpec | undefined,
    center: params['center'] as boolean | undefined,
    padMode: params['pad_mode'] as PadMode | undefined,
  }
}

describe.skipIf(!hasTestData)('librosa', () => {
  const { entries } = hasTestData ? readGoldenSet() : { entries: [] }
  const entriesOf = (name: string): GoldenEntry[] => entries.filter(({ fn }) => fn === name)
  const stfts = entriesOf('librosa.stft')
  const windows = entriesOf('librosa.filters.get_window fftbins=True')

  test('the set has what is tested here', () => {
    expect(stfts).toHaveLength(28)
    expect(windows.length).toBeGreaterThan(12)
  })

  for (const implementation of ['native', 'wasm'] as const) {
    test.each(stfts)(`$signal $name, ${implementation}`, async (entry) => {
      const { data, bins, frames } = await stft(goldenSignal(entry.signal), { ...optionsOf(entry), implementation })
      expect(bins).toBe(entry.shape[0])
      const columns = entry.shape[1]!
      const shown = entry.frames ?? Array.from({ length: frames }, (_, t) => t)
      expect(shown).toHaveLength(columns)
      expectGolden(entry, (i) => {
        const [at, part] = [i >> 1, i & 1]
        return data[2 * (shown[at % columns]! * bins + Math.floor(at / columns)) + part]!
      })
    })

    test.each(entriesOf('librosa.istft'))(`$signal $name, ${implementation}`, async (entry) => {
      const spectrum = await stft(goldenSignal(entry.signal), { implementation })
      const signal = await istft(spectrum, { length: entry.params['length'] as number, implementation })
      expectGolden(entry, (i) => signal[i]!)
    })
  }

  test.each(windows)('$name', (entry) => {
    const window = windowOf(entry.params['window'] as WindowSpec, entry.params['Nx'] as number)
    expectGolden(entry, (i) => window[i]!)
  })
})
