// What the parts are promised: models that come back, functors that are checked, builds that fail without a trace, indexes that are read only.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CbirError, type HashIndex, type Items, type NearestNeighborsIndex, vectorBatchOf } from '@cbir/core'
import { memoryDescriptorSet, memoryHashIndex, memoryKeyValueStore } from '@cbir/core/memory'
import { itq, linearHashIndex, lshIndex, randomProjection } from '@cbir/lsh'
import { describe, expect, it } from 'vitest'
import { directory } from './support/directories.ts'
import { strangersFunctor } from './support/strangers-functor.ts'
import { clustered, itemsOf, rows } from './support/vectors.ts'

const all = clustered(400, 16)
const items = itemsOf(all)
const query = rows(all, 5, 6)

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'no error'
  } catch (error) {
    return CbirError.isInstance(error) ? error.code : String(error)
  }
}

async function answer(index: NearestNeighborsIndex): Promise<string[]> {
  return [...(await index.nearest(query, 10, { tuning: { candidates: 40 } })).uids]
}

function promiseAndEnd(): [promise: Promise<void>, end: () => void] {
  let end = (): void => {}
  const promise = new Promise<void>((resolve) => {
    end = resolve
  })
  return [promise, () => end()]
}

describe('a functor that the build trained', () => {
  it('comes back with the index, without training', async () => {
    const at = await directory()
    const first = await lshIndex({ functor: await itq({ bits: 8 }), directory: at })
    await first.build([items])
    const wanted = await answer(first)
    await first.dispose()
    const functor = await itq({ bits: 8 })
    const opened = await lshIndex({ functor, directory: at })
    expect(functor.hasModel).toBe(true)
    expect(opened.count).toBe(400)
    expect(await answer(opened)).toEqual(wanted)
    await opened.update([{ uids: ['new'], vectors: query }])
    expect((await answer(opened)).includes('new')).toBe(true)
    await opened.dispose()
  })

  it('one that is trained already is used as it is, and must be the one that made the codes', async () => {
    const at = await directory()
    const functor = await itq({ bits: 8 })
    await functor.fit([rows(all, 0, 100)])
    const index = await lshIndex({ functor, directory: at })
    await index.build([items])
    await index.dispose()
    const other = await itq({ bits: 8 })
    await other.fit([rows(clustered(300, 16, 3, 2, 99), 0, 300)])
    expect(await codeOf(() => lshIndex({ functor: other, directory: at }))).toBe('FINGERPRINT_MISMATCH')
    expect(await codeOf(() => lshIndex({ functor: strangersFunctor({ bits: 8 }), directory: at }))).toBe('FINGERPRINT_MISMATCH')
    const bits = await itq({ bits: 9 })
    expect(['INVALID_CONFIG', 'CORRUPT_DATA']).toContain(await codeOf(() => lshIndex({ functor: bits, directory: at })))
    const again = await lshIndex({ functor, directory: at })
    expect(again.count).toBe(400)
    await again.dispose()
  })

  it('fewer dimensions than bits: a typed error, and nothing is built', async () => {
    const index = await lshIndex({ functor: await itq({ bits: 32 }) })
    expect(await codeOf(() => index.build([items]))).toBe('DIMENSION_MISMATCH')
    expect(index.count).toBe(0)
    await index.dispose()
  })

  it('a damaged file is a typed error', async () => {
    const at = await directory()
    const index = await lshIndex({ functor: await itq({ bits: 8 }), directory: at })
    await index.build([items])
    await index.dispose()
    const [generation] = (await readdir(at)).filter((name) => name.startsWith('gen-'))
    for (const name of await readdir(join(at, generation!))) {
      const path = join(at, generation!, name)
      const whole = await readFile(path)
      const bent = Uint8Array.from(whole)
      bent[whole.length >> 1]! ^= 0x11
      await writeFile(path, bent)
      const functor = await itq({ bits: 8 })
      expect(`${name}: ${await codeOf(() => lshIndex({ functor, directory: at }))}`).toBe(`${name}: CORRUPT_DATA`)
      await writeFile(path, whole)
    }
  })
})

