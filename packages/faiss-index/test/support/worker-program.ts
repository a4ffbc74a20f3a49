// Builds and asks an index in a worker thread, and says what it found.

import { parentPort } from 'node:worker_threads'
import { faissIndex } from '@cbir/faiss-index'
import { clusteredVectors, itemsOf } from './vectors.ts'

const vectors = clusteredVectors(2000, 16)
const index = await faissIndex({ factory: 'IVF16,Flat', nprobe: 16 })
await index.build([itemsOf(vectors)])
const found = await index.nearest(clusteredVectors(50, 16, 2), 10)
parentPort?.postMessage([...found.uids])
// And goes on working until it is terminated.
for (;;) await index.build([itemsOf(vectors)])
