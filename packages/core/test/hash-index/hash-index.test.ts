// defineHashIndex and memoryHashIndex against a list of codes and a loop over it.

import { type BitBatch, bitBatchOf, type HashIndex } from '@cbir/core'
import { type DefinedHashIndex, defineHashIndex, openHashIndex } from '@cbir/core/define'
import { memoryHashIndex } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScan } from '../../src/hash-index/memory-hash-index.ts'
import { memoryContainer, type SavedDirectory } from '../support/memory-container.ts'

type Code = readonly boolean[]
const key = (code: Code): string => code.map(Number).join('')
const differing = (a: Code, b: Code): number => a.filter((bit, i) => bit !== b[i]).length

const shape = fc.constantFrom(3, 8, 70)
const codesOf = (bits: number): fc.Arbitrary<Code[]> => {
  // Few distinct codes, so that repeats and ties are common.
  const code = fc.oneof(
    fc.integer({ min: 0, max: 7 }).map((n) => Array.from({ length: bits }, (_, i) => ((n >> (i % 3)) & 1) === 1)),
    fc.array(fc.boolean(), { minLength: bits, maxLength: bits }),
  )
  return fc.array(code, { minLength: 1, maxLength: 12 })
}

/** Rows are given by the index; the model only knows which codes are there. */
async function checkAgainst(index: HashIndex, model: Map<string, Code>, queries: readonly Code[], k: number): Promise<void> {
  expect(index.count).toBe(model.size)
  if (model.size === 0) return
  const { rows, codes, distances, offsets, hits } = await index.nearest(bitBatchOf(queries), k)
  const most = Math.min(k, model.size)
  expect([...offsets]).toEqual(queries.map((_, i) => i * most).concat(queries.length * most))
  for (const [i, query] of queries.entries()) {
    const expected = [...model.values()].map((code) => differing(code, query) / query.length).sort((a, b) => a - b)
    const found = hits(i)
    expect(found.map((hit) => hit.distance)).toEqual(expected.slice(0, most).map(Math.fround))
    expect(new Set(found.map((hit) => key(hit.bits))).size).toBe(most)
    for (const [j, hit] of found.entries()) {
      expect(model.has(key(hit.bits))).toBe(true)
      expect(hit.distance).toBe(Math.fround(differing(hit.bits, query) / query.length))
      const at = offsets[i]! + j
      if (j > 0 && distances[at] === distances[at - 1]) expect(rows[at]!).toBeGreaterThan(rows[at - 1]!)
    }
  }
  expect([...(await index.rowsOf(codes))]).toEqual([...rows])
}

