// Runs that are killed and started again: how much is computed twice.

import { spawn } from 'node:child_process'
import { writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRetrievalPipeline, defineFeatureExtractor, defineVectorLoader, type VectorLoader } from '@cbir/core'
import { openFileDescriptorSet } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { atMost, type Row } from '../row.ts'

const ITEMS = 600
const BATCH = 8
const RUNS = 20

/** Numbers that name themselves: the content uuid is the number. */
const loader: VectorLoader<number, number> = defineVectorLoader<number, number>('number', {
  fingerprint: '1',
  load: async (value) => [{ value }],
  contentUuid: async (value) => String(value),
})

/** Each run is killed at random moments until it has finished; counts what was computed in all. */
export async function killedRuns(): Promise<Row[]> {
  let worst = 0
  let kills = 0
  for (let run = 0; run < RUNS; run++) {
    const folder = await mkdtemp(join(tmpdir(), 'cbir-killed-'))
    try {
      let computed = 0
      let restarts = 0
      for (let finished = false; !finished; restarts++) {
        const said = await startAndKill(folder, restarts < 5)
        computed += said.filter((line) => line === 'item').length
        finished = said.includes('finished')
      }
      kills += restarts - 1
      // A batch that was under way when the process died is computed again: one for each kill.
      if (restarts > 1) worst = Math.max(worst, (computed - ITEMS) / (restarts - 1))
    } finally {
      await rm(folder, { recursive: true })
    }
  }
  return [
    atMost(
      'crash.computed-again',
      worst,
      3 * BATCH,
      'items a kill',
      `${ITEMS} items in batches of ${BATCH}, up to three batches under way; ${RUNS} runs, ${kills} kills, each run finished by a rerun; the worst run`,
    ),
  ]
}

async function startAndKill(folder: string, kill: boolean): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'run', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const begun = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
      resolve()
    })
    child.on('close', () => resolve())
  })
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await begun
  if (kill) {
    await delay(Math.random() * 150)
    child.kill('SIGKILL')
  }
  await closed
  return output.split('\n')
}

if (process.argv[2] === 'run') {
  const store = await openFileDescriptorSet({ directory: join(process.argv[3]!, 'store') })
  const extractor = defineFeatureExtractor<number>('numbers', {
    dimensions: 4,
    fingerprint: '1',
    batchSize: BATCH,
    async extract(values) {
      for (const _ of values) writeSync(1, 'item\n')
      await delay(3)
      return { data: Float32Array.from(values.flatMap((v) => [v, 0, 0, 1])), count: values.length, dimensions: 4 }
    },
  })
  const pipeline = createRetrievalPipeline({ loader, extractor, index: await flatIndex({}), store })
  const { items } = await pipeline.build(Array.from({ length: ITEMS }, (_, i) => ({ id: String(i), data: i })))
  writeSync(1, items === ITEMS ? 'finished\n' : `only ${items}\n`)
  await store.dispose()
}
