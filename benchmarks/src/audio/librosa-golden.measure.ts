// The golden set of librosa: how many entries are met, and how near each function comes to what is allowed. The tests of audio-stft and, of resampling,
// audio-decode say what that is.

import { atMost, type Row } from '../row.ts'
import { runTests } from '../vitest.ts'

interface Golden {
  readonly fn: string
  readonly ratio: number
}

/** Of one pair of rates, in dB. */
interface Resampling {
  readonly method: string
  readonly ripple: number
  readonly images: number
}

export async function measure(): Promise<Row[]> {
  const { passed, failed, tests } = await runTests(['packages/audio-stft/test/golden.test.ts', 'packages/audio-decode/test/resample.test.ts'])
  const worst = new Map<string, { ratio: number; entries: number }>()
  for (const { meta } of tests) {
    const golden = meta?.['golden'] as Golden | undefined
    if (!golden) continue
    const { ratio = 0, entries = 0 } = worst.get(golden.fn) ?? {}
    worst.set(golden.fn, { ratio: Math.max(ratio, golden.ratio), entries: entries + 1 })
  }
  const filters = tests.flatMap(({ meta }) => (meta?.['resampling'] as Resampling | undefined) ?? [])
  const how = 'tests of the entries of librosa 0.11, and of what resampling promises'
  return [
    { id: 'golden.entries', value: `${passed} passed, ${failed} failed`, unit: '', target: 'all pass', ok: failed === 0 && passed > 0, how },
    ...[...worst].map(([fn, { ratio, entries }]) => atMost(`golden.${fn}`, ratio, 1, '× allowed', `largest difference of ${entries} entries`)),
    ...[...new Set(filters.map(({ method }) => method))].flatMap((name) => {
      const its = filters.filter(({ method }) => method === name)
      const rates = `${its.length} pairs of rates; of soxr_* on noise the filter counts, as libsoxr’s differs beyond the pass band`
      return [
        atMost(`golden.${name}.pass-band`, Math.max(...its.map(({ ripple }) => ripple)), 0.01, 'dB', `to .9 of Nyquist; ${rates}`),
        atMost(`golden.${name}.images`, Math.max(...its.map(({ images }) => images)), -100, 'dB', rates),
      ]
    }),
  ]
}
