// Calls into native code: on the pool and at once, their errors, abort, progress, handles and results.

import { nativeTask, shortAnswer } from '@cbir/native-kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addon, type Failure } from './support/test-addon.ts'

const thrownBy = async (call: () => unknown): Promise<{ code?: string; message: string }> => {
  try {
    await call()
  } catch (error) {
    return error as { code?: string; message: string }
  }
  throw new Error('nothing was thrown')
}

describe('parallel', () => {
  test('covers every element once, whatever the grain, on the pool and at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 700 }), async (length, grain) => {
        const values = Float32Array.from({ length }, (_, i) => i % 97)
        const expected = values.reduce((sum, x) => sum + x, 0)
        const handle = addon.hold(values, length)
        expect(addon.sum(handle, true, undefined, grain)).toBe(expected)
        expect(await addon.sum(handle, false, undefined, grain)).toBe(expected)
      }),
      { numRuns: 50 },
    )
  })

  test('uses every thread of the pool, and no worker twice at once', async () => {
    const { ran, overlapped } = await addon.workers(5000)
    expect(overlapped).toBe(false)
    expect(new Set(ran).size).toBe(addon.threads)
    expect(Math.min(...ran)).toBe(1) // 0 would be a range that nobody ran
  })

  test('a short call does not wait for a long one to end', async () => {
    const order: string[] = []
    const long = addon.sleep(5, 200).then(() => order.push('long'))
    const handle = addon.hold(new Float32Array(8), 8)
    await Promise.resolve(addon.sum(handle, false, undefined, 4)).then(() => order.push('short'))
    await long
    expect(order).toEqual(['short', 'long'])
  })

  test('a thousand calls at once all come home', async () => {
    const handle = addon.hold(new Float32Array(100).fill(1), 100)
    const sums = await Promise.all(Array.from({ length: 1000 }, () => addon.sum(handle, false, undefined, 10)))
    expect(sums.every((sum) => sum === 100)).toBe(true)
  })
})

describe('errors', () => {
  const expected: Record<Failure, { code: string; message: RegExp }> = {
    typed: { code: 'CORRUPT_DATA', message: /^This is damaged\.$/ },
    standard: { code: 'ADAPTER_FAULT', message: /a standard exception/ },
    memory: { code: 'ADAPTER_FAULT', message: /not enough memory/ },
    number: { code: 'ADAPTER_FAULT', message: /not an error/ },
  }
  for (const [kind, { code, message }] of Object.entries(expected)) {
    test(`a ${kind} exception becomes ${code}, on the pool and at once`, async () => {
      for (const now of [false, true]) {
        const error = await thrownBy(() => addon.fail(kind as Failure, now))
        expect(error.code).toBe(code)
        expect(error.message).toMatch(message)
        expect(error).toBeInstanceOf(Error)
      }
      // The pool goes on.
      expect(await addon.sum(addon.hold(Float32Array.of(1, 2), 2), false, undefined, 1)).toBe(3)
    })
  }

  test('arguments that do not fit are INVALID_ARGUMENT', async () => {
    const detached = new Float32Array(4)
    structuredClone(detached.buffer, { transfer: [detached.buffer] })
    const wrong: (() => unknown)[] = [
      () => addon.hold(new Float64Array(4) as never, 4),
      () => addon.hold(new Float32Array(4), 5),
      () => addon.hold(detached, 4),
      () => addon.hold([1, 2] as never, 2),
      () => addon.hold(new DataView(new ArrayBuffer(16)) as never, 4),
      () => addon.hold(new Float32Array(1), -1),
      () => addon.hold(new Float32Array(1), 0.5),
      () => addon.hold(new Float32Array(1), Number.NaN),
      () => addon.hold(new Float32Array(1), 2 ** 60),
      () => addon.hold(new Float32Array(1), '1' as never),
      () => addon.sum({}, false, undefined, 1),
      () => addon.sum(undefined, false, undefined, 1),
      () => addon.sum(7, false, undefined, 1),
      () => addon.sum(addon.holdOther(), false, undefined, 1),
      () => addon.sum(addon.createControl(), false, undefined, 1),
      () => addon.sum(addon.hold(new Float32Array(1), 1), 1 as never, undefined, 1),
      () => addon.sum(addon.hold(new Float32Array(1), 1), false, {}, 1),
      () => addon.fail(3 as never, false),
      () => addon.close({}),
      () => addon.abort(addon.holdOther()),
    ]
    for (const call of wrong) expect((await thrownBy(call)).code).toBe('INVALID_ARGUMENT')
  })
})

