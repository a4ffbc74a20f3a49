import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Semaphore } from '../../src/define.ts'

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('Semaphore', () => {
  it('lets no more in than it has places, all of them, in the order of their coming, whatever fails or is aborted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.record({ turns: fc.nat(3), fails: fc.boolean(), aborted: fc.boolean() }), { maxLength: 30 }),
        async (places, works) => {
          const semaphore = new Semaphore(places)
          const order: number[] = []
          let inside = 0
          let most = 0
          const controllers = works.map(() => new AbortController())
          const runs = works.map(({ turns, fails }, i) =>
            semaphore.run(async () => {
              order.push(i)
              most = Math.max(most, ++inside)
              for (let turn = 0; turn < turns; turn++) await later()
              inside--
              if (fails) throw new Error('failed')
              return i
            }, controllers[i]!.signal),
          )
          // Who is inside by now goes on: stopping the work itself is up to the work.
          for (const [i, { aborted }] of works.entries()) if (aborted) controllers[i]!.abort('left')
          const results = await Promise.allSettled(runs)
          const entered = works.flatMap(({ aborted }, i) => (aborted && i >= places ? [] : [i]))
          expect(order).toEqual(entered)
          expect(most).toBeLessThanOrEqual(places)
          expect(inside).toBe(0)
          for (const [i, result] of results.entries()) {
            if (!entered.includes(i)) expect(result).toMatchObject({ reason: { code: 'ABORTED', cause: 'left' } })
            else if (works[i]!.fails) expect(result).toMatchObject({ reason: { message: 'failed' } })
            else expect(result).toEqual({ status: 'fulfilled', value: i })
          }
          // Every place is back.
          let free = 0
          const takePlace = async (): Promise<void> => {
            free++
            await later()
          }
          const all = Array.from({ length: places }, () => semaphore.run(takePlace))
          expect(free).toBe(places)
          await Promise.all(all)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('fills all its places', async () => {
    const semaphore = new Semaphore(3)
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 7 }, () =>
        semaphore.run(async () => {
          most = Math.max(most, ++inside)
          await delay(0)
          inside--
        }),
      ),
    )
    expect(most).toBe(3)
  })

  it('refuses a signal that fired before, even where a place is free', async () => {
    let ran = false
    const run = new Semaphore(1).run(async () => {
      ran = true
    }, AbortSignal.abort('no more'))
    await expect(run).rejects.toMatchObject({ code: 'ABORTED', cause: 'no more' })
    expect(ran).toBe(false)
  })

  it('lets a signal that fires after the entry alone', async () => {
    const controller = new AbortController()
    const semaphore = new Semaphore(1)
    const first = semaphore.run(later)
    const second = semaphore.run(async () => {
      controller.abort()
      await later()
      return 2
    }, controller.signal)
    await first
    expect(await second).toBe(2)
    expect(await semaphore.run(async () => 3)).toBe(3)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('does not take %s places', (places) => {
    expect(() => new Semaphore(places)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
