// MFCC statistics of the recordings of a folder, in a process of its own: asked once for each round.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { mfccLoader, statisticsPooling } from '@cbir/audio-stft'
import { createDescriptorGenerator } from '@cbir/core'

const loader = mfccLoader()
const extractor = statisticsPooling({ features: 20 })

for await (const line of createInterface({ input: process.stdin })) {
  const [, folder] = line.split('\t') as [string, string]
  const files = readdirSync(folder).map((name) => join(folder, name))
  const began = performance.now()
  let count = 0
  let sum = 0
  for await (const { descriptors } of createDescriptorGenerator(loader, extractor).generate(files)) {
    count++
    sum += descriptors?.vectors.data[0] ?? 0
  }
  const { rss } = process.memoryUsage()
  console.log(JSON.stringify({ ms: performance.now() - began, count, sum, rss }))
}
process.exit(0)
