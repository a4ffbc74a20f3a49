// Bad input, aborts and damaged files: typed errors, and nothing has changed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BitBatch, CbirError, type HashIndex } from '@cbir/core'
import { defineHashIndex } from '@cbir/core/define'
import { ballTreeHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HashIndexAddon } from '../../src/hash-index/hash-index-addon.ts'
import { nativeHashIndexDriver } from '../../src/hash-index/native-hash-index-driver.ts'
import { lshAddon } from '../../src/lsh-addon.ts'
import { batchOf, randomNumbers, someCodes } from './support/oracle.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cbir-hash-index-'))
})
afterAll(() => rmSync(home, { recursive: true }))

const plugins = [linearHashIndex, multiIndexHashing, ballTreeHashIndex]
const subjects = plugins.flatMap((plugin) =>
  (['native', 'typescript'] as const).map((implementation) => ({ plugin, implementation, name: plugin.name })),
)
const bits = 70
const codes = someCodes(randomNumbers(1), 1500, bits, true)

/** Many codes, quickly made: numbers in the first 32 bits. */
function counted(count: number, width: number): BitBatch {
  const stride = Math.ceil(width / 64) * 8
  const words = new Uint32Array((count * stride) / 4)
  for (let i = 0; i < count; i++) words[(i * stride) / 4] = Math.imul(i, 0x9e3779b1)
  return { data: new Uint8Array(words.buffer), count, bits: width, stride }
}

async function answers(index: HashIndex): Promise<unknown> {
  const { rows, distances } = await index.nearest(batchOf(codes.slice(0, 3), bits), 50)
  return [index.count, [...rows], [...distances]]
}

describe.each(subjects)('$name, $implementation', ({ plugin, implementation }) => {
  test('bad input is refused and changes nothing', async () => {
    const index = await plugin({ implementation })
    const one = batchOf([codes[0]!], bits)
    await expect(index.nearest(one, 1)).rejects.toMatchObject({ code: 'EMPTY_INDEX' })
    await expect(index.build([])).rejects.toMatchObject({ code: 'EMPTY_BUILD' })
    await index.build([batchOf(codes, bits)])
    const before = await answers(index)
    const padded = { ...one, data: one.data.slice() }
    padded.data[15] = 128
    const refused: [() => Promise<unknown>, string][] = [
      [() => index.build([]), 'EMPTY_BUILD'],
      [() => index.build([batchOf([], bits)]), 'EMPTY_BUILD'],
      [() => index.build([one, batchOf(['01'], 2)]), 'DIMENSION_MISMATCH'],
      [() => index.build([padded]), 'INVALID_ARGUMENT'],
      [() => index.update([padded]), 'INVALID_ARGUMENT'],
      [() => index.update([batchOf(['01'], 2)]), 'DIMENSION_MISMATCH'],
      [() => index.remove(batchOf(['01'], 2)), 'DIMENSION_MISMATCH'],
      [() => index.remove(batchOf([codes[0]!, '1'.repeat(bits)], bits)), 'UNKNOWN_UID'],
      [() => index.remove(batchOf([codes[0]!, codes[0]!], bits)), 'DUPLICATE_UID'],
      [() => index.nearest(padded, 1), 'INVALID_ARGUMENT'],
      [() => index.nearest(batchOf(['01'], 2), 1), 'DIMENSION_MISMATCH'],
      [() => index.nearest({ ...one, stride: 9 }, 1), 'INVALID_ARGUMENT'],
      [() => index.nearest({ ...one, bits: 0 }, 1), 'INVALID_ARGUMENT'],
      [() => index.nearest({ ...one, count: 2 }, 1), 'INVALID_ARGUMENT'],
      [() => index.rowsOf(batchOf(['01'], 2)), 'DIMENSION_MISMATCH'],
      ...[0, -1, 1.5, Number.NaN, '1' as unknown as number].map((k): [() => Promise<unknown>, string] => [
        () => index.nearest(one, k),
        'INVALID_ARGUMENT',
      ]),
    ]
    for (const [call, code] of refused) await expect(call()).rejects.toMatchObject({ name: 'CbirError', code })
    expect(await answers(index)).toEqual(before)
    await index.dispose()
  })

  test('a build aborted at any moment leaves the old index', { timeout: 30_000 }, async () => {
    const index = await plugin({ implementation })
    await index.build([batchOf(codes, bits)])
    const before = await answers(index)
    for (const after of [0, 1, 20, 60]) {
      const control = new AbortController()
      const reason = new Error('enough')
      const built = index.build([counted(200_000, bits)], { signal: control.signal })
      setTimeout(() => control.abort(reason), after)
      const outcome = await built.catch((error: unknown) => error)
      if (typeof outcome === 'number') {
        // It was faster than the timer.
        await index.build([batchOf(codes, bits)])
        continue
      }
      expect(outcome).toMatchObject({ code: 'ABORTED', cause: reason })
      expect(await answers(index)).toEqual(before)
    }
    await index.dispose()
  })

  test('a long query is aborted', async () => {
    const index = await plugin({ implementation })
    await index.build([counted(100_000, 256)])
    const control = new AbortController()
    const found = index.nearest(counted(implementation === 'native' ? 3000 : 100, 256), 100, { signal: control.signal })
    setTimeout(() => control.abort('enough'), 5)
    await expect(found).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect((await index.nearest(counted(1, 256), 1)).distances[0]).toBe(0)
    await index.dispose()
  })

  test('a damaged file is CORRUPT_DATA, or nothing but what was saved', async () => {
    const directory = join(home, `${plugin.name}-${implementation}`)
    const index = await plugin({ implementation, directory })
    await index.build([batchOf(codes.slice(0, 100), bits)])
    await index.remove(batchOf(codes.slice(3, 9), bits))
    const wanted = await answers(index)
    await index.dispose()
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const random = randomNumbers(7)
    for (let round = 0; round < 40; round++) {
      const file = files[random(files.length)]!
      const path = join(file.parentPath, file.name)
      const whole = readFileSync(path)
      const damaged = round % 4 === 0 ? whole.subarray(0, random(whole.length)) : Buffer.from(whole)
      if (damaged.length === whole.length) damaged[random(whole.length)]! ^= 1 << random(8)
      writeFileSync(path, damaged)
      const outcome = await plugin({ implementation, directory }).then(
        async (opened) => {
          const found = opened.count > 0 ? await answers(opened) : 'empty'
          await opened.dispose()
          return found
        },
        (error: unknown) => error,
      )
      writeFileSync(path, whole)
      if (CbirError.isInstance(outcome)) expect(['CORRUPT_DATA', 'INVALID_CONFIG', 'IO_FAILED']).toContain(outcome.code)
      else expect(outcome).toEqual(wanted)
    }
    const again = await plugin({ implementation, directory })
    expect(await answers(again)).toEqual(wanted)
    await again.dispose()
  })
})

