// A FileDescriptorSet cut by a crash at every single operation: every batch whose call had returned is there, the one in flight is whole or absent.

import { describe, expect, it } from 'vitest'
import { type DescriptorItems, rowOf, vectorBatchOf } from '../../src/index.ts'
import { type FileDescriptorSet, openFileDescriptorSetOn } from '../../src/node/index.ts'
import { SimulatedDisk } from './support/simulated-disk.ts'

type State = Record<string, number[]>

const directory = '/data/set'
/** Vectors from here on take several writes, and are compared by a few of their numbers. */
const LONG = 100_000

const batch = (rows: State): DescriptorItems => ({
  uids: Object.keys(rows),
  vectors: vectorBatchOf(Object.values(rows)),
  attributes: Object.keys(rows).map((uid) => (uid.length > 1 ? { name: uid } : undefined)),
})

async function stateOf(set: FileDescriptorSet): Promise<State> {
  const state: State = {}
  for await (const { uids, vectors, attributes } of set.items()) {
    uids.forEach((uid, i) => {
      const vector = rowOf(vectors, i)
      state[uid] = vector.length < LONG ? Array.from(vector) : [vector.length, vector[0]!, vector.at(-1)!, vector.reduce((a, b) => a + b)]
      expect(attributes?.[i]).toEqual(uid.length > 1 ? { name: uid } : undefined)
    })
  }
  expect(await set.count()).toBe(Object.keys(state).length)
  return state
}

/** The steps, the state after each, and after how many operations each had returned. */
async function record(disk: SimulatedDisk, steps: readonly ((set: FileDescriptorSet) => Promise<unknown>)[], sync: 'batch' | 'none' = 'batch') {
  const states: State[] = [{}]
  const returned: number[] = []
  let set = await openFileDescriptorSetOn(disk.storage(), { directory, sync })
  returned.push(disk.operations.length)
  for (const step of steps) {
    await step(set)
    if (
      await set.count().then(
        () => false,
        () => true,
      )
    )
      set = await openFileDescriptorSetOn(disk.storage(), { directory, sync })
    states.push(await stateOf(set))
    returned.push(disk.operations.length)
  }
  return { states, returned }
}

async function explore(disk: SimulatedDisk, states: readonly State[], returned: readonly number[], durable = true) {
  let explored = 0
  let cut = 0
  for (let count = 0; count <= disk.operations.length; count++) {
    const step = returned.filter((at) => at <= count).length - 1
    // In flight is at most the step after the last that had returned; without syncs any prefix may be left.
    const allowed = states.slice(durable ? Math.max(0, step) : 0, step + 2)
    for (const crash of disk.crashesAfter(count)) {
      const where = `after ${count} operations, ${crash.how}`
      const set = await openFileDescriptorSetOn(crash.disk.storage('after'), { directory }).catch((error: unknown) => {
        throw new Error(where, { cause: error })
      })
      const state = await stateOf(set)
      expect(allowed.length === 0 ? [{}] : allowed, where).toContainEqual(state)
      if (set.cutBytes > 0) cut++
      // It goes on from there.
      await set.addMany([batch({ after: [9, 9] })])
      await set.dispose()
      const again = await openFileDescriptorSetOn(crash.disk.storage('later'), { directory, readOnly: true })
      expect(await stateOf(again)).toEqual({ ...state, after: [9, 9] })
      expect(again.cutBytes).toBe(0)
      await again.dispose()
      explored++
    }
  }
  return { explored, cut }
}

const steps = [
  (set: FileDescriptorSet) => set.addMany([batch({ a: [1, 2], bb: [3, 4], c: [5, 6] })]),
  (set: FileDescriptorSet) => set.addMany([batch({ d: [1, 2, 3], a: [7, 8, 9] })]),
  (set: FileDescriptorSet) => set.removeMany(['bb', 'd']),
]

