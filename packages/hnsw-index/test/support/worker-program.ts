// Builds and asks an index in a worker thread, and says what it found.

import { parentPort } from 'node:worker_threads'
import type { VectorBatch } from '@cbir/core'
import { hnswIndex } from '@cbir/hnsw-index'
import { numbers } from './numbers.ts'

const batch = (seed: number, count: number): VectorBatch => ({ data: numbers(seed, count * 16), count, dimensions: 16 })
const index = await hnswIndex({ M: 8, efConstruction: 60, efSearch: 200, reproducible: true })
await index.build([{ uids: Array.from({ length: 1000 }, (_, i) => `${i}`), vectors: batch(1, 1000) }])
const found = await index.nearest(batch(2, 50), 10)
parentPort?.postMessage([...found.uids])
// And goes on working until it is terminated.
for (;;) await index.nearest(batch(3, 200), 10)
