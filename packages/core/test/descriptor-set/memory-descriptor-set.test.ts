// memoryDescriptorSet against a Map, and the errors that every set gives alike.

import { addVector, type DescriptorItems, getVector, hasVector, removeVector, vectorBatchOf } from '@cbir/core'
import { memoryDescriptorSet } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const f32 = fc.float({ noNaN: true, noDefaultInfinity: true })
const uid = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const row = fc.record({
  uid,
  vector: fc.integer({ min: 1, max: 2 }).chain((n) => fc.array(f32, { minLength: n, maxLength: n })),
  tag: fc.option(fc.nat()),
})
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), rows: fc.array(row, { minLength: 1, maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), uids: fc.array(uid, { minLength: 1, maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
)

interface Row {
  readonly vector: readonly number[]
  readonly tag: number | null
}

/** What `addMany` must refuse or write: rows of one length, each uid once. */
function itemsOf(rows: readonly (Row & { readonly uid: string })[]): DescriptorItems {
  return {
    uids: rows.map((r) => r.uid),
    vectors: vectorBatchOf(rows.map((r) => r.vector)),
    attributes: rows.map((r) => (r.tag === null ? undefined : { tag: r.tag })),
  }
}

async function everything(set: ReturnType<typeof memoryDescriptorSet>, batchSize: number): Promise<Map<string, Row>> {
  const found = new Map<string, Row>()
  for await (const { uids, vectors, attributes } of set.items({ batchSize })) {
    expect(uids.length).toBeGreaterThan(0)
    expect(uids.length).toBeLessThanOrEqual(batchSize)
    expect(vectors.count).toBe(uids.length)
    uids.forEach((name, i) => {
      const vector = [...vectors.data.slice(i * vectors.dimensions, (i + 1) * vectors.dimensions)]
      expect(found.has(name)).toBe(false)
      found.set(name, { vector, tag: (attributes?.[i]?.tag as number | undefined) ?? null })
    })
  }
  return found
}

describe('memoryDescriptorSet', () => {
  it('does what a Map does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (commands, batchSize) => {
        const set = memoryDescriptorSet()
        const model = new Map<string, Row>()
        for (const step of commands) {
          if (step.do === 'add') {
            const dimensions = step.rows[0]!.vector.length
            const rows = step.rows.filter((r) => r.vector.length === dimensions)
            const add = set.addMany([itemsOf(rows)])
            if (new Set(rows.map((r) => r.uid)).size < rows.length) await expect(add).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
            else {
              expect(await add).toBe(rows.length)
              for (const { uid: name, vector, tag } of rows) model.set(name, { vector: [...Float32Array.from(vector)], tag })
            }
          } else if (step.do === 'remove') {
            const twice = new Set(step.uids).size < step.uids.length
            const unknown = step.uids.some((name) => !model.has(name))
            const remove = set.removeMany(step.uids)
            if (twice) await expect(remove).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
            else if (unknown) await expect(remove).rejects.toMatchObject({ code: 'UNKNOWN_UID' })
            else {
              await remove
              for (const name of step.uids) model.delete(name)
            }
          } else {
            await set.clear()
            model.clear()
          }
          expect(await set.count()).toBe(model.size)
        }
        const found = await everything(set, batchSize)
        expect([...found]).toEqual([...model])
        for (const [name, { vector }] of model) expect([...(await getVector(set, name))]).toEqual(vector)
        expect([...(await set.hasMany(['a', 'b', 'a']))]).toEqual(['a', 'b', 'a'].map((name) => Number(model.has(name))))
      }),
      { numRuns: 200 },
    )
  })

  it('gives vectors in the order of the uids, repeated ones too', async () => {
    const set = memoryDescriptorSet()
    await set.addMany([
      {
        uids: ['a', 'b'],
        vectors: vectorBatchOf([
          [1, 2],
          [3, 4],
        ]),
      },
    ])
    const into = new Float32Array(7).fill(9)
    expect(await set.getVectors(['b', 'a', 'b'], into)).toBe(2)
    expect([...into]).toEqual([3, 4, 1, 2, 3, 4, 9])
    expect(await set.getVectors([], into)).toBe(0)
  })

  it('copies what it is given before the promise is out, and gives copies', async () => {
    const set = memoryDescriptorSet()
    const data = Float32Array.of(1, 2)
    const uids = ['a']
    const attributes = { part: 1 }
    const adding = set.addMany([{ uids, vectors: { data, count: 1, dimensions: 2 }, attributes: [attributes] }])
    data.fill(7)
    uids[0] = 'z'
    attributes.part = 2
    await adding
    expect([...(await getVector(set, 'a'))]).toEqual([1, 2])
    expect(await set.getAttributes(['a'])).toEqual([{ part: 1 }])
    ;(await getVector(set, 'a')).fill(5)
    expect([...(await getVector(set, 'a'))]).toEqual([1, 2])
    const asked = ['a']
    const removing = set.removeMany(asked)
    asked[0] = 'b'
    await removing
    expect(await set.count()).toBe(0)
  })

  it('keeps whole batches when a later one fails, and says how many', async () => {
    const set = memoryDescriptorSet()
    const batch = (name: string, x: number): DescriptorItems => ({ uids: [name], vectors: vectorBatchOf([[x]]) })
    const adding = set.addMany([batch('a', 1), batch('b', 2), batch('c', Number.NaN), batch('d', 3)])
    await expect(adding).rejects.toMatchObject({ code: 'NOT_FINITE', details: { batchesApplied: 2 } })
    expect([...(await everything(set, 10)).keys()]).toEqual(['a', 'b'])
  })

  it('refuses bad input and changes nothing', async () => {
    const set = memoryDescriptorSet()
    await set.addMany([
      { uids: ['a'], vectors: vectorBatchOf([[1, 2]]) },
      { uids: ['b'], vectors: vectorBatchOf([[1]]) },
    ])
    const vectors = vectorBatchOf([[1, 2]])
    const bad: [() => Promise<unknown>, string][] = [
      [() => set.addMany([{ uids: [''], vectors }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: [1 as never], vectors }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: ['x', 'y'], vectors }]), 'NO_VECTOR'],
      [() => set.addMany([{ uids: [], vectors }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: ['x'], vectors: { ...vectors, count: 2 } }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: ['x'], vectors, attributes: [] }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: ['x'], vectors, attributes: [{ deep: {} as never }] }]), 'INVALID_ARGUMENT'],
      [() => set.addMany([{ uids: ['x'], vectors, attributes: [{ n: Number.NaN }] }]), 'INVALID_ARGUMENT'],
      [() => set.addMany({ uids: ['x'], vectors } as never), 'INVALID_ARGUMENT'],
      [() => set.addMany([vectors as never]), 'INVALID_ARGUMENT'],
      [() => set.getVectors(['a', 'b'], new Float32Array(9)), 'DIMENSION_MISMATCH'],
      [() => set.getVectors(['a', 'x'], new Float32Array(9)), 'UNKNOWN_UID'],
      [() => set.getVectors(['a'], new Float32Array(1)), 'INVALID_ARGUMENT'],
      [() => set.getVectors(['a'], [0, 0] as never), 'INVALID_ARGUMENT'],
      [() => set.getVectors('a' as never, new Float32Array(2)), 'INVALID_ARGUMENT'],
      [() => set.dimensionsOf('x'), 'UNKNOWN_UID'],
      [() => set.getAttributes(['x']), 'UNKNOWN_UID'],
      [() => set.getMany(['x']), 'UNKNOWN_UID'],
      [() => set.removeMany(['a', 'x']), 'UNKNOWN_UID'],
      [() => set.removeMany(['a', 'a']), 'DUPLICATE_UID'],
      [() => everything(set, 0), 'INVALID_ARGUMENT'],
      [() => set.count({ signal: AbortSignal.abort() }), 'ABORTED'],
      [() => set.addMany([{ uids: ['x'], vectors }], { signal: AbortSignal.abort('why') }), 'ABORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    expect([...(await everything(set, 10))]).toEqual([
      ['a', { vector: [1, 2], tag: null }],
      ['b', { vector: [1], tag: null }],
    ])
  })

  it('may be changed while it is read', async () => {
    const set = memoryDescriptorSet()
    for (let i = 0; i < 5; i++) await addVector(set, `u${i}`, Float32Array.of(i))
    const seen: string[] = []
    for await (const { uids } of set.items({ batchSize: 2 })) {
      seen.push(...uids)
      if (seen.length === 2) {
        await set.removeMany(['u2', 'u3'])
        await addVector(set, 'u4', Float32Array.of(4, 4))
      }
    }
    expect(seen).toEqual(['u0', 'u1', 'u4'])
  })

  it('runs the finally of its source when a batch is wrong, when it is aborted, and when the source hangs', async () => {
    const set = memoryDescriptorSet()
    let closed = 0
    async function* wrong(): AsyncGenerator<DescriptorItems> {
      try {
        yield { uids: ['a', 'a'], vectors: vectorBatchOf([[1], [2]]) }
      } finally {
        closed++
      }
    }
    await expect(set.addMany(wrong())).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
    expect(closed).toBe(1)
    const controller = new AbortController()
    const silent: AsyncIterable<DescriptorItems> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          closed++
          return new Promise(() => undefined)
        },
      }),
    }
    const adding = set.addMany(silent, { signal: controller.signal })
    controller.abort('enough')
    await expect(adding).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough', details: { batchesApplied: 0 } })
    expect(closed).toBe(2)
    const cause = new Error('disk')
    const broken: Iterable<DescriptorItems> = {
      [Symbol.iterator]: () => ({
        next: () => {
          throw cause
        },
      }),
    }
    await expect(set.addMany(broken)).rejects.toMatchObject({ code: 'SOURCE_FAILED', cause })
  })

  it('gives elements that read and write it', async () => {
    const set = memoryDescriptorSet()
    await addVector(set, 'a', Float32Array.of(1), { part: 3 })
    const [a] = await set.getMany(['a'])
    expect(a?.type).toBe('memory-descriptor-set')
    await a?.setVector(Float32Array.of(2, 3))
    expect([...(await getVector(set, 'a'))]).toEqual([2, 3])
    expect(await set.getAttributes(['a'])).toEqual([{ part: 3 }])
    await a?.setVector(null)
    await a?.setVector(null)
    expect(await hasVector(set, 'a')).toBe(false)
    expect(await a?.hasVector()).toBe(false)
    await expect(a?.vector()).rejects.toMatchObject({ code: 'NO_VECTOR' })
    await expect(removeVector(set, 'a')).rejects.toMatchObject({ code: 'UNKNOWN_UID' })
  })

  it('is itself after configuration, and refuses calls after dispose', async () => {
    const set = memoryDescriptorSet()
    expect(set.toConfig()).toEqual({ type: 'memory-descriptor-set', package: '@cbir/core', config: {} })
    expect(() => memoryDescriptorSet({ x: 1 } as never)).toThrow(/x/)
    await set.dispose()
    await set.dispose()
    await expect(set.count()).rejects.toMatchObject({ code: 'DISPOSED' })
    await expect(everything(set, 1)).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})
