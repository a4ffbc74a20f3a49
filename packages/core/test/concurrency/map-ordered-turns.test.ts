// mapOrdered over work that never waits: the event loop still gets its turns, and heavy results count for what they weigh.

import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { mapOrdered } from '../../src/define.ts'

/** Keeps the thread busy for about a tenth of a millisecond. */
function work(): void {
  const end = performance.now() + 0.1
  while (performance.now() < end);
}

describe('mapOrdered', () => {
  it('gives the event loop back while neither source nor work ever waits', async () => {
    let turns = 0
    let done = false
    const count = async (): Promise<void> => {
      for (; !done; turns++) await turn()
    }
    const counting = count()
    const values = mapOrdered(
      Array.from({ length: 400 }, (_, i) => i),
      async (i) => {
        work()
        return i
      },
      { concurrency: 4 },
    )
    let seen = 0
    for await (const _ of values) seen++
    done = true
    await counting
    expect(seen).toBe(400)
    expect(turns).toBeGreaterThanOrEqual(4) // 40 ms of work in slices of 4
  })

  it('reads ahead by what results weigh, not only by their number', async () => {
    let worked = 0
    const mapped = mapOrdered(
      Array.from({ length: 40 }, (_, i) => i),
      async (i) => {
        worked++
        return i
      },
      { concurrency: 2, readAhead: 10, weigh: () => 8 },
    )
    await mapped.next()
    for (let i = 0; i < 20; i++) await turn()
    expect(worked).toBeLessThanOrEqual(1 + 2 + 2)
    const rest: number[] = []
    for await (const value of mapped) rest.push(value)
    expect(rest).toEqual(Array.from({ length: 39 }, (_, i) => i + 1))
  })

  it('keeps its own error when the source throws on being closed', async () => {
    const source: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return() {
          throw new Error('closing failed')
        },
      }),
    }
    const mapped = mapOrdered(source, () => Promise.reject(new Error('work')), { concurrency: 1 })
    await expect(mapped.next()).rejects.toThrow('work')
  })
})
