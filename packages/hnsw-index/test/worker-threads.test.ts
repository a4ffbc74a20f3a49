// The addon in several worker threads at once, which are terminated while it works for them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from './support/run-child.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hnsw-worker-'))
})
afterAll(() => rm(directory, { recursive: true }))

test('four at once, twice, with the same seed and the same answers', async () => {
  const program = await bundle('worker-program.ts', directory)
  const answers: unknown[] = []
  for (let round = 0; round < 2; round++) {
    const workers = Array.from({ length: 4 }, () => new Worker(program))
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.once('message', (uids: unknown) => {
              answers.push(uids)
              resolve()
            })
            worker.once('error', reject)
          }),
      ),
    )
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  expect(answers).toHaveLength(8)
  expect(answers[0]).toHaveLength(500)
  for (const answer of answers) expect(answer).toEqual(answers[0])
})
