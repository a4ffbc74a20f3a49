// librosa's golden numbers: every stft, istft and window of the set.

import { describe, expect, test } from 'vitest'
import { hasTestData } from '../../../tooling/test-data.ts'
import { istft, type PadMode, type StftOptions, stft, type WindowSpec, windowOf } from '../src/index.ts'
import { expectGolden, type GoldenEntry, goldenEntries, goldenSignal } from './support/golden.ts'

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
  const stfts = hasTestData ? goldenEntries('librosa.stft') : []
  const windows = hasTestData ? goldenEntries('librosa.filters.get_window fftbins=True') : []

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

    test.each(hasTestData ? goldenEntries('librosa.istft') : [])(`$signal $name, ${implementation}`, async (entry) => {
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
