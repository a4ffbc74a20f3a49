// Builds and asks an index in a worker thread, and says what it found.

import { parentPort } from 'node:worker_threads'
import { annoyIndex } from '@cbir/annoy-index'
import { randomVectors, uidsFor } from './vectors.ts'

const index = await annoyIndex({ trees: 5 })
await index.build([{ uids: uidsFor(2000), vectors: randomVectors(1, 2000, 16) }])
const found = await index.nearest(randomVectors(2, 50, 16), 10, { tuning: { searchK: 300 } })
parentPort?.postMessage([...found.uids])
// And goes on working until it is terminated.
for (;;) await index.nearest(randomVectors(3, 200, 16), 10, { tuning: { searchK: 1500 } })
