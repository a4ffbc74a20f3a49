// Calls of one index that overlap: what each sees, what stands in the end, and that every state of the driver is closed once.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineNearestNeighborsIndex, openNearestNeighborsIndex } from '../../src/define.ts'
import { CbirError, type Items } from '../../src/index.ts'
import { rows } from '../support/batches.ts'
import { type LinearDriver, type LinearState, linearDriver, linearIndex } from '../support/linear-index.ts'
import { memoryContainer } from '../support/memory-container.ts'

const item = (uid: string, ...vector: number[]): Items => ({ uids: [uid], vectors: rows(vector) })

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** A source that waits for `until` before its only batch. */
async function* after(until: Promise<unknown>, items: Items): AsyncGenerator<Items> {
  await until
  yield items
}

/** Saves and loads a linear state as text. */
const persisted: Partial<LinearDriver> = {
  save: (state, writer) => writer.write('rows', [new TextEncoder().encode(JSON.stringify(state.rows.map((row) => [...row])))]),
  async load(container) {
    const text = new TextDecoder().decode(await container.read('rows'))
    return { rows: (JSON.parse(text) as number[][]).map((row) => Float32Array.from(row)), closed: false }
  },
}

describe('builds', () => {
  test('stand although the old state cannot be closed', async () => {
    const states: LinearState[] = []
    const driver = linearDriver('euclidean', {
      open() {
        states.push({ rows: [], closed: false })
        return states.at(-1)!
      },
      close(state) {
        state.closed = true
        if (state === states[0]) throw new Error('cannot close')
      },
    })
    const index = defineNearestNeighborsIndex('linear', driver)
    await index.build([item('old', 0, 0)])
    expect(await index.build([item('new', 1, 1)])).toBe(1)
    expect(states.map(({ closed }) => closed)).toEqual([true, false])
    expect((await index.nearest(rows([0, 0]), 1)).uids).toEqual(['new'])
  })

  test('that wait for an earlier call end when they are aborted', async () => {
    const states: LinearState[] = []
    const open = (): LinearState => {
      states.push({ rows: [], closed: false })
      return states.at(-1)!
    }
    const index = linearIndex('euclidean', { open })
    const { opened, open: release } = gate()
    const first = index.build(after(opened, item('first', 0)))
    const abort = new AbortController()
    const second = index.build([item('second', 1)], { signal: abort.signal })
    const change = index.update([item('third', 2)], { signal: abort.signal })
    const removal = index.remove(['first'], { signal: abort.signal })
    await new Promise((resolve) => setTimeout(resolve))
    abort.abort()
    for (const call of [second, change, removal]) await expect(call).rejects.toMatchObject({ code: 'ABORTED' })
    expect(states.map(({ closed }) => closed)).toEqual([true])
    release()
    expect(await first).toBe(1)
    expect((await index.nearest(rows([0]), 5)).uids).toEqual(['first'])
  })

  test('that wait for an earlier call take effect after it', async () => {
    const index = linearIndex()
    const { opened, open: release } = gate()
    const first = index.build(after(opened, item('first', 0)))
    const second = index.build([item('second', 1)])
    const change = index.update([item('third', 2)])
    release()
    await Promise.all([first, second, change])
    expect((await index.nearest(rows([0]), 5)).uids).toEqual(['second', 'third'])
  })
})

test('an update that builds lets queries of its own source through', async () => {
  const index = linearIndex()
  const seen: unknown[] = []
  async function* source(): AsyncGenerator<Items> {
    yield item('a', 0)
    await index.nearest(rows([0]), 1).catch((error: CbirError) => seen.push(error.code))
    yield item('b', 1)
  }
  expect(await index.update(source())).toBe(2)
  expect(seen).toEqual(['EMPTY_INDEX'])
})

test('two first updates at once are both there', async () => {
  const index = linearIndex()
  const { opened, open: release } = gate()
  const updates = [index.update(after(opened, item('a', 0))), index.update([item('b', 1)]), index.update([item('c', 2)])]
  release()
  await Promise.all(updates)
  expect((await index.nearest(rows([0]), 5)).uids).toEqual(['a', 'b', 'c'])
})

test('save into the directory of the index never covers a newer build', async () => {
  const container = memoryContainer()
  const { opened, open: release } = gate()
  let saves = 0
  const driver = linearDriver('euclidean', {
    ...persisted,
    async save(state, writer, options) {
      if (++saves === 2) await opened // that of save(), which is asked for before the second build
      await persisted.save!(state, writer, options)
    },
  })
  const open = (): ReturnType<typeof openNearestNeighborsIndex> => openNearestNeighborsIndex('linear', driver, { container, directory: 'home' })
  const index = await open()
  await index.build([item('old', 0)])
  const saved = index.save('home')
  const built = index.build([item('new', 1)])
  await new Promise((resolve) => setTimeout(resolve, 5))
  release()
  await Promise.all([saved, built])
  await index.dispose()
  const again = await open()
  expect((await again.nearest(rows([0]), 5)).uids).toEqual(['new'])
})

