// A large scan gives the event loop back, and notices there that it was aborted. Turns are counted, not timed.

import type { VectorBatch } from '@cbir/core'
import { type FlatIndex, flatIndex } from '@cbir/flat-index'
import { beforeAll, describe, expect, test } from 'vitest'

const DIMENSIONS = 64
/** Just below one block of the storage, so that turns within a block are what is counted. */
const ROWS = 4_000
const random = (count: number): VectorBatch => ({
  data: Float32Array.from({ length: count * DIMENSIONS }, (_, i) => Math.sin(i * 12.9898)),
  count,
  dimensions: DIMENSIONS,
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

// Queries enough for tens of milliseconds on any machine.
describe.each([
  ['native', 20_000],
  ['typescript', 400],
] as const)('%s', (implementation, many) => {
  let index: FlatIndex
  beforeAll(async () => {
    index = await flatIndex({ metric: 'angular', implementation })
    await index.build([{ uids: Array.from({ length: ROWS }, (_, i) => `${i}`), vectors: random(ROWS) }])
  })

  test('nearest gives turns', async () => {
    expect(await turnsDuring(index.nearest(random(many), 1))).toBeGreaterThan(4)
  })

  test('within gives turns', async () => {
    expect(await turnsDuring(index.within(random(many), -1))).toBeGreaterThan(4)
  })

  test('all rows in reach of many queries', async () => {
    const found = await index.within(random(50), 1)
    expect([...found.offsets]).toEqual(Array.from({ length: 51 }, (_, i) => i * ROWS))
  })

  test('progress ends at all rows, and an abort ends the scan', async () => {
    const seen: number[] = []
    await index.nearest(random(many), 1, { onProgress: ({ done, total }) => void seen.push(done / total!) })
    expect(seen.at(-1)).toBe(1)
    const abort = new AbortController()
    let done = 0
    const call = index.nearest(random(many), 1, { signal: abort.signal, onProgress: (progress) => (done = progress.done) })
    setImmediate(() => abort.abort(new Error('enough')))
    await expect(call).rejects.toMatchObject({ code: 'ABORTED', cause: new Error('enough') })
    expect(done).toBeLessThan(ROWS)
  })
})
