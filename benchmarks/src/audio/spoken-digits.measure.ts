// Spoken digits: the official test part of the Free Spoken Digit Dataset, each digit searched among the rest by MFCC statistics.

import { mfccLoader, statisticsPooling } from '@cbir/audio-stft'
import { createDescriptorGenerator, type VectorBatch } from '@cbir/core'
import { flatIndex } from '@cbir/flat-index'
import { atLeast, type Row, shown } from '../row.ts'
import { type Digit, spokenDigits } from './spoken-digits.ts'
import { zScore } from './z-score.ts'

const K = 10

export async function measure(): Promise<Row[]> {
  const all = spokenDigits()
  const queries = all.filter(({ test }) => test)
  const base = all.filter(({ test }) => !test)
  const [vectors, asked] = zScore(await descriptors(base), [await descriptors(queries)]) as [VectorBatch, VectorBatch]
  const index = await flatIndex({ metric: 'cosine' })
  await index.build([{ uids: base.map((_, i) => String(i)), vectors }])
  const found = await index.nearest(asked, K)
  const score = { digit: 0, speaker: 0, p10: 0 }
  const confusions = new Map<string, number>()
  queries.forEach((query, i) => {
    const hits = found.hits(i).map(({ uid }) => base[Number(uid)]!)
    const first = hits[0]!
    if (first.speaker === query.speaker) score.speaker++
    if (first.digit === query.digit) score.digit++
    else confusions.set(`${query.digit} as ${first.digit}`, (confusions.get(`${query.digit} as ${first.digit}`) ?? 0) + 1)
    score.p10 += hits.filter(({ digit }) => digit === query.digit).length / K
  })
  await index.dispose()
  const n = queries.length
  const how = `${n} against ${base.length} recordings; MFCC 20 (nFft 512, hop 128, 40 mels), mean and std, z-scored, cosine, exact`
  const list = [...confusions].sort((a, b) => b[1] - a[1]).map(([pair, count]) => `${pair} × ${count}`)
  return [
    atLeast('digits.digit@1', score.digit / n, 0.98, '', `${how}; another program .987`),
    atLeast('digits.speaker@1', score.speaker / n, 0.99, '', `${how}; another program .997`),
    shown('digits.p@10', score.p10 / n, '', `${how}; another program .898`),
    shown('digits.confusions', list.join(', ') || 'none', '', 'the digit of the nearest where it is another one'),
  ]
}

async function descriptors(digits: readonly Digit[]): Promise<VectorBatch> {
  const loader = mfccLoader({ sampleRate: 8000, nMfcc: 20, nFft: 512, hopLength: 128, nMels: 40 })
  const extractor = statisticsPooling({ features: 20 })
  const { dimensions } = extractor
  const data = new Float32Array(digits.length * dimensions)
  let row = 0
  for await (const { descriptors } of createDescriptorGenerator(loader, extractor).generate(digits.map(({ path }) => path))) {
    if (descriptors) data.set(descriptors.vectors.data, row++ * dimensions)
  }
  return { data, count: row, dimensions }
}
