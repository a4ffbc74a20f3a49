// Batches of codes that are too large to be copied at once: taken in pieces, or whole where a batch is applied whole or not at all.

import type { BitBatch } from '@cbir/core'
import { memoryHashIndex } from '@cbir/core/memory'
import { describe, expect, it } from 'vitest'

/** More than 4 MB. */
const COUNT = 530_000

function numbered(from: number, bits = 60): BitBatch {
  const words = new Uint32Array(2 * COUNT)
  for (let i = 0; i < COUNT; i++) words[2 * i] = from + i
  return { data: new Uint8Array(words.buffer), count: COUNT, bits, stride: 8 }
}

describe('large batches', () => {
  it('are built from and added, each code once', { timeout: 60_000 }, async () => {
    const index = memoryHashIndex()
    const progress: number[] = []
    expect(await index.build([numbered(0)], { onProgress: ({ done }) => progress.push(done) })).toBe(COUNT)
    expect(progress.length).toBeGreaterThan(3)
    expect(await index.update([numbered(COUNT / 2)])).toBe(1.5 * COUNT)
    const rows = await index.rowsOf(numbered(COUNT / 2))
    expect([rows[0], rows[COUNT - 1]]).toEqual([COUNT / 2, 1.5 * COUNT - 1])
    expect(await index.remove(numbered(0))).toBe(COUNT / 2)
    await index.dispose()
  })

  it('are checked to the end, and refused whole', { timeout: 60_000 }, async () => {
    const index = memoryHashIndex()
    await index.build([{ data: new Uint8Array(8), count: 1, bits: 60, stride: 8 }])
    const stray = numbered(0)
    stray.data[8 * (COUNT - 3) + 7] = 128
    await expect(index.update([stray])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`row ${COUNT - 3} `) })
    await expect(index.build([stray])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`row ${COUNT - 3} `) })
    const transferred = numbered(0)
    const built = index.build([transferred])
    structuredClone(transferred.data.buffer, { transfer: [transferred.data.buffer as ArrayBuffer] })
    await expect(built).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(index.count).toBe(1)
    await index.dispose()
  })
})
