// Every hash index, through any sequence of build, update, remove, save and open, gives after every step what a full sort gives.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DefinedHashIndex, openHashIndex } from '@cbir/core/define'
import { directoryContainer } from '@cbir/core/node'
import { ballTreeHashIndex, linearHashIndex, multiIndexHashing } from '@cbir/lsh'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HashIndexAddon, HashIndexSettings } from '../../src/hash-index/hash-index-addon.ts'
import type { ExactHashIndex } from '../../src/hash-index/make-hash-index.ts'
import { nativeHashIndexDriver } from '../../src/hash-index/native-hash-index-driver.ts'
import { lshAddon } from '../../src/lsh-addon.ts'
import { batchOf, checkAgainstSort, randomNumbers, someCodes } from './support/oracle.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'cbir-hash-index-'))
})
afterAll(() => rmSync(home, { recursive: true }))

const addon = lshAddon<HashIndexAddon>()
/** Structures from the first code on, which never give up and are made anew every few codes; rows in many small blocks. */
const eager: Partial<HashIndexSettings> = { smallest: 3, patience: Number.POSITIVE_INFINITY, blockBytes: 256 }

type Open = (directory: string) => Promise<DefinedHashIndex | ExactHashIndex>
const native =
  (settings: HashIndexSettings): Open =>
  (directory) =>
    openHashIndex({ name: 'tested', package: '@cbir/lsh', config: {} }, nativeHashIndexDriver(addon, settings), {
      container: directoryContainer,
      directory,
    })

const subjects: Readonly<Record<string, Open>> = {
  'linear scan': native({ kind: 'linear', blockBytes: 256 }),
  'multi-index': native({ kind: 'multi-index', ...eager }),
  'multi-index that gives up at once': native({ kind: 'multi-index', ...eager, patience: 0 }),
  'multi-index that gives up on its way': native({ kind: 'multi-index', ...eager, patience: 2 }),
  'ball tree': native({ kind: 'ball-tree', leafSize: 2, ...eager }),
  'ball tree that gives up on its way': native({ kind: 'ball-tree', leafSize: 4, seed: 7, ...eager, patience: 2 }),
  'linear scan as configured': (directory) => linearHashIndex({ directory }),
  'multi-index as configured': (directory) => multiIndexHashing({ directory }),
  'ball tree as configured': (directory) => ballTreeHashIndex({ directory }),
  TypeScript: (directory) => linearHashIndex({ implementation: 'typescript', directory }),
}

interface Step {
  readonly kind: 'build' | 'update' | 'remove' | 'save' | 'open' | 'fail'
  readonly seed: number
  readonly count: number
  readonly clustered: boolean
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('build', 'update', 'update', 'update', 'remove', 'remove', 'save', 'open', 'fail'),
    seed: fc.nat(),
    count: fc.integer({ min: 1, max: 60 }),
    clustered: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
)

/** Does one step to the index and to the set of its codes; gives the index, which another may have taken the place of. */
async function act(index: DefinedHashIndex | ExactHashIndex, model: Set<string>, step: Step, bits: number, open: () => ReturnType<Open>) {
  const random = randomNumbers(step.seed)
  const codes = someCodes(random, step.count, bits, step.clustered)
  const held = [...model]
  const gone = held.filter(() => random(3) === 0)
  switch (step.kind) {
    case 'build':
      model.clear()
      for (const code of codes) model.add(code)
      expect(await index.build([batchOf(codes, bits), batchOf(codes.slice(0, 2), bits)])).toBe(model.size)
      break
    case 'update':
      for (const code of codes) model.add(code)
      expect(await index.update([batchOf(codes.slice(0, 7), bits), batchOf(codes.slice(7), bits)])).toBe(model.size)
      break
    case 'remove':
      for (const code of gone) model.delete(code)
      if (gone.length > 0) expect(await index.remove(batchOf(gone, bits))).toBe(model.size)
      break
    case 'save':
      await index.flush()
      break
    case 'open':
      await index.dispose()
      return open()
    case 'fail': {
      const unknown = codes.filter((code) => !model.has(code))
      if (unknown.length > 0) await expect(index.remove(batchOf([...gone, ...unknown], bits))).rejects.toMatchObject({ code: 'UNKNOWN_UID' })
      if (gone.length > 0) await expect(index.remove(batchOf([...gone, gone[0]!], bits))).rejects.toMatchObject({ code: 'DUPLICATE_UID' })
      if (model.size > 0)
        await expect(index.update([batchOf(['1'.repeat(bits + 1)], bits + 1)])).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
      break
    }
  }
  return index
}

describe.each(Object.entries(subjects))('%s', (_, openAt) => {
  test('equals a full sort after every step', { timeout: 60_000 }, async () => {
    let runs = 0
    const cases = fc.record({ bits: fc.constantFrom(1, 7, 8, 63, 64, 65, 128, 200, 256), steps, k: fc.integer({ min: 1, max: 80 }) })
    await fc.assert(
      fc.asyncProperty(cases, async ({ bits, steps: all, k }) => {
        const directory = join(home, `${_.replaceAll(' ', '-')}-${runs++}`)
        const open = (): ReturnType<Open> => openAt(directory)
        let index = await open()
        const model = new Set<string>()
        try {
          for (const step of all) {
            index = await act(index, model, step, bits, open)
            const random = randomNumbers(step.seed + 1)
            const queries = [...someCodes(random, 2, bits, false), ...[...model].slice(0, 2)]
            await checkAgainstSort(index, [...model], queries, k)
          }
        } finally {
          await index.dispose()
        }
      }),
      { numRuns: 12 },
    )
  })

  test.each([1, 8, 64, 65, 1000, 1024])('many codes of %i bits, many ties, large k', async (bits) => {
    const random = randomNumbers(bits)
    const index = await openAt(join(home, `many-${_.replaceAll(' ', '-')}-${bits}`))
    const codes = [...new Set([...someCodes(random, 700, bits, true), ...someCodes(random, 100, bits, false)])]
    await index.build([batchOf(codes, bits)])
    const queries = [codes[0]!, ...someCodes(random, 2, bits, false)]
    for (const k of [1, 10, 300, 5000]) await checkAgainstSort(index, codes, queries, k)
    await index.dispose()
  })
})
