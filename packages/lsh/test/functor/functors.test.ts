// The functors as people use them: equal codes from every implementation, seeds, saved models, and what is refused.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BitBatch, type VectorBatch, vectorBatchOf } from '@cbir/core'
import { directoryContainer } from '@cbir/core/node'
import { itq, pStable, randomProjection, type TrainedLshFunctor } from '@cbir/lsh'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashInSlices } from '../../src/functor/projection.ts'
import { Random } from '../../src/functor/random.ts'
import { addon, clusteredRows } from './support/trainers.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cbir-functor-'))
})
afterEach(() => rm(directory, { recursive: true }))

interface Settings {
  bits: number
  seed?: number
  normalize?: 'none' | 'l1' | 'l2'
  implementation?: 'native' | 'typescript'
  directory?: string
}
const functors: readonly { name: string; make(config: Settings): Promise<TrainedLshFunctor> }[] = [
  { name: 'itq', make: (config) => itq(config) },
  { name: 'randomProjection', make: (config) => randomProjection(config) },
  { name: 'randomProjection, sparse', make: (config) => randomProjection({ ...config, distribution: 'sparse' }) },
  { name: 'randomProjection, not centred', make: (config) => randomProjection({ ...config, centre: false }) },
  { name: 'pStable', make: (config) => pStable(config) },
]
const vectors = vectorBatchOf(clusteredRows(500, 24, 11))

async function codesAfterFit(functor: TrainedLshFunctor, batch: VectorBatch = vectors): Promise<Uint8Array> {
  await functor.fit([batch])
  const { data } = await functor.hash(batch)
  await functor.dispose()
  return data
}

function differing(a: BitBatch, i: number, b: BitBatch, j: number): number {
  let bits = 0
  for (let byte = 0; byte < a.stride; byte++) {
    for (let x = a.data[i * a.stride + byte]! ^ b.data[j * b.stride + byte]!; x !== 0; x &= x - 1) bits++
  }
  return bits
}

