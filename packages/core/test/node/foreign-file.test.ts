// Files of other programs: written from a snapshot, whole or not at all; and rows of such files that an index takes over.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adoptRows, type DefinedIndex, defineNearestNeighborsIndex } from '../../src/define.ts'
import { checkFilePath, directoryContainer, type IndexSnapshot, writeForeignFile } from '../../src/node/index.ts'
import { rows } from '../support/batches.ts'
import { linearDriver } from '../support/linear-index.ts'

const FILE = 'rows'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** An index of one dimension whose file holds its rows as text, a row a line. */
function textIndex(): DefinedIndex {
  const driver = linearDriver('euclidean', {
    save: (state, writer) => writer.write(FILE, [new TextEncoder().encode(state.rows.map(([x]) => x).join('\n'))]),
    load: async () => ({ rows: [], closed: false }),
  })
  return defineNearestNeighborsIndex('linear', driver, { container: directoryContainer })
}

async function namedNumbers({ container, rows: count, names }: IndexSnapshot, to: string): Promise<number> {
  const numbers = new TextDecoder().decode(await container.read(FILE)).split('\n')
  const lines = Array.from({ length: count }, (_, row) => `${names.uidAt(row) ?? '-'} ${numbers[row]}`)
  await writeFile(to, lines.join('\n'))
  return count
}

test('holds what the index was at one moment, though it changes meanwhile; nothing else is left', async () => {
  const index = textIndex()
  await index.build([{ uids: ['a', 'b', 'c'], vectors: rows([1], [2], [3]) }])
  await index.remove(['b'])
  const path = join(folder, 'file')
  await writeFile(path, 'old')
  const written = writeForeignFile(index, path, async (snapshot, to) => {
    expect(snapshot).toMatchObject({ dimensions: 1, rows: 3, layout: { metric: 'euclidean' }, live: { count: 2 } })
    await index.update([{ uids: ['d'], vectors: rows([4]) }])
    await index.remove(['a'])
    return namedNumbers(snapshot, to)
  })
  expect(await written).toBe(3)
  expect(await readFile(path, 'utf8')).toBe('a 1\n- 2\nc 3')
  expect(await readdir(folder)).toEqual(['file'])
  await index.dispose()
})

test('what fails leaves the old file, and nothing beside it', async () => {
  const index = textIndex()
  const path = join(folder, 'kept')
  await writeFile(path, 'old')
  await expect(writeForeignFile(index, path, namedNumbers)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
  await index.build([{ uids: ['a'], vectors: rows([1]) }])
  const fault = new Error('no')
  const failing = writeForeignFile(index, path, async (_, to) => {
    await writeFile(to, 'half')
    throw fault
  })
  await expect(failing).rejects.toBe(fault)
  await expect(writeForeignFile(index, path, namedNumbers, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  await expect(writeForeignFile(index, join(folder, 'none', 'x'), namedNumbers)).rejects.toMatchObject({ code: 'IO_FAILED' })
  await index.remove(['a'])
  await expect(writeForeignFile(index, path, namedNumbers)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
  expect(await readFile(path, 'utf8')).toBe('old')
  expect((await readdir(folder)).sort()).toEqual(['file', 'kept'])
  await index.dispose()
})

test.each(['', 'a\0b', 5 as never])('%j is no path of a file', (path) => {
  expect(() => checkFilePath(path)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
})

test('rows that a driver holds get their names, in batches, and those that are not wanted go', async () => {
  const index = textIndex()
  const dimensions = 1 << 17
  const held = {
    rows: 5,
    dimensions,
    uidOf: (row: number) => `row ${row}`,
    vectorsOf: (from: number, to: number) => new Float32Array((to - from) * dimensions).fill(from),
    removed: [1, 3],
  }
  expect(await adoptRows(index, held)).toBe(index)
  expect(index.count).toBe(3)
  expect((await index.nearest({ data: new Float32Array(dimensions), count: 1, dimensions }, 3)).uids).toEqual(['row 0', 'row 2', 'row 4'])
  await index.dispose()
})

test('an index that cannot take the rows over is disposed', async () => {
  const index = textIndex()
  const held = { rows: 2, dimensions: 1, uidOf: () => 'same', vectorsOf: () => new Float32Array(2) }
  await expect(adoptRows(index, held)).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
  await expect(index.build([{ uids: ['a'], vectors: rows([1]) }])).rejects.toMatchObject({ code: 'DISPOSED' })
})