describe('memoryHashIndex', () => {
  it('agrees with a loop over a set of codes, through updates and removals', async () => {
    const run = shape.chain((bits) =>
      fc.record({
        first: codesOf(bits),
        steps: fc.array(fc.record({ add: fc.boolean(), codes: codesOf(bits) }), { maxLength: 12 }),
        queries: codesOf(bits),
        k: fc.integer({ min: 1, max: 15 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(run, async ({ first, steps, queries, k }) => {
        const index = memoryHashIndex()
        const model = new Map(first.map((code) => [key(code), code]))
        expect(await index.build([bitBatchOf(first), bitBatchOf(first.slice(0, 1))])).toBe(model.size)
        await checkAgainst(index, model, queries, k)
        for (const { add, codes } of steps) {
          if (add) {
            for (const code of codes) model.set(key(code), code)
            expect(await index.update([bitBatchOf(codes)])).toBe(model.size)
          } else {
            const remove = index.remove(bitBatchOf(codes))
            if (codes.some((code) => !model.has(key(code)))) await expect(remove).rejects.toMatchObject({ name: 'CbirError' })
            else if (new Set(codes.map(key)).size < codes.length) await expect(remove).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
            else {
              for (const code of codes) model.delete(key(code))
              expect(await remove).toBe(model.size)
            }
          }
          await checkAgainst(index, model, queries, k)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('holds many codes, in rows that stay', async () => {
    const bits = 40
    const code = (n: number): Code => Array.from({ length: bits }, (_, i) => ((n * 2654435761) >>> (i % 32)) % 2 === 1)
    const all = Array.from({ length: 9000 }, (_, n) => code(n))
    const index = memoryHashIndex()
    const count = await index.build([bitBatchOf(all.slice(0, 5000)), bitBatchOf(all.slice(5000))])
    const rows = await index.rowsOf(bitBatchOf(all))
    const distinct = [...new Map(all.map((c) => [key(c), c])).values()]
    expect(count).toBe(distinct.length)
    expect(Math.max(...rows)).toBe(count - 1)
    await index.remove(bitBatchOf(distinct.filter((_, i) => i % 2 === 0)))
    const after = await index.rowsOf(bitBatchOf(distinct))
    distinct.forEach((c, i) => {
      expect(after[i]).toBe(i % 2 === 0 ? -1 : rows[all.indexOf(c)])
    })
    await index.update([bitBatchOf(distinct)])
    expect(new Set(await index.rowsOf(bitBatchOf(distinct))).size).toBe(count)
    expect(index.count).toBe(count)
    const { rows: nearest } = await index.nearest(bitBatchOf([distinct[7]!]), 1)
    expect(nearest[0]).toBe((await index.rowsOf(bitBatchOf([distinct[7]!])))[0])
  })

  it('refuses bad input and changes nothing', async () => {
    const index = memoryHashIndex()
    const code = bitBatchOf([[1, 0, 1]])
    await expect(index.nearest(code, 1)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    await expect(index.remove(code)).rejects.toMatchObject({ code: 'UNKNOWN_UID', details: { positions: [0] } })
    expect([...(await index.rowsOf(code))]).toEqual([-1])
    expect(await index.update([])).toBe(0)
    expect(await index.update([code, bitBatchOf([[0, 0, 0]])])).toBe(2)
    expect(index.bits).toBe(3)
    const other = bitBatchOf([[1, 0, 1, 1]])
    const stray: BitBatch = { ...code, data: Uint8Array.from(code.data).fill(255) }
    const bad: [() => Promise<unknown>, string][] = [
      [() => index.build([]), 'EMPTY_BUILD'],
      [() => index.build([code, other]), 'DIMENSION_MISMATCH'],
      [() => index.build([stray]), 'INVALID_ARGUMENT'],
      [() => index.build(code as never), 'INVALID_ARGUMENT'],
      [() => index.build([code], { signal: AbortSignal.abort() }), 'ABORTED'],
      [() => index.update([other]), 'DIMENSION_MISMATCH'],
      [() => index.update([stray]), 'INVALID_ARGUMENT'],
      [() => index.remove(other), 'DIMENSION_MISMATCH'],
      [
        () =>
          index.remove(
            bitBatchOf([
              [1, 0, 1],
              [1, 0, 1],
            ]),
          ),
        'DUPLICATE_UID',
      ],
      [
        () =>
          index.remove(
            bitBatchOf([
              [1, 0, 1],
              [1, 1, 1],
            ]),
          ),
        'UNKNOWN_UID',
      ],
      [() => index.nearest(other, 1), 'DIMENSION_MISMATCH'],
      [() => index.nearest(code, 0), 'INVALID_ARGUMENT'],
      [() => index.nearest(stray, 1), 'INVALID_ARGUMENT'],
      [() => (index as DefinedHashIndex).save('x'), 'NOT_SUPPORTED'],
      [() => (index as DefinedHashIndex).flush(), 'NOT_SUPPORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    await checkAgainst(
      index,
      new Map(
        [
          [true, false, true],
          [false, false, false],
        ].map((c) => [key(c), c]),
      ),
      [[true, true, true]],
      5,
    )
    const adding = index.update([bitBatchOf([[1, 1, 1]]), other])
    await expect(adding).rejects.toMatchObject({ details: { batchesApplied: 1 } })
    expect(index.count).toBe(3)
    const empty = await index.nearest({ ...code, data: new Uint8Array(0), count: 0 }, 1)
    expect([...empty.offsets]).toEqual([0])
    expect(() => empty.hits(0)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    await index.dispose()
    await expect(index.nearest(code, 1)).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('copies what it is given before the promise is out', async () => {
    const index = memoryHashIndex()
    const code = bitBatchOf([[1, 0, 0]])
    const building = index.build([code])
    code.data[0] = 2
    await building
    const removing = index.remove(bitBatchOf([[1, 0, 0]]))
    expect(await removing).toBe(0)
  })

  it('answers from the old codes while it is built anew', async () => {
    const index = memoryHashIndex()
    await index.build([bitBatchOf([[1, 1, 1]])])
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (release = resolve))
    async function* slow(): AsyncGenerator<BitBatch> {
      yield bitBatchOf([[0, 0, 0]])
      await gate
    }
    const building = index.build(slow())
    const query = bitBatchOf([[1, 1, 1]])
    expect((await index.nearest(query, 1)).distances[0]).toBe(0)
    release()
    await building
    expect((await index.nearest(query, 1)).distances[0]).toBe(1)
  })
})

describe('defineHashIndex', () => {
  it('rolls back what the driver refused, and says when a driver answers wrongly', async () => {
    let refuse = false
    let wrong: Partial<Awaited<ReturnType<typeof linearScan.search>>> = {}
    const driver: typeof linearScan = {
      ...linearScan,
      put(...args) {
        if (refuse) throw new Error('full')
        return linearScan.put(...args)
      },
      search: async (...args) => ({ ...(await linearScan.search(...args)), ...wrong }),
    }
    const index = defineHashIndex('test', driver)
    await index.build([
      bitBatchOf([
        [0, 0],
        [0, 1],
      ]),
    ])
    await index.remove(bitBatchOf([[0, 0]]))
    refuse = true
    await expect(
      index.update([
        bitBatchOf([
          [0, 0],
          [1, 1],
          [1, 0],
        ]),
      ]),
    ).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    refuse = false
    expect(index.count).toBe(1)
    expect(
      await index.update([
        bitBatchOf([
          [1, 0],
          [0, 0],
        ]),
      ]),
    ).toBe(3)
    expect([
      ...(await index.rowsOf(
        bitBatchOf([
          [1, 0],
          [0, 1],
          [0, 0],
          [1, 1],
        ]),
      )),
    ]).toEqual([0, 1, 2, -1])
    for (const answer of [
      { distances: Float32Array.of(1, 0.5, 0) },
      { distances: Float32Array.of(0, Number.NaN, 1) },
      { rows: Uint32Array.of(0, 1, 3) },
      { offsets: Uint32Array.of(0, 2) },
      { rows: Uint32Array.of(0), distances: Float32Array.of(0), offsets: Uint32Array.of(0, 1) },
    ]) {
      wrong = answer
      await expect(index.nearest(bitBatchOf([[1, 0]]), 3)).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    }
  })

  it('throws for what the driver cannot do', async () => {
    const { free: _, ...fixed } = linearScan
    const index = defineHashIndex('fixed', { ...fixed, finish: () => undefined, exact: false })
    expect([...index.capabilities]).toEqual([])
    await index.build([bitBatchOf([[1]])])
    await expect(index.update([bitBatchOf([[0]])])).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await expect(index.remove(bitBatchOf([[1]]))).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    expect(() => index.toConfig()).toThrow(expect.objectContaining({ code: 'NOT_SERIALIZABLE' }))
  })

  it('comes back from its directory as it was, row for row', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape.chain((bits) => fc.tuple(codesOf(bits), codesOf(bits), codesOf(bits))),
        async ([first, second, queries]) => {
          const container = memoryContainer()
          const open = (): Promise<DefinedHashIndex> => openHashIndex('scan', linearScan, { container, directory: 'd' })
          const index = await open()
          await index.build([bitBatchOf(first)])
          const distinct = [...new Map(first.map((code) => [key(code), code])).values()]
          const gone = distinct.filter((_, i) => i % 2 === 1)
          if (gone.length > 0) await index.remove(bitBatchOf(gone))
          await index.flush()
          await index.update([bitBatchOf(second)])
          const all = bitBatchOf([...first, ...second])
          const rows = [...(await index.rowsOf(all))]
          const answer = await index.nearest(bitBatchOf(queries), 5)
          await index.save('copy')
          await index.dispose()
          for (const again of [await open(), await openHashIndex('scan', linearScan, { container, directory: 'copy' })]) {
            expect([...(await again.rowsOf(all))]).toEqual(rows)
            const same = await again.nearest(bitBatchOf(queries), 5)
            expect([...same.rows]).toEqual([...answer.rows])
            expect([...same.distances]).toEqual([...answer.distances])
            const fresh = bitBatchOf(gone.length > 0 ? gone : first)
            await again.update([fresh])
            expect(new Set(await again.rowsOf(bitBatchOf([...new Map([...first, ...second].map((c) => [key(c), c])).values()]))).size).toBe(
              again.count,
            )
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('refuses a directory that is damaged, foreign or of another layout', async () => {
    const directories = new Map<string, SavedDirectory>()
    const container = memoryContainer(directories)
    const at = { container, directory: 'd' }
    const index = await openHashIndex('scan', linearScan, at)
    await index.build([
      bitBatchOf([
        [1, 0, 1],
        [0, 0, 1],
      ]),
    ])
    const good = directories.get('d')!
    const damage: [(saved: SavedDirectory) => void, string][] = [
      [(saved) => saved.files.set('codes', new Uint8Array(15)), 'CORRUPT_DATA'],
      [(saved) => saved.files.set('codes', new Uint8Array(16)), 'CORRUPT_DATA'],
      [(saved) => saved.files.set('codes', new Uint8Array(16).fill(255)), 'CORRUPT_DATA'],
      [(saved) => saved.files.set('live', new Uint8Array(1)), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, bits: 0 }), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, bits: 'x' }), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, rows: -1 }), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, formatVersion: 9 }), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, type: 'hash-index/other' }), 'CORRUPT_DATA'],
      [(saved) => (saved.header = { ...saved.header, layout: { leaf: 4 } }), 'INVALID_CONFIG'],
    ]
    for (const [break_, code] of damage) {
      const saved = { header: good.header, files: new Map(good.files) }
      break_(saved)
      directories.set('d', saved)
      await expect(openHashIndex('scan', linearScan, at), break_.toString()).rejects.toMatchObject({ code })
    }
    directories.set('d', good)
    expect((await openHashIndex('scan', linearScan, at)).count).toBe(2)
  })
})
