// FileDescriptorSet: a map on the disk, whatever is done to it; and what it says of a damaged file.

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Attributes, type DescriptorItems, type DescriptorSet, rowOf, vectorBatchOf } from '../../src/index.ts'
import { type FileDescriptorSet, fileDescriptorSet, openFileDescriptorSet, openFileDescriptorSetOn } from '../../src/node/index.ts'
import { SimulatedDisk } from './support/simulated-disk.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cbir-set-'))
})
afterAll(() => rm(root, { recursive: true }))

let used = 0
const fresh = (): string => join(root, `set ${used++}`, 'inner')

type Row = { readonly vector: readonly number[]; readonly attributes: Attributes | undefined }

async function entriesOf(set: DescriptorSet, batchSize = 3): Promise<[string, Row][]> {
  const entries: [string, Row][] = []
  for await (const { uids, vectors, attributes } of set.items({ batchSize })) {
    expect(uids.length).toBeLessThanOrEqual(batchSize)
    uids.forEach((uid, i) => void entries.push([uid, { vector: Array.from(rowOf(vectors, i)), attributes: attributes?.[i] }]))
  }
  return entries
}

const one = (uid: string, vector: readonly number[]): DescriptorItems => ({ uids: [uid], vectors: vectorBatchOf([vector]) })

const uid = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd', 'e/ü', '🙂'), fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }))
const attributes = fc.option(
  fc.dictionary(
    fc.string({ maxLength: 4 }).filter((key) => key !== '__proto__'),
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    { maxKeys: 3, noNullPrototype: true },
  ),
  { nil: undefined },
)
const rows = fc.integer({ min: 1, max: 5 }).chain((dimensions) =>
  fc.uniqueArray(
    fc.record({
      uid,
      vector: fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: dimensions, maxLength: dimensions }),
      attributes,
    }),
    { minLength: 1, maxLength: 6, selector: (row) => row.uid },
  ),
)
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('add' as const), rows }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('remove' as const), picks: fc.array(fc.nat(), { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'compact' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'reopen' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'crash' as const }) },
)