describe('a build that fails', () => {
  const next: Items = {
    uids: ['v0', 'v1', 'other'],
    vectors: vectorBatchOf([query.data, new Float32Array(16).fill(1), new Float32Array(16).fill(2)]),
  }

  /** A hash index that refuses its next build. */
  async function failing(): Promise<HashIndex & { fail: boolean }> {
    const inner = memoryHashIndex()
    return Object.defineProperties(
      { fail: false },
      {
        ...Object.getOwnPropertyDescriptors(inner),
        fail: { value: false, writable: true },
        build: {
          value(this: { fail: boolean }, ...args: Parameters<HashIndex['build']>) {
            if (this.fail) {
              this.fail = false
              return Promise.reject(new CbirError('IO_FAILED', 'no more room'))
            }
            return inner.build(...args)
          },
        },
      },
    ) as HashIndex & { fail: boolean }
  }

  it('leaves the old index, the hash index and the stores as they were', async () => {
    const hashIndex = await failing()
    const descriptorSet = memoryDescriptorSet()
    const hashToUids = memoryKeyValueStore()
    const index = await lshIndex({ functor: strangersFunctor({ bits: 12 }), hashIndex, descriptorSet, hashToUids })
    await index.build([items])
    const before = [await answer(index), hashIndex.count, await descriptorSet.count(), await hashToUids.count()]
    const stored = new Float32Array(16)
    hashIndex.fail = true
    expect(await codeOf(() => index.build([next]))).toBe('IO_FAILED')
    expect([await answer(index), hashIndex.count, await descriptorSet.count(), await hashToUids.count()]).toEqual(before)
    await descriptorSet.getVectors(['v0'], stored)
    expect(stored).toEqual(rows(all, 0, 1).data)
    // And it can go on from there.
    await index.update([{ uids: ['v0'], vectors: query }])
    expect(index.count).toBe(400)
    await index.build([next])
    expect([index.count, await descriptorSet.count()]).toEqual([3, 3])
    await index.dispose()
  })

  it('an update that fails changes nothing', async () => {
    const hashIndex = await linearHashIndex()
    const descriptorSet = memoryDescriptorSet()
    const inner = memoryKeyValueStore()
    let fail = false
    const hashToUids = Object.defineProperty({ ...inner }, 'addMany', {
      value: (...args: Parameters<typeof inner.addMany>) =>
        fail ? Promise.reject(new CbirError('IO_FAILED', 'no more room')) : inner.addMany(...args),
    })
    const index = await lshIndex({ functor: strangersFunctor({ bits: 12 }), hashIndex, descriptorSet, hashToUids })
    await index.build([items])
    const before = [await answer(index), hashIndex.count, await descriptorSet.count(), await inner.count(), index.count]
    fail = true
    expect(await codeOf(() => index.update([next]))).toBe('IO_FAILED')
    fail = false
    expect([await answer(index), hashIndex.count, await descriptorSet.count(), await inner.count(), index.count]).toEqual(before)
    await index.update([next])
    expect([index.count, await descriptorSet.count()]).toEqual([401, 401])
    await index.dispose()
  })

  it('queries are answered by the old content while another build takes the hash index over', async () => {
    const inner = await linearHashIndex()
    const [taken, hasTaken] = promiseAndEnd()
    const [gate, open] = promiseAndEnd()
    let builds = 0
    // It holds the new codes for a while before it says so.
    const hashIndex = Object.defineProperty(Object.defineProperties({}, Object.getOwnPropertyDescriptors(inner)), 'build', {
      async value(...args: Parameters<typeof inner.build>) {
        const count = await inner.build(...args)
        if (++builds === 2) {
          hasTaken()
          await gate
        }
        return count
      },
    }) as typeof inner
    const descriptorSet = memoryDescriptorSet()
    const index = await lshIndex({ functor: strangersFunctor({ bits: 12 }), hashIndex, descriptorSet })
    await index.build([items])
    const wanted = await answer(index)
    const building = index.build([itemsOf(clustered(300, 16, 5, 1, 3), 'w')])
    await taken
    expect(await answer(index)).toEqual(wanted)
    open()
    await building
    expect((await answer(index)).every((uid) => uid.startsWith('w'))).toBe(true)
    await index.dispose()
  })
})