test.each([
  () => multiIndexHashing({ substrings: 0 }),
  () => multiIndexHashing({ substrings: 1.5 }),
  () => ballTreeHashIndex({ leafSize: 0 }),
  () => ballTreeHashIndex({ seed: -1 }),
  () => linearHashIndex({ implementation: 'fast' as 'native' }),
  () => linearHashIndex({ unknown: 1 } as never),
])('a wrong configuration is INVALID_CONFIG (%#)', async (create) => {
  await expect((async () => create())()).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
})

test.each(['native', 'typescript'] as const)('substrings that do not fit the bits are INVALID_CONFIG (%s)', async (implementation) => {
  const few = await multiIndexHashing({ substrings: 2, implementation })
  await expect(few.build([batchOf(codes, bits)])).rejects.toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringContaining('3 to 70') })
  const many = await multiIndexHashing({ substrings: 9, implementation })
  await expect(many.update([batchOf(['10110111'], 8)])).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  expect(many.count).toBe(0)
  expect(await many.build([batchOf(codes, bits)])).toBe(codes.length)
})

test('every instruction set gives the same answers', async () => {
  const addon = lshAddon<HashIndexAddon>()
  const wanted: unknown[] = []
  for (const instructionSet of addon.instructionSets) {
    for (const kind of ['linear', 'multi-index', 'ball-tree'] as const) {
      const driver = nativeHashIndexDriver(addon, { kind, instructionSet, smallest: 1, patience: Number.POSITIVE_INFINITY })
      const index = defineHashIndex({ name: 'tested', package: '@cbir/lsh', config: {} }, driver)
      await index.build([batchOf(codes, bits)])
      wanted.push(await answers(index))
      await index.dispose()
    }
  }
  expect(wanted.length).toBeGreaterThanOrEqual(6)
  for (const one of wanted) expect(one).toEqual(wanted[0])
})

test('the addon refuses what no driver gives it', () => {
  const addon = lshAddon<HashIndexAddon>()
  const handle = addon.createHashIndex({ kind: 'linear', bits: 64 })
  addon.putCodes(handle, Uint32Array.of(0, 2), new Uint8Array(16), true)
  const wrong: (() => unknown)[] = [
    () => addon.createHashIndex({ kind: 'other' as 'linear', bits: 64 }),
    () => addon.createHashIndex({ kind: 'linear', bits: 0 }),
    () => addon.createHashIndex({ kind: 'linear', bits: 2 ** 40 }),
    () => addon.createHashIndex({ kind: 'linear', bits: 64, instructionSet: 'mmx' }),
    () => addon.putCodes(handle, Uint32Array.of(1), new Uint8Array(7), true),
    () => addon.putCodes(handle, Uint32Array.of(1, 3), new Uint8Array(8), true),
    () => addon.putCodes(handle, Uint32Array.of(2), new Uint8Array(8), true),
    () => addon.putCodes(handle, Uint32Array.of(2 ** 32 - 1), new Uint8Array(8), true),
    () => addon.putCodes(handle, Uint32Array.of(1), new Uint8Array(new ArrayBuffer(16), 1, 8), true),
    () => addon.freeCodes(handle, Uint32Array.of(1)),
    () => addon.freeCodes(handle, Uint32Array.of(7_000_000)),
    () => addon.searchCodes(handle, new Uint8Array(8), 3, true),
    () => addon.searchCodes(handle, new Uint8Array(8), 0, true),
    () => addon.searchCodes(handle, new Uint8Array(12), 1, true),
    () => addon.searchCodes({}, new Uint8Array(8), 1, true),
  ]
  for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(addon.searchCodes(handle, new Uint8Array(8), 2, true)).toBe(2)
  addon.close(handle)
  expect(() => addon.searchCodes(handle, new Uint8Array(8), 1, true)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
})
