// The test of an addon in several worker threads at once, which are terminated while it works for them.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from './run-child.ts'

const WORKERS = 4
const ROUNDS = 2

/**
 * Defines the test. `program` says once what it found, a list of `length`, the same one every time, and goes on working. `beside`: what this thread
 * does at the same time.
 */
export function testWorkerThreads(program: URL, length: number, beside?: () => Promise<unknown>): void {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'workers-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  test('several worker threads at once, again and again, find the same', async () => {
    const file = await bundle(program, directory)
    const own = beside?.()
    const answers: unknown[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const workers = Array.from({ length: WORKERS }, () => new Worker(file))
      answers.push(...(await Promise.all(workers.map(answerOf))))
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
    await own
    expect(answers).toHaveLength(WORKERS * ROUNDS)
    expect(answers[0]).toHaveLength(length)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })
}

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