describe('FileDescriptorSet', () => {
  it('equals a map through any sequence of changes, compactions and reopenings', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 20 }), fc.constantFrom('batch' as const, 'none' as const), async (commands, sync) => {
        const disk = new SimulatedDisk()
        let process = 0
        const open = (): Promise<FileDescriptorSet> => openFileDescriptorSetOn(disk.storage(`p${process++}`), { directory: '/set', sync })
        let set = await open()
        const model = new Map<string, Row>()
        for (const command of commands) {
          if (command.type === 'add') {
            const batch = {
              uids: command.rows.map((row) => row.uid),
              vectors: vectorBatchOf(command.rows.map((row) => row.vector)),
              attributes: command.rows.map((row) => row.attributes),
            }
            expect(await set.addMany([batch])).toBe(command.rows.length)
            for (const row of command.rows) model.set(row.uid, { vector: row.vector, attributes: row.attributes })
          } else if (command.type === 'remove') {
            const uids = [...new Set(command.picks.map((pick) => [...model.keys()][pick % (model.size || 1)]))].filter((u) => u !== undefined)
            await set.removeMany(uids)
            for (const gone of uids) model.delete(gone)
          } else if (command.type === 'clear') {
            await set.clear()
            model.clear()
          } else if (command.type === 'compact') await set.compact()
          else {
            if (command.type === 'reopen') await set.dispose()
            set = await open()
            expect(set.cutBytes).toBe(0)
          }
          expect(await entriesOf(set)).toEqual([...model])
        }
        const uids = [...model.keys()].reverse()
        expect(await set.getAttributes(uids)).toEqual(uids.map((u) => model.get(u)?.attributes))
        for (const u of uids) {
          const dimensions = await set.dimensionsOf(u)
          const into = new Float32Array(dimensions * 2)
          await set.getVectors([u, u], into)
          expect(Array.from(into)).toEqual([...model.get(u)!.vector, ...model.get(u)!.vector])
        }
        await set.dispose()
      }),
      { numRuns: 150 },
    )
  })

  it('answers many vectors in any order, with repeats, larger than one read', async () => {
    const set = await openFileDescriptorSet({ directory: fresh() })
    const dimensions = 700
    const count = 3000
    const data = Float32Array.from({ length: count * dimensions }, (_, i) => Math.fround(Math.sin(i)))
    const uids = Array.from({ length: count }, (_, i) => `u${i}`)
    await set.addMany([{ uids, vectors: { data, count, dimensions } }])
    const asked = Array.from({ length: 9000 }, (_, i) => (i * 7919) % count)
    const into = new Float32Array(asked.length * dimensions)
    expect(
      await set.getVectors(
        asked.map((i) => uids[i]!),
        into,
      ),
    ).toBe(dimensions)
    for (const [at, i] of asked.entries()) {
      expect(into[at * dimensions]).toBe(data[i * dimensions])
      expect(into[(at + 1) * dimensions - 1]).toBe(data[(i + 1) * dimensions - 1])
    }
    await set.dispose()
  })

  it('compacts: what was overwritten and removed no longer takes room, and readers go on', async () => {
    const directory = fresh()
    const set = await openFileDescriptorSet({ directory })
    for (let i = 0; i < 50; i++) await set.addMany([one('again', [i, i, i, i]), one(`n${i}`, [i])])
    await set.removeMany(Array.from({ length: 49 }, (_, i) => `n${i}`))
    const before = (await stat(join(directory, 'descriptors.log'))).size
    const into = new Float32Array(4)
    const [saved] = await Promise.all([set.compact(), ...Array.from({ length: 20 }, () => set.getVectors(['again'], into))])
    const after = (await stat(join(directory, 'descriptors.log'))).size
    expect(before - after).toBe(saved)
    expect(after).toBeLessThan(400)
    await set.addMany([one('more', [1])])
    await set.dispose()
    const again = await openFileDescriptorSet({ directory, readOnly: true })
    expect((await entriesOf(again)).map(([name]) => name)).toEqual(['again', 'n49', 'more'])
    await again.dispose()
  })

  it('leaves the set as it was when a change is refused or aborted', async () => {
    const directory = fresh()
    const set = await openFileDescriptorSet({ directory })
    await set.addMany([one('a', [1, 2])])
    await expect(set.addMany([one('half \ud800', [1])])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(set.addMany([one('x'.repeat(70_000), [1])])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(set.removeMany(['a', 'nobody'])).rejects.toMatchObject({ code: 'UNKNOWN_UID' })
    const controller = new AbortController()
    const long = new Float32Array(8_000_000)
    const source = async function* (): AsyncGenerator<DescriptorItems> {
      setTimeout(() => controller.abort(new Error('enough')), 1)
      yield { uids: ['long'], vectors: { data: long, count: 1, dimensions: long.length } }
      await new Promise(() => undefined)
    }
    const size = (await stat(join(directory, 'descriptors.log'))).size
    await expect(set.addMany(source(), { signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' })
    expect(await entriesOf(set)).toEqual([['a', { vector: [1, 2], attributes: undefined }]])
    expect((await stat(join(directory, 'descriptors.log'))).size).toBe(size)
    await set.dispose()
  })

  it('is refused to a second writer, open to readers, and free again after dispose or a kill', async () => {
    const directory = fresh()
    const set = await openFileDescriptorSet({ directory })
    await set.addMany([one('a', [1])])
    await expect(openFileDescriptorSet({ directory })).rejects.toMatchObject({ code: 'IN_USE' })
    const reader = await openFileDescriptorSet({ directory, readOnly: true })
    await set.addMany([one('b', [2])])
    expect(await reader.count()).toBe(1)
    await expect(reader.addMany([one('c', [1])])).rejects.toMatchObject({ code: 'READ_ONLY' })
    await expect(reader.compact()).rejects.toMatchObject({ code: 'READ_ONLY' })
    await Promise.all([reader.dispose(), set.dispose()])
    await expect(set.compact()).rejects.toMatchObject({ code: 'DISPOSED' })
    // A lock of a process that has been killed: one that ran, and has ended.
    const child = spawn(process.execPath, ['-e', ''])
    const pid = child.pid
    await new Promise((done) => child.on('exit', done))
    const ours = await openFileDescriptorSet({ directory })
    const lock = (await readdir(directory)).find((name) => name.startsWith('lock-'))!
    await ours.dispose()
    await writeFile(join(directory, lock.replace(`.${process.pid}.`, `.${pid}.`)), '')
    const next = await openFileDescriptorSet({ directory })
    expect((await readdir(directory)).filter((name) => name.startsWith('lock-'))).toHaveLength(1)
    await next.dispose()
    expect(await readdir(directory)).toEqual(['descriptors.log'])
  })

  it('says what is wrong with a place or a configuration', async () => {
    const directory = fresh()
    await expect(openFileDescriptorSet({ directory, readOnly: true })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, 'holiday.jpg'), 'x')
    await expect(openFileDescriptorSet({ directory })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await readdir(directory)).toEqual(['holiday.jpg'])
    await expect(openFileDescriptorSet({ directory: join(directory, 'holiday.jpg') })).rejects.toMatchObject({ code: 'IO_FAILED' })
    await expect(openFileDescriptorSet({} as never)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(openFileDescriptorSet({ directory, sync: 'often' as never })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  it('is a plugin, and gives its configuration back', async () => {
    const directory = fresh()
    const set = await fileDescriptorSet({ directory })
    expect(set.toConfig()).toEqual({
      type: 'file-descriptor-set',
      package: '@cbir/core',
      config: { directory, readOnly: false, sync: 'batch' },
    })
    await set.dispose()
  })
})

describe('the log of a FileDescriptorSet', () => {
  /** A log of batches, and the states after each. */
  async function logOf(sealed: boolean): Promise<{ bytes: Buffer; states: string[][]; directory: string }> {
    const directory = fresh()
    const set = await openFileDescriptorSet({ directory })
    const states: string[][] = [[]]
    for (let i = 0; i < 6; i++) {
      await set.addMany([
        {
          uids: [`a${i}`, `b${i}`],
          vectors: vectorBatchOf([
            [i, 1, 2],
            [i, 3, 4],
          ]),
        },
      ])
      states.push((await entriesOf(set)).map(([name]) => name))
    }
    const unsealed = await readFile(join(directory, 'descriptors.log'))
    await set.dispose()
    return { bytes: sealed ? await readFile(join(directory, 'descriptors.log')) : unsealed, states, directory }
  }

  const opened = async (bytes: Uint8Array): Promise<{ names: string[]; cutBytes: number }> => {
    const disk = new SimulatedDisk()
    await disk.put('/set/descriptors.log', bytes)
    const set = await openFileDescriptorSetOn(disk.storage(), { directory: '/set', readOnly: true })
    try {
      return { names: (await entriesOf(set)).map(([name]) => name), cutBytes: set.cutBytes }
    } finally {
      await set.dispose()
    }
  }

  it('cut at any byte is exactly a prefix of the batches, and is cut off on the disk by a writer', async () => {
    const { bytes, states, directory } = await logOf(true)
    let last = 0
    for (let length = 32; length <= bytes.length; length++) {
      const { names } = await opened(bytes.subarray(0, length))
      const at = states.findIndex((state) => state.length === names.length)
      expect(names).toEqual(states[at])
      expect(at).toBeGreaterThanOrEqual(last)
      last = at
    }
    expect(last).toBe(6)
    await writeFile(join(directory, 'descriptors.log'), bytes.subarray(0, 300))
    const set = await openFileDescriptorSet({ directory })
    expect((await stat(join(directory, 'descriptors.log'))).size).toBe(300 - set.cutBytes)
    expect(set.cutBytes).toBeGreaterThan(0)
    await set.dispose()
    for (const length of [0, 1, 31]) {
      await expect(opened(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    }
  })

  it('with any flipped bit before the last batch is refused; in the last one of a log that was not closed, that batch is cut', async () => {
    for (const sealed of [true, false]) {
      const { bytes, states } = await logOf(sealed)
      const step = 7
      for (let at = 0; at < bytes.length; at += step) {
        const damaged = Buffer.from(bytes)
        damaged[at]! ^= 1 << (at & 7)
        const outcome = await opened(damaged).catch((error: unknown) => error as Error)
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'CORRUPT_DATA' })
        else {
          // Only the last batch may be cut: the empty one that closes the log, or, where it was not closed, the sixth.
          expect(outcome.names).toEqual(states[sealed ? 6 : 5])
          expect(at).toBeGreaterThan(bytes.length * (sealed ? 0.9 : 0.8))
        }
      }
    }
  })

  it('damaged in 1 to 64 places, cut, grown or foreign is refused or is a prefix of the batches', async () => {
    const { bytes, states } = await logOf(true)
    const damage = fc.oneof(
      fc.record({ flips: fc.array(fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) }), { minLength: 1, maxLength: 64 }) }),
      fc.record({ cut: fc.nat(bytes.length) }),
      fc.record({ grown: fc.uint8Array({ minLength: 1, maxLength: 200 }) }),
      fc.record({ foreign: fc.uint8Array({ maxLength: 400 }) }),
      fc.record({ moved: fc.nat(bytes.length), by: fc.integer({ min: 1, max: 100 }) }),
    )
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        let damaged = Buffer.from(bytes)
        if ('flips' in how) for (const { at, bit } of how.flips) damaged[at]! ^= 1 << bit
        else if ('cut' in how) damaged = damaged.subarray(0, how.cut)
        else if ('grown' in how) damaged = Buffer.concat([damaged, how.grown])
        else if ('foreign' in how) damaged = Buffer.from(how.foreign)
        else damaged = Buffer.concat([damaged.subarray(0, how.moved), damaged.subarray(how.moved + how.by)])
        const outcome = await opened(damaged).catch((error: unknown) => error as Error)
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'CORRUPT_DATA' })
        else expect(states).toContainEqual(outcome.names)
      }),
      { numRuns: 300 },
    )
  })

  it('is not fooled by vectors that look like batches', async () => {
    const { bytes, directory } = await logOf(true)
    await rm(join(directory, 'descriptors.log'))
    const set = await openFileDescriptorSet({ directory })
    const floats = new Float32Array(Math.floor(bytes.length / 4)).map((_, i) => bytes.readFloatLE(i * 4))
    const tame = floats.map((x) => (Number.isFinite(x) ? x : 0))
    await set.addMany([one('first', [1])])
    await set.addMany([{ uids: ['log'], vectors: { data: tame, count: 1, dimensions: tame.length } }])
    const path = join(directory, 'descriptors.log')
    const whole = (await stat(path)).size
    await set.dispose()
    await truncate(path, whole - 10)
    const again = await openFileDescriptorSet({ directory })
    expect((await entriesOf(again)).map(([name]) => name)).toEqual(['first'])
    await again.dispose()
  })

  it('claims of huge sizes make no huge allocation', async () => {
    const { bytes } = await logOf(false)
    for (let at = 64; at < 64 + 24; at += 4) {
      const damaged = Buffer.from(bytes)
      damaged.writeUInt32LE(0xffffffff, at)
      await expect(opened(damaged)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    }
  })
})
