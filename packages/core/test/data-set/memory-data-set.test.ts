// memoryDataSet: elements by content, as a Map from SHA-1 to element.

import { addElement, type DataElement, getElement, hasElement } from '@cbir/core'
import { memoryDataElement, memoryDataSet } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of source) all.push(value)
  return all
}

describe('memoryDataSet', () => {
  it('does what a Map by uuid does', async () => {
    const contents = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(contents, async (batches) => {
        const set = memoryDataSet()
        const model = new Map<string, DataElement>()
        const given = batches.map((batch) => batch.map((text) => memoryDataElement(new TextEncoder().encode(text))))
        for (const element of given.flat()) model.set(await element.uuid(), element)
        expect(await set.addMany(given)).toBe(given.flat().length)
        expect(await set.count()).toBe(model.size)
        expect(await collect(set.uuids())).toEqual([...model.keys()])
        expect(await collect(set.elements())).toEqual([...model.values()])
        const found = await set.getMany([...model.keys()])
        expect(found.map((element, i) => element === [...model.values()][i])).toEqual(found.map(() => true))
        expect(found.length).toBe(model.size)
        expect([...(await set.hasMany(['x', ...model.keys()]))]).toEqual([0, ...Array<number>(model.size).fill(1)])
      }),
    )
  })

  it('has single forms, and refuses bad input', async () => {
    const set = memoryDataSet()
    const element = memoryDataElement(Uint8Array.of(1))
    await addElement(set, element)
    const uuid = await element.uuid()
    expect(await hasElement(set, uuid)).toBe(true)
    expect(await getElement(set, uuid)).toBe(element)
    const bad: [() => Promise<unknown>, string][] = [
      [() => getElement(set, 'x'), 'UNKNOWN_UID'],
      [() => getElement(set, ''), 'INVALID_ARGUMENT'],
      [() => set.addMany([element] as never), 'INVALID_ARGUMENT'],
      [() => set.addMany([[null as never]]), 'INVALID_ARGUMENT'],
      [() => set.addMany([[memoryDataElement(Uint8Array.of(2)), {} as never]]), 'INVALID_ARGUMENT'],
      [() => set.hasMany(uuid as never), 'INVALID_ARGUMENT'],
      [() => set.count({ signal: AbortSignal.abort() }), 'ABORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    expect(await set.count()).toBe(1)
    const reading = set.elements()[Symbol.asyncIterator]()
    await set.dispose()
    await expect(reading.next()).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})
