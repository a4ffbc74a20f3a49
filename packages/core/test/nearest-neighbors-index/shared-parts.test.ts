// What a driver is told and asked where some of its content is not its own: the names of the rows that it writes, and `replace`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type Items, vectorBatchOf } from '@cbir/core'
import { type DenseRowsDriver, defineNearestNeighborsIndex, openNearestNeighborsIndex } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { describe, expect, test } from 'vitest'

interface State {
  readonly id: number
  readonly rows: (string | undefined)[]
}

/** A driver that notes what it is told; its search finds the first rows that are allowed. */
function notingDriver(log: string[], fail: { at?: string | undefined } = {}): DenseRowsDriver<State> {
  let states = 0
  const mayFail = (what: string): void => {
    if (fail.at === what) throw new Error(`${what} failed`)
  }
  return {
    exact: false,
    open: () => ({ id: ++states, rows: [] }),
    append({ rows }, vectors, { uids }) {
      mayFail('append')
      expect(uids.length).toBe(vectors.count)
      rows.push(...uids)
      log.push(`append ${uids}`)
    },
    overwrite({ rows }, which, vectors, { uids }) {
      mayFail('overwrite')
      expect([uids.length, which.length]).toEqual([vectors.count, vectors.count])
      which.forEach((row, i) => {
        rows[row] = uids[i]
      })
      log.push(`overwrite ${[...which]} ${uids}`)
    },
    free({ rows }, which, { uids }) {
      expect(uids).toEqual([...which].map((row) => rows[row]))
      log.push(`free ${uids}`)
    },
    async replace(state, old) {
      log.push(`replace ${old?.id} by ${state.id}`)
      mayFail('replace')
      return async () => void log.push('taken back')
    },
    search({ rows }, queries, k, { names, allow }) {
      const found = [...rows.keys()].filter((row) => !allow || (allow.bits[row >> 3]! & (1 << (row & 7))) !== 0).slice(0, k)
      for (const row of found) expect([names?.uidAt(row), names?.rowOf(rows[row]!)]).toEqual([rows[row], row])
      return {
        rows: Uint32Array.from({ length: queries.count * k }, (_, i) => found[i % k]!),
        distances: new Float32Array(queries.count * k),
        offsets: Uint32Array.from({ length: queries.count + 1 }, (_, i) => i * k),
      }
    },
    save: async () => {
      throw new Error('no room')
    },
    load: async () => ({ id: 0, rows: [] }),
  }
}

const items = (...uids: string[]): Items => ({ uids, vectors: vectorBatchOf(uids.map((_, i) => [i, 1])) })

describe('names', () => {
  test('every row that is added, overwritten or freed has the name that it has from then on, or had', async () => {
    const log: string[] = []
    const index = defineNearestNeighborsIndex('noting', notingDriver(log))
    await index.build([items('a', 'b'), items('c')])
    await index.remove(['b'])
    await index.update([items('c', 'new', 'more')])
    expect(log).toEqual(['append a,b', 'append c', 'replace undefined by 1', 'free b', 'append more', 'overwrite 2,1 c,new'])
    expect((await index.nearest(vectorBatchOf([[0, 0]]), 4)).uids).toEqual(['a', 'new', 'c', 'more'])
  })

  test('rows that were added before the rest of an update failed are freed', async () => {
    const log: string[] = []
    const fail: { at?: string } = {}
    const index = defineNearestNeighborsIndex('noting', notingDriver(log, fail))
    await index.build([items('a')])
    fail.at = 'overwrite'
    await expect(index.update([items('a', 'b')])).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    expect(log.slice(-2)).toEqual(['append b', 'free b'])
    expect(index.count).toBe(1)
  })
})

describe('replace', () => {
  test('is called when all is there, with what it takes the place of; also where an update builds', async () => {
    const log: string[] = []
    const index = defineNearestNeighborsIndex('noting', notingDriver(log))
    await index.update([items('a')])
    await index.build([items('b')])
    expect(log).toEqual(['append a', 'replace undefined by 1', 'append b', 'replace 1 by 2'])
  })

  test('a build whose replace fails leaves the old content', async () => {
    const log: string[] = []
    const fail: { at?: string } = {}
    const index = defineNearestNeighborsIndex('noting', notingDriver(log, fail))
    await index.build([items('a')])
    fail.at = 'replace'
    await expect(index.build([items('b')])).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    expect((await index.nearest(vectorBatchOf([[0, 0]]), 1)).uids).toEqual(['a'])
    expect(log).not.toContain('taken back')
    const first = defineNearestNeighborsIndex('noting', notingDriver(log, fail))
    await expect(first.update([items('a')])).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    expect(first.count).toBe(0)
  })

  test('is taken back where the build fails afterwards, as its files cannot be written', async () => {
    const directory = await mkdtemp(`${tmpdir()}/cbir-replace-`)
    const log: string[] = []
    const index = await openNearestNeighborsIndex('noting', notingDriver(log), { container: directoryContainer, directory })
    await expect(index.build([items('a')])).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    expect(log.at(-1)).toBe('taken back')
    expect(index.count).toBe(0)
    await index.dispose()
    await rm(directory, { recursive: true })
  })
})
