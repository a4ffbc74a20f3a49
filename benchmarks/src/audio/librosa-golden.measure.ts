// The golden set of librosa: how many entries are met, and how near each function comes to what is allowed. The tests of audio-stft say what that is.

import { atMost, type Row } from '../row.ts'
import { runTests } from '../vitest.ts'

interface Golden {
  readonly fn: string
  readonly ratio: number
}

export async function measure(): Promise<Row[]> {
  const { passed, failed, tests } = await runTests(['packages/audio-stft/test/golden.test.ts'])
  const worst = new Map<string, { ratio: number; entries: number }>()
  for (const { meta } of tests) {
    const golden = meta?.['golden'] as Golden | undefined
    if (!golden) continue
    const { ratio = 0, entries = 0 } = worst.get(golden.fn) ?? {}
    worst.set(golden.fn, { ratio: Math.max(ratio, golden.ratio), entries: entries + 1 })
  }
  const how = 'entries of librosa 0.11 without resampling, which audio-decode’s tests have'
  return [
    { id: 'golden.entries', value: `${passed} passed, ${failed} failed`, unit: '', target: 'all pass', ok: failed === 0 && passed > 0, how },
    ...[...worst].map(([fn, { ratio, entries }]) => atMost(`golden.${fn}`, ratio, 1, '× allowed', `largest difference of ${entries} entries`)),
  ]
}
