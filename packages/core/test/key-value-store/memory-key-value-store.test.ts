// memoryKeyValueStore against a Map, and the errors that every store gives alike.

import { addValue, getValue, hasKey, type KeyValueStore, removeKey, type StoredValue, valuesOf } from '@cbir/core'
import { memoryKeyValueStore } from '@cbir/core/memory'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const value: fc.Arbitrary<StoredValue> = fc.oneof(
  fc.jsonValue().map((json) => JSON.parse(JSON.stringify(json)) as StoredValue),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Uint8Array.from(bytes)),
)
const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), entries: fc.array(fc.tuple(key, value), { maxLength: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), keys: fc.array(key, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
)

async function everything(store: KeyValueStore, batchSize: number): Promise<[string, StoredValue][]> {
  const all: [string, StoredValue][] = []
  for await (const batch of store.entries({ batchSize })) {
    expect(batch.length).toBeGreaterThan(0)
    expect(batch.length).toBeLessThanOrEqual(batchSize)
    for (const [name, held] of batch) all.push([name, held])
  }
  const keys: string[] = []
  for await (const batch of store.keys({ batchSize })) keys.push(...batch)
  expect(keys).toEqual(all.map(([name]) => name))
  return all
}

describe('memoryKeyValueStore', () => {
  it('does what a Map does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (commands, batchSize) => {
        const store = memoryKeyValueStore()
        const model = new Map<string, StoredValue>()
        for (const step of commands) {
          if (step.do === 'add') {
            const twice = new Set(step.entries.map(([name]) => name)).size < step.entries.length
            const add = store.addMany([step.entries])
            if (twice) await expect(add).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
            else {
              expect(await add).toBe(step.entries.length)
              for (const [name, held] of step.entries) model.set(name, held)
            }
          } else if (step.do === 'remove') {
            const remove = store.removeMany(step.keys)
            if (new Set(step.keys).size < step.keys.length) await expect(remove).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
            else if (step.keys.some((name) => !model.has(name))) await expect(remove).rejects.toMatchObject({ code: 'UNKNOWN_UID' })
            else {
              await remove
              for (const name of step.keys) model.delete(name)
            }
          } else {
            await store.clear()
            model.clear()
          }
          expect(await store.count()).toBe(model.size)
        }
        expect(await everything(store, batchSize)).toEqual([...model])
        const asked = ['b', 'a', 'b']
        expect([...(await store.hasMany(asked))]).toEqual(asked.map((name) => Number(model.has(name))))
        expect(await store.getMany(asked, { default: 'none' })).toEqual(asked.map((name) => (model.has(name) ? model.get(name) : 'none')))
      }),
      { numRuns: 200 },
    )
  })

  it('copies in, before the promise is out, and copies out', async () => {
    const store = memoryKeyValueStore()
    const list = [1, 2]
    const bytes = Uint8Array.of(1, 2)
    const adding = store.addMany([new Map<string, StoredValue>([['list', list], ['bytes', bytes]])]) // biome-ignore format: one line
    list[0] = 9
    bytes[0] = 9
    await adding
    expect(await store.getMany(['list', 'bytes'])).toEqual([[1, 2], Uint8Array.of(1, 2)])
    ;((await getValue(store, 'list')) as number[])[0] = 7
    ;((await getValue(store, 'bytes')) as Uint8Array)[0] = 7
    expect(await store.getMany(['list', 'bytes'])).toEqual([[1, 2], Uint8Array.of(1, 2)])
  })

  it('has single forms', async () => {
    const store = memoryKeyValueStore()
    await addValue(store, 'a', null)
    expect(await getValue(store, 'a', 5)).toBe(null)
    expect(await getValue(store, 'b', 5)).toBe(5)
    await expect(getValue(store, 'b')).rejects.toMatchObject({ code: 'UNKNOWN_UID', details: { uids: ['b'] } })
    expect(await hasKey(store, 'a')).toBe(true)
    await removeKey(store, 'a')
    expect(await hasKey(store, 'a')).toBe(false)
    await store.addMany([[['x', 1]], [['y', 2]]])
    const values: StoredValue[] = []
    for await (const held of valuesOf(store)) values.push(held)
    expect(values).toEqual([1, 2])
  })

  it('refuses bad input and changes nothing', async () => {
    const store = memoryKeyValueStore()
    await addValue(store, 'a', 1)
    const loop: unknown[] = []
    loop.push(loop)
    const bad: [() => Promise<unknown>, string][] = [
      [() => addValue(store, '', 1), 'INVALID_ARGUMENT'],
      [() => addValue(store, 3 as never, 1), 'INVALID_ARGUMENT'],
      [() => addValue(store, 'b', undefined as never), 'INVALID_ARGUMENT'],
      [() => addValue(store, 'b', Number.NaN), 'INVALID_ARGUMENT'],
      [() => addValue(store, 'b', { deep: [1n] } as never), 'INVALID_ARGUMENT'],
      [() => addValue(store, 'b', loop as never), 'INVALID_ARGUMENT'],
      [() => addValue(store, 'b', new Date(0) as never), 'INVALID_ARGUMENT'],
      [() => store.addMany(new Map([['b', 1]]) as never), 'INVALID_ARGUMENT'],
      [() => store.addMany('ab' as never), 'INVALID_ARGUMENT'],
      [() => store.addMany([5 as never]), 'INVALID_ARGUMENT'],
      [() => store.removeMany(['a', 'b']), 'UNKNOWN_UID'],
      [() => store.removeMany('a' as never), 'INVALID_ARGUMENT'],
      [() => store.getMany(['a', 'b']), 'UNKNOWN_UID'],
      [() => everything(store, 1.5), 'INVALID_ARGUMENT'],
      [() => store.clear({ signal: AbortSignal.abort() }), 'ABORTED'],
    ]
    for (const [call, code] of bad) await expect(call(), call.toString()).rejects.toMatchObject({ code })
    expect(await everything(store, 5)).toEqual([['a', 1]])
    const adding = store.addMany([[['b', 2]], [['c', Number.NaN]]])
    await expect(adding).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { batchesApplied: 1 } })
    expect(await store.count()).toBe(2)
    await store.dispose()
    await expect(store.count()).rejects.toMatchObject({ code: 'DISPOSED' })
  })
})
