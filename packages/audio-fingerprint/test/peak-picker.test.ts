// Peaks: how many are kept, also where all are alike.

import { expect, test } from 'vitest'
import { fingerprint } from '../src/fingerprint.ts'
import { SAMPLE_RATE } from '../src/working-format.ts'

async function peaksASecond(samples: Float32Array): Promise<number> {
  const chunks = (async function* () {
    yield samples
  })()
  const print = await fingerprint({ sampleRate: SAMPLE_RATE, chunks }, 'recording', {})
  return (print?.peaks.length ?? 0) / (samples.length / SAMPLE_RATE)
}

test('clicks, whose bins are all alike, have no more peaks than music', async () => {
  for (const gap of [1000, 2205, 3445]) {
    const samples = new Float32Array(6 * SAMPLE_RATE)
    for (let at = 300; at < samples.length; at += gap) samples[at] = 1
    const kept = await peaksASecond(samples)
    expect(kept).toBeGreaterThan(1)
    // Thirty; at both ends a little more.
    expect(kept).toBeLessThan(45)
  }
})
