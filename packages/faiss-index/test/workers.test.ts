// Worker threads: the addon loads in several at once, works, and dies with them.

import { Worker } from 'node:worker_threads'
import { faissIndex } from '@cbir/faiss-index'
import { expect, test } from 'vitest'
import { addonFile } from '../src/addon.ts'
import { clusteredVectors, itemsOf } from './support/vectors.ts'

const WORK = `
const { parentPort, workerData } = require('node:worker_threads')
const addon = require(workerData)
addon.attach((code, message) => Object.assign(new Error(message), { code }))
const d = 16, rows = 2000
const x = Float32Array.from({ length: d * rows }, (_, i) => Math.sin(i * i))
const settings = { seed: 1, efConstruction: 40, trainingRows: rows, leastTrainingRows: 16 }
async function work() {
  const index = addon.make(d, 'IVF16,Flat', 'euclidean', settings)
  await addon.add(index, x, rows, undefined)
  await addon.finish(index, undefined)
  const answer = await addon.nearest(index, x, rows, 1, undefined, { nprobe: 16, efSearch: 1, everything: false }, false, undefined)
  parentPort.postMessage(answer.rows.every((row, i) => row === i))
  addon.add(index, x, rows, undefined).catch(() => {})
}
work()
`

test('several at once, and while this thread builds too', async () => {
  const index = await faissIndex({ factory: 'IVF16,Flat', nprobe: 16 })
  const own = index.build([itemsOf(clusteredVectors(3000, 16))])
  for (let round = 0; round < 3; round++) {
    const answers = Array.from({ length: 4 }, async () => {
      const worker = new Worker(WORK, { eval: true, workerData: addonFile() })
      const right = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      await worker.terminate()
      return right
    })
    expect(await Promise.all(answers)).toEqual([true, true, true, true])
  }
  expect(await own).toBe(3000)
  await index.dispose()
})
