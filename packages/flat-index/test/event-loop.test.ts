// A large scan gives the event loop back, and notices there that it was aborted. Turns are counted, not timed.

import type { VectorBatch } from '@cbir/core'
import { type FlatIndex, flatIndex } from '@cbir/flat-index'
import { beforeAll, expect, test } from 'vitest'

const ROWS = 20_000
const DIMENSIONS = 64
const random = (count: number): VectorBatch => ({
  data: Float32Array.from({ length: count * DIMENSIONS }, (_, i) => Math.sin(i * 12.9898)),
  count,
  dimensions: DIMENSIONS,
})

let index: FlatIndex
beforeAll(async () => {
  index = await flatIndex({ metric: 'angular' })
  await index.build([{ uids: Array.from({ length: ROWS }, (_, i) => `${i}`), vectors: random(ROWS) }])
})

async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let over = false
  const count = (): void => {
    turns++
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  await work.finally(() => (over = true))
  return turns
}

// 64 million terms and more: tens of milliseconds on any machine.
test('nearest gives turns', async () => {
  expect(await turnsDuring(index.nearest(random(50), 10))).toBeGreaterThan(3)
})

test('within gives turns, and all rows where all are in reach', async () => {
  const found = index.within(random(50), 1)
  expect(await turnsDuring(found)).toBeGreaterThan(3)
  expect((await found).uids.length).toBe(50 * ROWS)
})

test('progress ends at all rows, and an abort ends the scan', async () => {
  const seen: number[] = []
  await index.nearest(random(1), 1, { onProgress: ({ done, total }) => void seen.push(done / total!) })
  expect(seen.at(-1)).toBe(1)
  const abort = new AbortController()
  const call = index.nearest(random(200), 1, { signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) })
  await expect(call).rejects.toMatchObject({ code: 'ABORTED', cause: new Error('enough') })
})
