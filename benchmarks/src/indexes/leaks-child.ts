// The process whose memory is watched: many queries on one index, or many indexes one after the other. Prints its resident memory.

import { createSubject, items, SIZE, subjectOf } from './subjects.ts'

const ROWS = 1000
const K = 10
const BATCH = 500
/** Queries before the first sample: until the heap has the size that this work needs. */
const WARM_UP = 50_000

function sample(): void {
  console.log(process.memoryUsage.rss())
}

async function queries(name: string, count: number): Promise<void> {
  const index = await createSubject(subjectOf(name))
  await index.build([items(1, ROWS)])
  const { data } = items(2, BATCH).vectors
  for (let done = -WARM_UP; done < count; ) {
    // Half of the queries alone, half in batches.
    for (let i = 0; i < BATCH; i++) await index.nearest({ data: data.subarray(i * SIZE, (i + 1) * SIZE), count: 1, dimensions: SIZE }, K)
    await index.nearest({ data, count: BATCH, dimensions: SIZE }, K)
    done += 2 * BATCH
    if (done > 0) collectAndSample()
  }
  await index.dispose()
}

async function rounds(name: string, count: number): Promise<void> {
  const batch = items(1, ROWS)
  for (let round = 0; round < count; round++) {
    const index = await createSubject(subjectOf(name))
    await index.build([batch])
    await index.nearest({ data: batch.vectors.data.subarray(0, SIZE), count: 1, dimensions: SIZE }, K)
    await index.dispose()
    collectAndSample()
  }
}

/** What is only waiting for the collector is no leak. */
function collectAndSample(): void {
  globalThis.gc?.()
  sample()
}

if (process.argv[2] === 'queries') await queries(process.argv[3]!, Number(process.argv[4]))
if (process.argv[2] === 'rounds') await rounds(process.argv[3]!, Number(process.argv[4]))
if (process.argv[2]) process.exit(0)