describe.each(functors)('$name', ({ make }) => {
  test.each(['none', 'l1', 'l2'] as const)('native and TypeScript give the same codes, normalize %s', async (normalize) => {
    const settings = { bits: 21, normalize }
    const [native, typescript] = [
      await codesAfterFit(await make({ ...settings, implementation: 'native' })),
      await codesAfterFit(await make({ ...settings, implementation: 'typescript' })),
    ]
    expect(native).toEqual(typescript)
  })

  test('a seed gives the same codes again, another one others', async () => {
    const [first, again, other] = [
      await codesAfterFit(await make({ bits: 24, seed: 5 })),
      await codesAfterFit(await make({ bits: 24, seed: 5 })),
      await codesAfterFit(await make({ bits: 24, seed: 6 })),
    ]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test('what one implementation saved the other opens', async () => {
    for (const [writing, reading] of [
      ['native', 'typescript'],
      ['typescript', 'native'],
    ] as const) {
      const home = join(directory, writing)
      const codes = await codesAfterFit(await make({ bits: 20, implementation: writing, directory: home }))
      const opened = await make({ bits: 20, implementation: reading, directory: home })
      expect(opened.hasModel).toBe(true)
      expect(opened.dimensions).toBe(24)
      expect((await opened.hash(vectors)).data).toEqual(codes)
      await opened.dispose()
      await expect(make({ bits: 19, directory: home })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
      await expect(make({ bits: 20, normalize: 'l2', directory: home })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    }
  })

  test('vectors of huge numbers, of zeros, and all alike', async () => {
    const huge = vectorBatchOf(clusteredRows(50, 24, 3).map((row) => row.map((x) => Math.max(-3.4e38, Math.min(3.4e38, x * 1e38)))))
    const cases = {
      huge,
      zeros: vectorBatchOf(Array.from({ length: 5 }, () => new Float32Array(24))),
      one: vectorBatchOf([vectors.data.slice(0, 24)]),
    }
    for (const batch of Object.values(cases)) {
      for (const normalize of ['none', 'l1', 'l2'] as const) {
        const [native, typescript] = [
          await codesAfterFit(await make({ bits: 16, normalize, implementation: 'native' }), batch),
          await codesAfterFit(await make({ bits: 16, normalize, implementation: 'typescript' }), batch),
        ]
        expect(native).toHaveLength(batch.count * 8)
        expect(typescript).toHaveLength(native.length)
      }
    }
  })

  test('bad input is refused, and nothing is changed', async () => {
    const functor = await make({ bits: 16 })
    await expect(functor.hash(vectors)).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    await expect(functor.fit([])).rejects.toMatchObject({ code: 'EMPTY_BUILD' })
    const holed = { ...vectors, data: vectors.data.slice().fill(Number.NaN, 100, 101) }
    await expect(functor.fit([holed])).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(functor.fit([vectors, vectorBatchOf([[1, 2, 3]])])).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    expect(functor.hasModel).toBe(false)
    const codes = await codesAfterFit(await make({ bits: 16 }))
    await functor.fit([vectors])
    expect((await functor.hash(vectors)).data).toEqual(codes)
    await expect(functor.hash(holed)).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(functor.hash(vectorBatchOf([[1, 2, 3]]))).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    await expect(functor.fit([vectors])).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    expect((await functor.hash(vectors)).data).toEqual(codes)
    await functor.dispose()
  })

  test('a saved model of other sizes or numbers is refused', async () => {
    const write = async (matrix: Uint8Array, thresholds: Uint8Array, functor: TrainedLshFunctor): Promise<string> => {
      const home = await mkdtemp(join(directory, 'saved-'))
      const saved = join(home, 'model')
      await functor.save(saved)
      const opened = (await directoryContainer.open(saved))!
      const { header } = opened
      await opened.close()
      await directoryContainer.write(saved, header, async (writer) => {
        await writer.write('matrix', [matrix])
        await writer.write('thresholds', [thresholds])
      })
      return saved
    }
    const functor = await make({ bits: 8 })
    await functor.fit([vectors])
    const good = new Uint8Array(8 * 8)
    const holed = new Uint8Array(Float32Array.from({ length: 24 * 8 }, () => Number.NaN).buffer)
    const bad: [Uint8Array, Uint8Array][] = [
      [new Uint8Array(0), good],
      [new Uint8Array(24 * 8 * 4 - 4), good],
      [new Uint8Array(24 * 8 * 4), new Uint8Array(9)],
      [holed, good],
      [new Uint8Array(24 * 8 * 4), new Uint8Array(Float64Array.from({ length: 8 }, () => Number.POSITIVE_INFINITY).buffer)],
    ]
    for (const [matrix, thresholds] of bad) {
      await expect(make({ bits: 8, directory: await write(matrix, thresholds, functor) })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    }
    await functor.dispose()
  })
})

describe('itq', () => {
  test('more bits than dimensions', async () => {
    const functor = await itq({ bits: 25 })
    await expect(functor.fit([vectors])).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    expect(functor.hasModel).toBe(false)
  })

  test('a saved rotation that is none', async () => {
    const home = join(directory, 'model')
    const functor = await itq({ bits: 8 })
    await functor.fit([vectors])
    await functor.save(home)
    const opened = (await directoryContainer.open(home))!
    const matrix = new Float32Array((await opened.read('matrix')).slice().buffer)
    const thresholds = await opened.read('thresholds')
    await opened.close()
    matrix[17]! += 0.01
    await directoryContainer.write(home, opened.header, async (writer) => {
      await writer.write('matrix', [new Uint8Array(matrix.buffer)])
      await writer.write('thresholds', [thresholds])
    })
    await expect(itq({ bits: 8, directory: home })).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  })

  test('learns from a sample where the stream is longer', async () => {
    const functor = await itq({ bits: 8, sample: 50 })
    await functor.fit(
      (function* () {
        for (let i = 0; i < 5; i++) yield vectors
      })(),
    )
    expect((await functor.hash(vectors)).count).toBe(500)
  })

  test('shows progress, and an abort ends it', async () => {
    const many = vectorBatchOf(clusteredRows(4000, 64, 2))
    for (const implementation of ['native', 'typescript'] as const) {
      const steps: number[] = []
      const functor = await itq({ bits: 64, implementation, iterations: 3 })
      await functor.fit([many], { onProgress: ({ done }) => void steps.push(done) })
      expect(steps.length).toBeGreaterThan(0)
      const control = new AbortController()
      const stopped = await itq({ bits: 64, implementation, iterations: 10_000 })
      const reason = new Error('enough')
      const fit = stopped.fit([many], { signal: control.signal, onProgress: () => control.abort(reason) })
      await expect(fit).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
      expect(stopped.hasModel).toBe(false)
    }
  })
})

test('the p-stable code grows with the distance', async () => {
  const functor = await pStable({ bits: 512, bitsPerProjection: 4 })
  const random = new Random(1)
  const dimensions = 16
  const training = vectorBatchOf(Array.from({ length: 500 }, () => Float32Array.from({ length: dimensions }, () => random.gaussian())))
  await functor.fit([training])
  const direction = Float32Array.from({ length: dimensions }, () => random.gaussian())
  const steps = [0, 0.1, 0.3, 0.6, 1, 1.5, 2]
  const codes = await functor.hash(vectorBatchOf(steps.map((step) => direction.map((x) => x * step))))
  const distances = steps.map((_, i) => differing(codes, 0, codes, i))
  for (let i = 1; i < steps.length; i++) expect(distances[i]).toBeGreaterThan(distances[i - 1]!)
})

test('random projections: the share of differing bits is the angle over π', async () => {
  for (const distribution of ['gaussian', 'sparse'] as const) {
    const functor = await randomProjection({ bits: 1024, centre: false, distribution })
    const random = new Random(3)
    const rows = Array.from({ length: 20 }, () => Float32Array.from({ length: 60 }, () => random.gaussian()))
    await functor.fit([vectorBatchOf(rows)])
    const codes = await functor.hash(vectorBatchOf(rows))
    for (let i = 1; i < rows.length; i++) {
      const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, j) => sum + x * b[j]!, 0)
      const cosine = dot(rows[0]!, rows[i]!) / Math.sqrt(dot(rows[0]!, rows[0]!) * dot(rows[i]!, rows[i]!))
      // Five standard errors of a share of 1024 bits.
      expect(Math.abs(differing(codes, 0, codes, i) / 1024 - Math.acos(cosine) / Math.PI)).toBeLessThan((5 * 0.5) / 32)
    }
  }
})

test('a sparse projection has no column of zeros', async () => {
  const functor = await randomProjection({ bits: 256, distribution: 'sparse', centre: false })
  await functor.fit([vectorBatchOf([[1], [-1]])])
  const codes = await functor.hash(vectorBatchOf([[1], [-1]]))
  expect(differing(codes, 0, codes, 1)).toBe(256)
})

test('every instruction set gives the bits of TypeScript, on the border too', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 150 }),
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom('none', 'l1', 'l2'),
      fc.nat(),
      async (dimensions, bits, count, norm, seed) => {
        const random = new Random(seed)
        // Of few values, so that sums often meet their thresholds exactly.
        const draw = (): number => Math.round(2 * random.gaussian()) * 2 ** random.below(3)
        const matrix = Float32Array.from({ length: dimensions * bits }, draw)
        const thresholds = Float64Array.from({ length: bits }, () => (norm === 'none' ? draw() : draw() / 8))
        const batch = { data: Float32Array.from({ length: count * dimensions }, draw), count, dimensions }
        const expected = await hashInSlices({ dimensions, bits, matrix, thresholds, normalize: norm }, batch)
        for (const instructionSet of addon.instructionSets) {
          const projection = addon.createProjection({ dimensions, bits, norm, instructionSet }, matrix, thresholds)
          for (const now of [true, false]) {
            const codes = new Uint8Array(expected.data.length).fill(255)
            await addon.hash(projection, batch.data, count, codes, now)
            expect(codes).toEqual(expected.data)
          }
          addon.close(projection)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('the addon refuses what does not fit', async () => {
  const projection = addon.createProjection({ dimensions: 3, bits: 9, norm: 'l2' }, new Float32Array(27), new Float64Array(9))
  const wrong: (() => unknown)[] = [
    () => addon.createProjection({ dimensions: 3, bits: 9, norm: 'l2' }, new Float32Array(26), new Float64Array(9)),
    () => addon.createProjection({ dimensions: 3, bits: 9, norm: 'l2' }, new Float32Array(27), new Float64Array(8)),
    () => addon.createProjection({ dimensions: 3, bits: 1025, norm: 'l2' }, new Float32Array(3 * 1025), new Float64Array(1025)),
    () => addon.createProjection({ dimensions: 0, bits: 9, norm: 'l2' }, new Float32Array(0), new Float64Array(9)),
    () => addon.createProjection({ dimensions: 3, bits: 9, norm: 'l3' as 'l2' }, new Float32Array(27), new Float64Array(9)),
    () => addon.hash(projection, new Float32Array(5), 2, new Uint8Array(32), true),
    () => addon.hash(projection, new Float32Array(6), 2, new Uint8Array(31), true),
    () => addon.hash({}, new Float32Array(6), 2, new Uint8Array(32), true),
    () => addon.trainItq({ blocks: [], rows: 1, rowsPerBlock: 1, dimensions: 2, bits: 1, iterations: 1, start: new Float64Array(1) }),
    () =>
      addon.trainItq({ blocks: [new Float32Array(1)], rows: 1, rowsPerBlock: 1, dimensions: 2, bits: 1, iterations: 1, start: new Float64Array(1) }),
    () =>
      addon.trainItq({ blocks: [new Float32Array(2)], rows: 1, rowsPerBlock: 1, dimensions: 2, bits: 2, iterations: 1, start: new Float64Array(3) }),
    () =>
      addon.trainItq({ blocks: [new Float32Array(2)], rows: 0, rowsPerBlock: 1, dimensions: 2, bits: 2, iterations: 1, start: new Float64Array(4) }),
  ]
  for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(() =>
    addon.trainItq({ blocks: [new Float32Array(2)], rows: 1, rowsPerBlock: 1, dimensions: 2, bits: 3, iterations: 1, start: new Float64Array(9) }),
  ).toThrow(expect.objectContaining({ code: 'DIMENSION_MISMATCH' }))
  addon.close(projection)
})
