// Builds and asks each hash index in a worker thread, and says what they found.

import { parentPort } from 'node:worker_threads'
import type { BitBatch } from '@cbir/core'
import { ballTreeHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'

function batch(seed: number, count: number): BitBatch {
  const words = new Uint32Array(2 * count)
  let state = seed
  for (let i = 0; i < words.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223
    words[i] = Math.imul(state >>> 7, 0x9e3779b1)
  }
  return { data: new Uint8Array(words.buffer), count, bits: 64, stride: 8 }
}

const indexes = await Promise.all([linearHashIndex(), multiIndexHashing(), ballTreeHashIndex()])
const rows: number[] = []
for (const index of indexes) {
  await index.build([batch(1, 3000)])
  rows.push(...(await index.nearest(batch(2, 50), 10)).rows)
}
parentPort?.postMessage(rows)
// And they go on working until the thread is terminated.
for (;;) for (const index of indexes) await index.nearest(batch(3, 200), 10)
