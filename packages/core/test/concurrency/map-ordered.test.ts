import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapOrdered } from '../../src/define.ts'
import { CbirError } from '../../src/index.ts'

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of source) values.push(value)
  return values
}

describe('mapOrdered', () => {
  it('gives every result once, in the order of the source, whatever the work takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (waits, concurrency, readAhead) => {
          let active = 0
          let most = 0
          const results = await collect(
            mapOrdered(
              waits,
              async (wait, index) => {
                most = Math.max(most, ++active)
                for (let i = 0; i < wait; i++) await delay(0)
                active--
                return index
              },
              { concurrency, readAhead },
            ),
          )
          expect(results).toEqual(waits.map((_, i) => i))
          expect(most).toBeLessThanOrEqual(concurrency)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('never pulls more than it may read ahead', async () => {
    let pulled = 0
    function* source(): Generator<number> {
      for (;;) yield pulled++
    }
    const mapped = mapOrdered(source(), async (value) => value, { concurrency: 2, readAhead: 5 })
    await mapped.next()
    await delay(20)
    expect(pulled).toBeLessThanOrEqual(7)
    await mapped.return()
  })

  it('runs the finally of its source when it is left early', async () => {
    let closed = false
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield i
      } finally {
        closed = true
      }
    }
    for await (const value of mapOrdered(source(), async (v) => v, { concurrency: 3 })) if (value === 4) break
    expect(closed).toBe(true)
  })

  it('gives the results before a failure, then the failure, of the work and of the source', async () => {
    const seen: number[] = []
    const failing = mapOrdered([0, 1, 2, 3], async (v) => (v === 2 ? Promise.reject(new Error('work')) : v), { concurrency: 4 })
    await expect(
      (async () => {
        for await (const value of failing) seen.push(value)
      })(),
    ).rejects.toThrow('work')
    expect(seen).toEqual([0, 1])
    function* broken(): Generator<number> {
      yield 7
      throw new Error('source')
    }
    const results: number[] = []
    await expect(
      (async () => {
        for await (const value of mapOrdered(broken(), async (v) => v, { concurrency: 2 })) results.push(value)
      })(),
    ).rejects.toThrow('source')
    expect(results).toEqual([7])
  })

  it('rejects with ABORTED at once, though source and work are stuck', async () => {
    const controller = new AbortController()
    const stuck = mapOrdered([1], () => new Promise<number>(() => {}), { concurrency: 1, signal: controller.signal })
    const next = stuck.next()
    controller.abort('enough')
    await expect(next).rejects.toSatisfy((error: unknown) => CbirError.isInstance(error, 'ABORTED') && error.cause === 'enough')
  })
})
