// defineLshFunctor, proved with a functor whose bits are "above the mean of the training vectors".

import { bitBatchOf, bitsOf, rowOf } from '@cbir/core'
import { defineLshFunctor, type LshFunctorDriver, openLshFunctor } from '@cbir/core/define'
import { describe, expect, it } from 'vitest'
import { noRows, readAll, rows } from '../support/batches.ts'
import { memoryContainer, type SavedDirectory } from '../support/memory-container.ts'

type Mean = readonly number[]

const aboveMean: LshFunctorDriver<Mean> = {
  bits: 2,
  layout: { bits: 2 },
  dimensionsOf: (mean) => mean.length,
  async fit(vectors) {
    const all = await readAll(vectors)
    return all[0]!.map((_, i) => all.reduce((sum, row) => sum + row[i]!, 0) / all.length)
  },
  hash: (mean, vectors) => bitBatchOf(Array.from({ length: vectors.count }, (_, i) => [...rowOf(vectors, i)].map((x, j) => x > mean[j]!))),
  save: (mean, writer) => writer.write('mean', [Uint8Array.from(mean)]),
  load: async (container) => [...(await container.read('mean'))],
}

describe('defineLshFunctor', () => {
  it('hashes after it was fitted, once', async () => {
    const functor = defineLshFunctor('above-mean', aboveMean)
    expect([functor.bits, functor.hasModel, functor.dimensions, [...functor.capabilities]]).toEqual([2, false, undefined, ['fit']])
    await expect(functor.hash(rows([1, 2]))).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    const given = rows([0, 0], [2, 4])
    const fitting = functor.fit([given, noRows(7), rows([1, 2])])
    given.data.fill(100)
    await expect(functor.fit([rows([9, 9])])).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    await fitting
    expect([functor.hasModel, functor.dimensions]).toEqual([true, 2])
    await expect(functor.fit([rows([9, 9])])).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    const queries = rows([0, 3], [2, 2])
    const hashing = functor.hash(queries)
    queries.data.fill(100)
    const codes = await hashing
    expect([bitsOf(codes, 0), bitsOf(codes, 1)]).toEqual([
      [false, true],
      [true, false],
    ])
    expect((await functor.hash(noRows(2))).count).toBe(0)
  })

  it('refuses bad input, and a fit that failed can be made again', async () => {
    const functor = defineLshFunctor('above-mean', aboveMean)
    const cause = new Error('disk')
    const broken: Iterable<never> = {
      [Symbol.iterator]() {
        throw cause
      },
    }
    await expect(functor.fit([])).rejects.toMatchObject({ code: 'EMPTY_BUILD' })
    await expect(functor.fit([noRows(2)])).rejects.toMatchObject({ code: 'EMPTY_BUILD' })
    await expect(functor.fit([rows([1, 2]), rows([1])])).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    await expect(functor.fit([rows([1, Number.NaN])])).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(functor.fit([{} as never])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(functor.fit(rows([1, 2]) as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(functor.fit(broken)).rejects.toMatchObject({ code: 'SOURCE_FAILED', cause })
    await expect(functor.fit([rows([1, 2])], { signal: AbortSignal.abort('no') })).rejects.toMatchObject({ code: 'ABORTED', cause: 'no' })
    expect(functor.hasModel).toBe(false)
    await functor.fit([rows([1, 2])])
    await expect(functor.hash(rows([1, 2, 3]))).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH' })
    await expect(functor.hash(rows([1, Number.POSITIVE_INFINITY]))).rejects.toMatchObject({ code: 'NOT_FINITE' })
    await expect(functor.hash(null as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(functor.save('x')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await functor.dispose()
    await expect(functor.hash(rows([1, 2]))).rejects.toMatchObject({ code: 'DISPOSED' })
    expect(() => defineLshFunctor('none', { ...aboveMean, bits: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it('closes its source when the driver stops reading', async () => {
    let closed = false
    function* source(): Generator<ReturnType<typeof rows>> {
      try {
        for (;;) yield rows([1, 2])
      } finally {
        closed = true
      }
    }
    const functor = defineLshFunctor('lazy', { ...aboveMean, fit: () => [0, 0] })
    await functor.fit(source())
    expect([closed, functor.hasModel]).toEqual([true, true])
  })

  it('aborts a fit whose source is silent', async () => {
    const controller = new AbortController()
    const functor = defineLshFunctor('above-mean', aboveMean)
    const silent: AsyncIterable<never> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }
    const fitting = functor.fit(silent, { signal: controller.signal })
    controller.abort('enough')
    await expect(fitting).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })

  it('needs no fit where the driver has none', async () => {
    const { fit: _, ...rest } = aboveMean
    const functor = defineLshFunctor('fixed', { ...rest, model: [0, 0] })
    expect([functor.hasModel, functor.dimensions, functor.capabilities.has('fit')]).toEqual([true, 2, false])
    await expect(functor.fit([rows([1, 2])])).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    expect(bitsOf(await functor.hash(rows([1, -1])), 0)).toEqual([true, false])
  })

  it('says when a driver gives wrong codes', async () => {
    for (const codes of [
      bitBatchOf([[1, 0, 1]]),
      bitBatchOf([
        [1, 0],
        [1, 1],
      ]),
      {} as never,
    ]) {
      const functor = defineLshFunctor('wrong', { ...aboveMean, model: [0, 0], hash: () => codes })
      await expect(functor.hash(rows([1, 1]))).rejects.toMatchObject({ code: 'ADAPTER_FAULT' })
    }
  })

  it('keeps its model in a directory', async () => {
    const directories = new Map<string, SavedDirectory>()
    const container = memoryContainer(directories)
    const at = { container, directory: 'd' }
    const functor = await openLshFunctor('above-mean', aboveMean, at)
    expect([functor.hasModel, functor.capabilities.has('persist')]).toEqual([false, true])
    await expect(functor.save('copy')).rejects.toMatchObject({ code: 'NOT_TRAINED' })
    await functor.fit([rows([1, 2], [3, 4])])
    await functor.save('copy')
    for (const directory of ['d', 'copy']) {
      const again = await openLshFunctor('above-mean', aboveMean, { container, directory })
      expect([again.hasModel, again.dimensions]).toEqual([true, 2])
      expect(bitsOf(await again.hash(rows([3, 3])), 0)).toEqual([true, false])
      await expect(again.fit([rows([1, 2])])).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    }
    await expect(openLshFunctor('above-mean', { ...aboveMean, layout: { bits: 3 } }, at)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(openLshFunctor('other', aboveMean, at)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    const saved = directories.get('d')!
    saved.header = { ...saved.header, formatVersion: 2 }
    await expect(openLshFunctor('above-mean', aboveMean, at)).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
    const { save: _, ...rest } = aboveMean
    await expect(openLshFunctor('above-mean', rest, at)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })

  it('opens a saved model where it has none', async () => {
    const directories = new Map<string, SavedDirectory>()
    const container = memoryContainer(directories)
    const first = defineLshFunctor('above-mean', aboveMean, { container })
    await first.fit([rows([1, 2], [3, 4])])
    await first.save('copy')
    const other = await openLshFunctor('above-mean', aboveMean, { container, directory: 'own' })
    await expect(other.load('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(other.load('')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(other.hasModel).toBe(false)
    await other.load('copy')
    expect(bitsOf(await other.hash(rows([3, 3])), 0)).toEqual([true, false])
    await expect(other.load('copy')).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    await expect(other.fit([rows([1, 2])])).rejects.toMatchObject({ code: 'ALREADY_TRAINED' })
    // As after a training, the functor's own directory has it.
    expect((await openLshFunctor('above-mean', aboveMean, { container, directory: 'own' })).hasModel).toBe(true)
    await expect(defineLshFunctor('above-mean', aboveMean).load('copy')).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
    await expect(defineLshFunctor('above-mean', { ...aboveMean, layout: {} }, { container }).load('copy')).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
    })
  })
})