describe('a FileDescriptorSet on a disk that crashes', () => {
  it('has every batch that was added, and the one in flight whole or not at all', async () => {
    const disk = new SimulatedDisk()
    const { states, returned } = await record(disk, [
      ...steps,
      (set) => set.clear(),
      (set) => set.addMany([batch({ e: [1] })]),
      (set) => set.dispose(),
    ])
    const { explored, cut } = await explore(disk, states, returned)
    expect(explored).toBeGreaterThan(200)
    expect(cut).toBeGreaterThan(20)
  })

  it('has a batch of several writes whole or not at all, in whatever order they reach the device', async () => {
    const disk = new SimulatedDisk()
    const long = { long: Array.from({ length: 600_000 }, (_, i) => i % 7) }
    const { states, returned } = await record(disk, [steps[0]!, (set) => set.addMany([batch(long)])])
    expect(disk.operations.filter(({ type }) => type === 'write').length).toBeGreaterThan(4)
    await explore(disk, states, returned)
  })

  it('has the same content when its compaction is cut', async () => {
    const disk = new SimulatedDisk()
    const { states, returned } = await record(disk, [...steps, (set) => set.compact(), (set) => set.addMany([batch({ f: [1, 1] })])])
    await explore(disk, states, returned)
  })

  it('without a sync for each batch, has a prefix of the batches', async () => {
    const disk = new SimulatedDisk()
    const { states, returned } = await record(disk, [...steps, (set) => set.addMany([batch({ g: [4] })])], 'none')
    await explore(disk, states, returned, false)
  })

  it('does not take what an earlier process left in the memory of the system for what the device has', async () => {
    const disk = new SimulatedDisk()
    const first = await openFileDescriptorSetOn(disk.storage('first'), { directory, sync: 'none' })
    await first.addMany([batch({ a: [1, 2] })])
    // It is killed here; the next one finds the batch, though no device has it yet.
    const from = disk.operations.length
    const second = await openFileDescriptorSetOn(disk.storage('second'), { directory })
    await second.addMany([batch({ b: [3, 4] })])
    for (let count = from; count <= disk.operations.length; count++) {
      for (const crash of disk.crashesAfter(count)) {
        const set = await openFileDescriptorSetOn(crash.disk.storage('after'), { directory })
        expect([{}, { a: [1, 2] }, { a: [1, 2], b: [3, 4] }]).toContainEqual(await stateOf(set))
      }
    }
  })

  it('does not mix a batch with what is left of one that was taken back', async () => {
    const disk = new SimulatedDisk()
    const set = await openFileDescriptorSetOn(disk.storage(), { directory })
    const from = disk.operations.length
    // All of the record that differs is in the first write.
    const rows = (x: number): State => ({ a: new Array(200_000).fill(x), b: new Array(200_000).fill(5) })
    // The same layout twice: the first is cut short by a full disk, the second reuses its place.
    disk.fault = (operation) => {
      if (operation.type === 'write' && operation.position > 1_000_000) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    }
    await expect(set.addMany([batch(rows(1))])).rejects.toMatchObject({ code: 'IO_FAILED' })
    disk.fault = undefined
    await set.addMany([batch(rows(2))])
    const whole = await stateOf(set)
    for (let count = from; count <= disk.operations.length; count++) {
      for (const crash of disk.crashesAfter(count, true)) {
        const after = await openFileDescriptorSetOn(crash.disk.storage('after'), { directory })
        expect([{}, whole], `after ${count} operations, ${crash.how}`).toContainEqual(await stateOf(after))
      }
    }
  })

  it('takes a batch back that fails, and stays whole through a crash after that', async () => {
    for (let at = 0; ; at++) {
      const disk = new SimulatedDisk()
      const set = await openFileDescriptorSetOn(disk.storage(), { directory })
      await set.addMany([batch({ a: [1, 2] })])
      const from = disk.operations.length
      let left = at
      disk.fault = () => {
        if (left-- === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      }
      const error = await set.addMany([batch({ b: [3, 4] })]).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      disk.fault = undefined
      if (!error) break
      expect(error).toMatchObject({ code: 'IO_FAILED' })
      expect(await stateOf(set)).toEqual({ a: [1, 2] })
      for (let count = from; count <= disk.operations.length; count++) {
        for (const crash of disk.crashesAfter(count)) {
          const after = await openFileDescriptorSetOn(crash.disk.storage('after'), { directory })
          expect([{ a: [1, 2] }, { a: [1, 2], b: [3, 4] }]).toContainEqual(await stateOf(after))
        }
      }
      await set.dispose()
    }
  })
})