describe('read only', () => {
  it('opens a directory, answers, and refuses changes', async () => {
    const at = await directory()
    const index = await lshIndex({ functor: await randomProjection({ bits: 16 }), directory: at })
    await index.build([items])
    const wanted = await answer(index)
    await index.dispose()
    const opened = await lshIndex({ functor: await randomProjection({ bits: 16 }), directory: at, readOnly: true })
    expect(await answer(opened)).toEqual(wanted)
    expect(await codeOf(() => opened.build([items]))).toBe('READ_ONLY')
    expect(await codeOf(() => opened.update([items]))).toBe('READ_ONLY')
    expect(await codeOf(() => opened.remove(['v1']))).toBe('READ_ONLY')
    expect([opened.capabilities.has('update'), opened.capabilities.has('remove'), opened.count, opened.dimensions]).toEqual([false, false, 400, 16])
    await opened.dispose()
    expect(await codeOf(() => opened.nearest(query, 1))).toBe('DISPOSED')
  })

  it('takes over what stores hold, which must be of this functor', async () => {
    const stores = { descriptorSet: memoryDescriptorSet(), hashToUids: memoryKeyValueStore() }
    const index = await lshIndex({ functor: strangersFunctor({ bits: 16 }), ...stores })
    await index.build([items])
    const wanted = await answer(index)
    await index.dispose()
    const opened = await lshIndex({ functor: strangersFunctor({ bits: 16 }), ...stores, readOnly: true })
    expect([opened.count, await answer(opened)]).toEqual([400, wanted])
    await opened.dispose()
    expect(await codeOf(() => lshIndex({ functor: strangersFunctor({ bits: 16, seed: 2 }), ...stores }))).toBe('FINGERPRINT_MISMATCH')
    expect(await codeOf(() => lshIndex({ functor: strangersFunctor({ bits: 32 }), ...stores }))).toBe('FINGERPRINT_MISMATCH')
    const untrained = await itq({ bits: 16 })
    expect(await codeOf(() => lshIndex({ functor: untrained, ...stores }))).toBe('NOT_TRAINED')
  })
})

describe('bad input', () => {
  it('each is a typed error, and nothing has changed', async () => {
    const index = await lshIndex({ functor: strangersFunctor({ bits: 16 }) })
    await index.build([items])
    const wanted = await answer(index)
    const nan = rows(all, 0, 1)
    nan.data[3] = Number.NaN
    const wrong = vectorBatchOf([[1, 2, 3]])
    expect(await codeOf(() => index.build([]))).toBe('EMPTY_BUILD')
    expect(await codeOf(() => index.build([{ uids: ['a'], vectors: nan }]))).toBe('NOT_FINITE')
    expect(await codeOf(() => index.update([{ uids: ['a'], vectors: nan }]))).toBe('NOT_FINITE')
    expect(await codeOf(() => index.update([{ uids: ['a'], vectors: wrong }]))).toBe('DIMENSION_MISMATCH')
    expect(await codeOf(() => index.nearest(wrong, 1))).toBe('DIMENSION_MISMATCH')
    expect(await codeOf(() => index.nearest(query, 0))).toBe('INVALID_ARGUMENT')
    expect(await codeOf(() => index.nearest(query, 1, { tuning: { candidates: 0 } }))).toBe('INVALID_ARGUMENT')
    expect(await codeOf(() => index.remove(['nobody']))).toBe('UNKNOWN_UID')
    expect(await codeOf(() => lshIndex({ functor: strangersFunctor({ bits: 16 }), candidates: 0 }))).toBe('INVALID_CONFIG')
    expect([index.count, await answer(index)]).toEqual([400, wanted])
    await index.dispose()
  })
})
