// Saved indexes: what comes back, and what is refused.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ContainerWriter, type Items, vectorBatchOf } from '@cbir/core'
import { directoryContainer } from '@cbir/core/node'
import { type FlatIndex, flatIndex } from '@cbir/flat-index'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flat-index-'))
})
afterEach(() => rm(directory, { recursive: true }))

const items = (...uids: string[]): Items => ({
  uids,
  vectors: vectorBatchOf(uids.map((uid) => [uid.length, uid.charCodeAt(0), 0.1])),
})
const everything = async (index: FlatIndex): Promise<unknown> => {
  if (index.count === 0) return []
  return (await index.nearest(vectorBatchOf([[0, 0, 0]]), 1000)).hits(0)
}

test('what is saved comes back, holes included, and goes on changing', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('update', 'remove', 'reopen'), fc.constantFrom('a', 'bb', 'ccc', 'ü', '🦊 f', 'g/h')), {
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const home = await mkdtemp(join(directory, 'home-'))
      let index = await flatIndex({ directory: home })
      await index.build([items('a', 'g/h')])
      const twin = await flatIndex()
      await twin.build([items('a', 'g/h')])
      const there = new Set(['a', 'g/h'])
      for (const [kind, uid] of plan) {
        if (kind === 'reopen') {
          await index.dispose()
          index = await flatIndex({ directory: home })
        } else if (kind === 'update') {
          for (const one of [index, twin]) await one.update([items(uid)])
          there.add(uid)
        } else if (there.delete(uid)) {
          for (const one of [index, twin]) await one.remove([uid])
        }
        expect(index.count).toBe(there.size)
        expect(await everything(index)).toEqual(await everything(twin))
      }
      await index.dispose()
    }),
    { numRuns: 15 },
  )
})

test('a build is there at once, updates and removals after flush and dispose, a copy by save', async () => {
  const home = join(directory, 'home')
  const other = join(directory, 'other')
  const index = await flatIndex({ directory: home })
  const stored = async (from = home): Promise<number> => {
    const again = await flatIndex({ directory: from })
    const { count } = again
    await again.dispose()
    return count
  }
  await index.build([items('a', 'b', 'c')])
  expect(await stored()).toBe(3)
  await index.remove(['b'])
  expect(await stored()).toBe(3)
  await index.flush()
  expect(await stored()).toBe(2)
  await index.save(other)
  await index.update([items('d', 'e')])
  await index.dispose()
  expect(await stored()).toBe(4)
  expect(await stored(other)).toBe(2)
})

test('rows that do not end at a chunk of the file', async () => {
  const dimensions = 70_001
  const count = 12
  const data = Float32Array.from({ length: count * dimensions }, (_, i) => i % 977)
  const uids = Array.from({ length: count }, (_, i) => `${i}`)
  const index = await flatIndex({ directory })
  await index.build([{ uids, vectors: { data, count, dimensions } }])
  await index.dispose()
  const again = await flatIndex({ directory })
  const found = await again.nearest({ data, count, dimensions }, 1)
  expect(found.uids).toEqual(uids)
  expect([...found.distances]).toEqual(new Array<number>(count).fill(0))
  await again.dispose()
})

describe('refused', () => {
  beforeEach(async () => {
    const index = await flatIndex({ metric: 'cosine', directory })
    await index.build([items('a', 'b')])
    await index.dispose()
  })

  test("another metric's directory", async () => {
    await expect(flatIndex({ metric: 'euclidean', directory })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    expect((await flatIndex({ metric: 'cosine', directory })).count).toBe(2)
  })

  test('every file with a bit turned, cut short or missing', async () => {
    const generation = join(directory, (await readdir(directory)).find((name) => name.startsWith('gen-'))!)
    const files = [join(directory, 'CURRENT'), ...(await readdir(generation)).map((name) => join(generation, name))]
    expect(files.length).toBeGreaterThanOrEqual(3)
    for (const file of files) {
      const whole = await readFile(file)
      const turned = Buffer.from(whole)
      turned[whole.length >> 1]! ^= 4
      for (const bytes of [turned, whole.subarray(0, whole.length - 1)]) {
        await writeFile(file, bytes)
        await expect(flatIndex({ metric: 'cosine', directory }), file).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
      }
      await writeFile(file, whole)
    }
    await rm(files.at(-1)!)
    await expect(flatIndex({ metric: 'cosine', directory })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  })

  const header = { type: 'nearest-neighbors-index/flat-index', formatVersion: 1, dimensions: 2, rows: 1, layout: { metric: 'cosine' }, origin: {} }
  const oneUid = Uint8Array.of(1, 0, 0, 0, 97)
  const write = (vectors: Float32Array | undefined, more: object = {}): Promise<void> =>
    directoryContainer.write(directory, { ...header, ...more }, async (writer: ContainerWriter) => {
      await writer.write('uids', [oneUid])
      if (vectors) await writer.write('vectors', [new Uint8Array(vectors.buffer)])
    })

  test.each([
    ['vectors of another size', Float32Array.of(1), {}],
    ['no vectors', undefined, {}],
    ['NaN', Float32Array.of(1, Number.NaN), {}],
    ['more rows than uids', Float32Array.of(1, 2, 3, 4), { rows: 2 }],
    ['no shape', Float32Array.of(1, 2), { dimensions: 0 }],
    ['a later format', Float32Array.of(1, 2), { formatVersion: 2 }],
    ["another index's files", Float32Array.of(1, 2), { type: 'nearest-neighbors-index/other-index' }],
  ])('a whole directory that holds %s', async (_, vectors, more) => {
    await write(vectors, more)
    await expect(flatIndex({ metric: 'cosine', directory })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  })

  test('nothing, where the directory is whole', async () => {
    await write(Float32Array.of(1, 2))
    const index = await flatIndex({ metric: 'cosine', directory })
    expect((await index.nearest(vectorBatchOf([[2, 4]]), 1)).hits(0)).toEqual([{ uid: 'a', distance: 0 }])
    await index.dispose()
  })
})
