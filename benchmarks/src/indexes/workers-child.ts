// A process whose worker threads load an index and work in it at once; some are stopped in the middle. Prints `fine` at the end.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createSubject, items, SIZE, type Subject, subjectOf } from './subjects.ts'

const WORKERS = 4
const ROUNDS = 3
const ROWS = 2000
const K = 5
const QUERIES = 500

/** Builds, and asks for stored vectors, whose nearest must be themselves; gives how many were not. */
async function work(subject: Subject, seed: number): Promise<number> {
  const index = await createSubject(subject)
  const batch = items(seed, ROWS)
  await index.build([batch])
  const data = batch.vectors.data.subarray(0, QUERIES * SIZE)
  const { uids, offsets } = await index.nearest({ data, count: QUERIES, dimensions: SIZE }, K)
  let wrong = 0
  for (let query = 0; query < QUERIES; query++) if (uids[offsets[query]!] !== String(query)) wrong++
  for (let query = 0; query < QUERIES; query++) {
    const one = await index.nearest({ data: data.subarray(query * SIZE, (query + 1) * SIZE), count: 1, dimensions: SIZE }, 1)
    if (one.uids[0] !== String(query)) wrong++
  }
  await index.dispose()
  return wrong
}

async function inWorkers(name: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const workers = Array.from(
      { length: WORKERS },
      (_, i) => new Worker(new URL(import.meta.url), { workerData: { name, seed: round * WORKERS + i } }),
    )
    const answers = workers.map((worker) => new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject)))
    const here = work(subjectOf(name), 99)
    for (const wrong of [...(await Promise.all(answers)), await here]) {
      // An approximate index may miss a stored vector now and then.
      if (wrong > QUERIES / 50) throw new Error(`${wrong} of ${2 * QUERIES} stored vectors were not their own nearest`)
    }
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  // Stopped at any moment: while loading, building, answering.
  for (let round = 0; round < 5 * ROUNDS; round++) {
    const workers = Array.from({ length: WORKERS }, (_, i) => new Worker(new URL(import.meta.url), { workerData: { name, seed: i } }))
    await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400))
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  const wrong = await work(subjectOf(name), 100)
  if (wrong > QUERIES / 50) throw new Error(`afterwards, ${wrong} of ${2 * QUERIES} stored vectors were not their own nearest`)
  console.log('fine')
}

if (!isMainThread && workerData !== null && typeof workerData === 'object' && 'seed' in workerData) {
  const { name, seed } = workerData as { name: string; seed: number }
  parentPort!.postMessage(await work(subjectOf(name), seed))
} else if (process.argv[2] === 'run') await inWorkers(process.argv[3]!)