describe('handles', () => {
  test('a closed handle is refused, and closing twice does no harm', async () => {
    const handle = addon.hold(Float32Array.of(1, 2, 3), 3)
    addon.close(handle)
    addon.close(handle)
    const error = await thrownBy(() => addon.sum(handle, false, undefined, 1))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.message).toMatch(/closed/)
  })

  test('a call in flight keeps what its handle held', async () => {
    const handle = addon.hold(new Float32Array(100_000).fill(1), 100_000)
    const sum = addon.sum(handle, false, undefined, 100)
    addon.close(handle)
    expect(await sum).toBe(100_000)
  })

  test('the garbage collector hears of complete values, of changes that matter, and not of one that takes the place of another', async () => {
    const MB = 2 ** 20
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
    const hold = (): object => addon.hold(new Float32Array(1), 1)
    const before = addon.told()
    const known = (): number => Math.round((addon.told() - before) / (64 * MB)) * 64 + 0
    const first = hold()
    addon.account(first, 256 * MB, false)
    await turn()
    expect(known()).toBe(0)
    addon.account(first, 256 * MB)
    await turn()
    expect(known()).toBe(256)
    addon.account(first, 512 * MB, false)
    await turn()
    expect(known()).toBe(256)
    addon.account(first, 512 * MB)
    await turn()
    expect(known()).toBe(512)
    const second = hold()
    addon.account(second, 512 * MB)
    addon.close(first)
    expect(known()).toBe(512)
    await turn()
    expect(known()).toBe(512)
    addon.close(second)
    await turn()
    expect(known()).toBe(0)
  })

  test('the garbage collector is told of the memory behind handles, and so comes for them', async () => {
    let collected = 0
    const registry = new FinalizationRegistry(() => collected++)
    for (let round = 0; round < 300 && collected === 0; round++) {
      for (let i = 0; i < 10; i++) {
        const handle = addon.hold(new Float32Array(1), 1)
        addon.account(handle, 64 << 20)
        registry.register(handle, undefined)
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(collected).toBeGreaterThan(0)
  })
})

describe('nativeTask', () => {
  test('an aborted signal stops the work', async () => {
    const controller = new AbortController()
    const work = nativeTask(addon, { signal: controller.signal }, (control) => addon.steps(10_000, 4, control))
    setTimeout(() => controller.abort(), 20)
    expect((await thrownBy(() => work)).code).toBe('ABORTED')
  })

  test('a signal that was aborted before does not let it begin', async () => {
    const work = nativeTask(addon, { signal: AbortSignal.abort() }, (control) => addon.steps(10_000, 4, control))
    expect((await thrownBy(() => work)).code).toBe('ABORTED')
  })

  test('a loop stops between ranges', async () => {
    const controller = new AbortController()
    const work = nativeTask(addon, { signal: controller.signal }, (control) => addon.sleep(4, 100_000, control))
    setTimeout(() => controller.abort(), 20)
    expect((await thrownBy(() => work)).code).toBe('ABORTED')
  })

  test('progress rises, and its last word is the whole', async () => {
    const seen: number[] = []
    const onProgress = ({ done, total }: { done: number; total?: number }): void => {
      expect(total).toBe(40)
      seen.push(done)
    }
    expect(await nativeTask(addon, { onProgress }, (control) => addon.steps(40, 8, control))).toBe(40)
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen.at(-1)).toBe(40)
  })

  test('what onProgress throws stops the work and comes out', async () => {
    const onProgress = (): void => {
      throw new RangeError('enough')
    }
    const error = await thrownBy(() => nativeTask(addon, { onProgress }, (control) => addon.steps(10_000, 4, control)))
    expect(error).toBeInstanceOf(RangeError)
  })
})

describe('results', () => {
  for (const [queries, k] of [
    [1, 10],
    [3, 0],
    [2000, 30],
  ] as const) {
    test(`${queries} × ${k} neighbours come whole, as arrays and through the scratch memory`, () => {
      const count = queries * k
      const expected = {
        rows: Uint32Array.from({ length: count }, (_, i) => i),
        distances: Float32Array.from({ length: count }, (_, i) => i / 2),
        offsets: Uint32Array.from({ length: queries + 1 }, (_, i) => i * k),
      }
      const first = shortAnswer(addon, addon.shortNeighbours(queries, k), queries)
      shortAnswer(addon, addon.shortNeighbours(1, 1), 1) // must not write into the answer before
      expect(addon.neighbours(queries, k)).toEqual(expected)
      expect(first).toEqual(expected)
    })
  }

  test('gaps of queries that found fewer are closed', () => {
    const { rows, offsets } = addon.shrunk(Uint32Array.of(2, 0, 3, 1), 3, 4)
    expect([...offsets]).toEqual([0, 2, 2, 5, 6])
    expect([...rows]).toEqual([0, 1, 6, 7, 8, 9])
  })
})
