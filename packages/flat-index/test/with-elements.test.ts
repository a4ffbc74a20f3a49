// SMQTK's form of an index over a flat index and a descriptor set.

import { CbirError, type DescriptorElement, type DescriptorSet, type NearestNeighborsIndex, vectorBatchOf, withElements } from '@cbir/core'
import { memoryDescriptorElement, memoryDescriptorSet } from '@cbir/core/memory'
import { flatIndex } from '@cbir/flat-index'
import { describe, expect, test } from 'vitest'

async function element(uid: string, ...vector: number[]): Promise<DescriptorElement> {
  const made = memoryDescriptorElement('test', uid)
  if (vector.length > 0) await made.setVector(Float32Array.from(vector))
  return made
}

const elements = (prefix: string, count: number): Promise<DescriptorElement[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => element(`${prefix}${i}`, i, 1)))

async function contentOf(set: DescriptorSet): Promise<[string, number[]][]> {
  const all: [string, number[]][] = []
  for await (const { uids, vectors } of set.items()) {
    uids.forEach((uid, i) => {
      all.push([uid, [...vectors.data.subarray(i * vectors.dimensions, (i + 1) * vectors.dimensions)]])
    })
  }
  return all
}

const noVector = (uid: string) => (error: unknown) => CbirError.isInstance(error, 'NO_VECTOR') && error.message.includes(`"${uid}"`)
const code = (expected: string) => (error: unknown) => CbirError.isInstance(error) && error.code === expected

describe('withElements', () => {
  test('builds, finds, updates and removes elements', async () => {
    const set = memoryDescriptorSet()
    const index = withElements(await flatIndex(), set)
    expect(await index.buildIndex(await elements('e', 600))).toBe(600)
    expect([index.count, await set.count()]).toEqual([600, 600])
    const near = await index.nn(await element('query', 599, 1), 2)
    expect(near.elements.map(({ uid }) => uid)).toEqual(['e599', 'e598'])
    expect([...near.distances]).toEqual([0, 1])
    expect([...(await near.elements[1]!.vector())]).toEqual([598, 1])
    expect((await index.nn(await element('query', 3, 1))).elements).toHaveLength(1)
    expect(await index.updateIndex([await element('e0', 1000, 1), await element('new', 2000, 1)])).toBe(601)
    expect((await index.nn(await element('query', 1001, 1))).elements[0]!.uid).toBe('e0')
    expect(await index.removeFromIndex(['e0'])).toBe(600)
    expect((await index.nn(await element('query', 1001, 1))).elements[0]!.uid).toBe('e599')
    expect(await set.count()).toBe(601)
  })

  test.each([0, 5, 299])('a build in which element %i has no vector names it and changes nothing, in the set neither', async (at) => {
    const set = memoryDescriptorSet()
    const index = withElements(await flatIndex(), set)
    await index.buildIndex(await elements('old', 3))
    const before = await contentOf(set)
    const list = await elements('e', 300)
    list[at] = await element('lacking')
    await expect(index.buildIndex(list)).rejects.toSatisfy(noVector('lacking'))
    expect(index.count).toBe(3)
    expect(await contentOf(set)).toEqual(before)
    expect((await index.nn(await element('query', 2, 1))).elements[0]!.uid).toBe('old2')
  })

  test('a build that the index refuses leaves the set as it was', async () => {
    const set = memoryDescriptorSet()
    const index = withElements(await flatIndex(), set)
    const list = await elements('e', 300)
    await expect(index.buildIndex([...list, await element('e0', 5, 5)])).rejects.toSatisfy(code('DUPLICATE_UID'))
    await expect(index.buildIndex([...list, await element('long', 1, 2, 3)])).rejects.toSatisfy(code('DIMENSION_MISMATCH'))
    await expect(index.buildIndex(list, { signal: AbortSignal.abort() })).rejects.toSatisfy(code('ABORTED'))
    await expect(index.buildIndex([])).rejects.toSatisfy(code('EMPTY_BUILD'))
    expect([index.count, await set.count()]).toEqual([0, 0])
  })

  test('an update without a vector adds nothing of its batch, to neither', async () => {
    const set = memoryDescriptorSet()
    const index = withElements(await flatIndex(), set)
    await index.buildIndex(await elements('old', 3))
    const before = await contentOf(set)
    const list = [...(await elements('e', 10)), await element('lacking')]
    await expect(index.updateIndex(list)).rejects.toSatisfy(noVector('lacking'))
    expect(index.count).toBe(3)
    expect(await contentOf(set)).toEqual(before)
  })

  test('a query without a vector names it, and an empty index says so', async () => {
    const index = withElements(await flatIndex(), memoryDescriptorSet())
    await expect(index.nn(await element('lacking'))).rejects.toSatisfy(noVector('lacking'))
    await expect(index.nn(await element('query', 1, 1))).rejects.toSatisfy(code('EMPTY_INDEX'))
  })

  test('finds elements in the set while a build replaces them', async () => {
    const set = memoryDescriptorSet()
    const index = withElements(await flatIndex(), set)
    await index.buildIndex(await elements('old', 300))
    const building = index.buildIndex(await elements('new', 600))
    let done = false
    void building.then(() => {
      done = true
    })
    const query = await element('query', 3, 1)
    while (!done) expect((await index.nn(query, 5)).elements).toHaveLength(5)
    expect(await building).toBe(600)
    expect((await index.nn(query)).elements[0]!.uid).toBe('new3')
  })

  test('takes the elements of its own set', async () => {
    const set = memoryDescriptorSet()
    await set.addMany([{ uids: ['a', 'b'], vectors: vectorBatchOf([[1], [2]]) }])
    const index = withElements(await flatIndex(), set)
    expect(await index.buildIndex(await set.getMany(['b', 'a']))).toBe(2)
    expect(await contentOf(set)).toEqual([
      ['a', [1]],
      ['b', [2]],
    ])
  })

  test('calls methods on their index, and refuses what is none', async () => {
    const inner = await flatIndex()
    class Wrapped {
      readonly kind = 'nearest-neighbors-index'
      readonly name = 'wrapped'
      readonly inner = inner
      get count(): number {
        return this.inner.count
      }
      build(...args: Parameters<NearestNeighborsIndex['build']>): Promise<number> {
        return this.inner.build(...args)
      }
      update(...args: Parameters<typeof inner.update>): Promise<number> {
        return this.inner.update(...args)
      }
    }
    const index = withElements(new Wrapped() as unknown as NearestNeighborsIndex, memoryDescriptorSet())
    await index.buildIndex(await elements('e', 2))
    expect(await index.updateIndex(await elements('f', 2))).toBe(4)
    await expect(index.removeFromIndex(['e0'])).rejects.toSatisfy(code('NOT_SUPPORTED'))
    expect(() => withElements(flatIndex() as never, memoryDescriptorSet())).toThrow(/index must be a nearest-neighbors-index.*await/)
    expect(() => withElements(inner, {} as never)).toThrow(/set must be a descriptor-set/)
  })
})