test('a filter that is kept does not keep the content of an earlier build', async () => {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  let first: WeakRef<LinearState> | undefined
  const index = linearIndex('euclidean', {
    open() {
      const state = { rows: [], closed: false }
      first ??= new WeakRef(state)
      return state
    },
  })
  await index.build([item('a', 0)])
  const filter = await index.compileFilter(() => true)
  await index.nearest(rows([0]), 1, { filter })
  await index.build([item('b', 0)])
  for (let i = 0; i < 20 && first?.deref(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    gc()
  }
  expect(first?.deref()).toBeUndefined()
  expect((await index.nearest(rows([0]), 1, { filter })).uids).toEqual(['b'])
})

test('an async source that aborts the call and then fails leaves no rejection behind', async () => {
  const abort = new AbortController()
  const source = {
    [Symbol.asyncIterator]: () => ({
      next(): Promise<IteratorResult<Items>> {
        abort.abort()
        return Promise.reject(new Error('the source failed too'))
      },
    }),
  }
  const unhandled: unknown[] = []
  const listener = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', listener)
  try {
    await expect(linearIndex().build(source, { signal: abort.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    await new Promise((resolve) => setTimeout(resolve, 5))
  } finally {
    process.off('unhandledRejection', listener)
  }
  expect(unhandled).toEqual([])
})

type Step = {
  kind: 'build' | 'update' | 'remove' | 'nearest' | 'filter' | 'flush' | 'save' | 'fail'
  uids: number[]
  wait: number
  abortAfter: number | undefined
}

/** Any calls, started at any distance from each other, some of them aborted, and the disposal in the midst of them. */
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('build', 'build', 'update', 'update', 'remove', 'nearest', 'filter', 'flush', 'save', 'fail'),
    uids: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }),
    wait: fc.integer({ min: 0, max: 6 }),
    abortAfter: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
  }),
  { maxLength: 12 },
)

const ticks = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await undefined
}

test('whatever overlaps: only typed errors, no state used after its close, each closed once, and the directory holds what stood last', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (plan, overwrites) => {
      const opened = new Set<LinearState>()
      const closes = new Map<LinearState, number>()
      let fail = false
      const alive = (state: LinearState): void => {
        if (closes.has(state)) throw new CbirError('ADAPTER_FAULT', 'used after close')
      }
      const plain = linearDriver('euclidean', persisted)
      const driver: LinearDriver = {
        ...plain,
        ...(overwrites ? {} : { overwrite: undefined }),
        open() {
          const state = { rows: [], closed: false }
          opened.add(state)
          return state
        },
        async append(state, vectors, options) {
          await ticks(3)
          alive(state)
          if (fail) throw new Error('append fails')
          await plain.append(state, vectors, options)
        },
        async search(state, queries, k, options) {
          await ticks(3)
          alive(state)
          return plain.search(state, queries, k, options)
        },
        async save(state, writer, options) {
          await ticks(2)
          alive(state)
          await plain.save!(state, writer, options)
        },
        async load(container, shape, options) {
          const state = await plain.load!(container, shape, options)
          opened.add(state)
          return state
        },
        close: (state) => void closes.set(state, (closes.get(state) ?? 0) + 1),
      }
      const container = memoryContainer()
      const open = (): ReturnType<typeof openNearestNeighborsIndex> => openNearestNeighborsIndex('linear', driver, { container, directory: 'home' })
      const index = await open()
      async function* source(uids: number[], pace: number): AsyncGenerator<Items> {
        for (const uid of uids) {
          await ticks(pace)
          yield item(`${uid}`, uid)
        }
      }
      const calls: Promise<unknown>[] = []
      for (const { kind, uids, wait, abortAfter } of plan) {
        await ticks(wait)
        const abort = new AbortController()
        if (abortAfter !== undefined) void ticks(abortAfter).then(() => abort.abort())
        const options = abortAfter === undefined ? {} : { signal: abort.signal }
        fail = kind === 'fail'
        if (kind === 'build') calls.push(index.build(source(uids, wait), options))
        else if (kind === 'update' || kind === 'fail') calls.push(index.update(source(uids, wait), options))
        else if (kind === 'remove') calls.push(index.remove(uids.map(String), options))
        else if (kind === 'nearest') calls.push(index.nearest(rows([3]), 3, options))
        else if (kind === 'filter')
          calls.push(index.compileFilter((uid) => uid > '2', options).then((filter) => index.nearest(rows([3]), 3, { filter })))
        else if (kind === 'flush') calls.push(index.flush(options))
        else calls.push(index.save('home', options))
        calls.at(-1)!.catch(() => undefined)
      }
      // Some seen before the end, most while they are under way.
      const settled = Promise.allSettled(calls)
      let last: string[] | undefined
      if (plan.length % 2 === 0) {
        await settled
        last = index.count === 0 ? [] : [...(await index.nearest(rows([0]), 100)).uids]
      }
      await index.dispose()
      for (const result of await settled) {
        if (result.status === 'rejected') {
          expect(result.reason).toSatisfy((error) => CbirError.isInstance(error))
          expect(result.reason.message).not.toContain('used after close')
        }
      }
      expect([...closes.values()].every((times) => times === 1)).toBe(true)
      expect(closes.size).toBe(opened.size)
      if (last) {
        const again = await open()
        expect(again.count === 0 ? [] : [...(await again.nearest(rows([0]), 100)).uids]).toEqual(last)
        await again.dispose()
      }
    }),
    { numRuns: 300 },
  )
})
