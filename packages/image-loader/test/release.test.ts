// Tensors that are given back: their memory serves for the next ones, and nobody's numbers change.

import { describe, expect, it } from 'vitest'
import { type ImageTensor, imageLoader } from '../src/index.ts'
import { MemoryPool } from '../src/memory-pool.ts'
import { CountedElement, loadOne, solid } from './load.ts'

/** A picture of one colour, and the first number of its tensor. */
const element = async (level: number, width = 40, height = 30): Promise<CountedElement> =>
  new CountedElement(await solid(width, height, [level, level, level]), `${level}.png`)

const firstOf = ({ data }: ImageTensor): number | undefined => data[0]

const bytesOf = ({ buffer, byteOffset, byteLength }: ImageTensor['data']): Buffer => Buffer.from(buffer, byteOffset, byteLength)

describe.each(['u8', 'f32'] as const)('a released tensor of %s', (dtype) => {
  const make = () => imageLoader({ dtype, layout: 'nchw', resize: { exact: { width: 64, height: 48 } } })

  it('gives its memory to a later one of the same size', async () => {
    const loader = make()
    const first = await loadOne(loader, await element(10))
    const memory = first.data.buffer
    loader.release?.(first)
    const second = await loadOne(loader, await element(200))
    expect(second.data.buffer).toBe(memory)
    expect(new Set(second.data)).toEqual(new Set([200]))
  })

  it('is not asked for: tensors that are kept have memory of their own', async () => {
    const loader = make()
    const tensors: ImageTensor[] = []
    for (const level of [1, 2, 3, 4]) tensors.push(await loadOne(loader, await element(level)))
    expect(new Set(tensors.map(({ data }) => data.buffer)).size).toBe(4)
    expect(tensors.map(firstOf)).toEqual([1, 2, 3, 4])
  })

  it('that is released twice serves one other, also when that one was made in between', async () => {
    const loader = make()
    const first = await loadOne(loader, await element(1))
    loader.release?.(first)
    const second = await loadOne(loader, await element(2))
    loader.release?.(first)
    const third = await loadOne(loader, await element(3))
    expect(third.data.buffer).not.toBe(second.data.buffer)
    expect([second, third].map(firstOf)).toEqual([2, 3])
  })

  it('of another loader, or a copy of one, is ignored', async () => {
    const loader = make()
    const other = make()
    const foreign = await loadOne(other, await element(7))
    loader.release?.(foreign)
    loader.release?.({ ...(await loadOne(loader, await element(8))) } as typeof foreign)
    loader.release?.({ dtype, shape: [1], axes: ['x'], data: foreign.data } as typeof foreign)
    const next = await loadOne(loader, await element(9))
    expect([foreign, next].map(firstOf)).toEqual([7, 9])
    expect(next.data.buffer).not.toBe(foreign.data.buffer)
  })

  it('that was moved to another thread is not used again', async () => {
    const loader = make()
    const first = await loadOne(loader, await element(1))
    structuredClone(first.data, { transfer: [first.data.buffer as ArrayBuffer] })
    loader.release?.(first)
    expect(firstOf(await loadOne(loader, await element(2)))).toBe(2)
  })

  it('shared by several loads is each caller’s own to release', async () => {
    const loader = make()
    const shared = await element(5)
    const [first, second] = await Promise.all([loadOne(loader, shared), loadOne(loader, shared)])
    loader.release?.(first!)
    expect(firstOf(await loadOne(loader, await element(6)))).toBe(6)
    expect(new Set(second!.data)).toEqual(new Set([5]))
  })
})

it('recycled memory never shows, whatever is loaded and released at once', async () => {
  const config = { preset: 'imagenet-224', resize: { letterbox: { width: 96, height: 64 } }, crop: null } as const
  // Wide, tall and small pictures: each leaves other parts of the frame to the padding.
  const pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => element(20 * i, 10 + 17 * (i % 4), 10 + 13 * (i % 3))))
  const expected = await Promise.all(pictures.map(async (picture) => (await loadOne(imageLoader(config), picture)).data))
  const loader = imageLoader({ ...config, concurrency: 4 })
  const memories = new Set<ArrayBufferLike>()
  const inUse = new Set<ArrayBufferLike>()
  await Promise.all(
    Array.from({ length: 6 }, async (_, worker) => {
      for (let i = 0; i < 20; i++) {
        const which = (worker + i * (worker % 2 ? 1 : 5)) % pictures.length
        const tensor = await loadOne(loader, pictures[which]!)
        expect(inUse.has(tensor.data.buffer)).toBe(false)
        inUse.add(tensor.data.buffer)
        memories.add(tensor.data.buffer)
        await new Promise((resolve) => setImmediate(resolve))
        expect(Buffer.compare(bytesOf(tensor.data), bytesOf(expected[which]!))).toBe(0)
        inUse.delete(tensor.data.buffer)
        loader.release?.(tensor)
      }
    }),
  )
  // Of 120 tensors hardly more memories than were in use at once: each worker's, and the originals of shared decodes.
  expect(memories.size).toBeLessThan(60)
})

describe('the pool of memory', () => {
  it('gives nothing twice, and takes in nothing that it did not give', () => {
    const pool = new MemoryPool()
    const first = pool.take(100)
    pool.give(first)
    pool.give(first)
    pool.give(new ArrayBuffer(100))
    expect(pool.take(100)).toBe(first)
    const second = pool.take(100)
    expect(second).not.toBe(first)
    expect(pool.take(50).byteLength).toBe(50)
  })

  it('holds a bounded number of bytes and of buffers, and lets go of the oldest', () => {
    const pool = new MemoryPool()
    const large = Array.from({ length: 5 }, () => pool.take(1 << 23))
    for (const buffer of large) pool.give(buffer)
    const again = Array.from({ length: 5 }, () => pool.take(1 << 23))
    expect(again.filter((buffer) => large.includes(buffer)).length).toBe(4)
    expect(again).not.toContain(large[0])
    const small = Array.from({ length: 70 }, () => pool.take(10))
    for (const buffer of small) pool.give(buffer)
    expect(small.map(() => pool.take(10)).filter((buffer) => small.includes(buffer)).length).toBe(64)
    const huge = pool.take((1 << 25) + 1)
    pool.give(huge)
    expect(pool.take((1 << 25) + 1)).not.toBe(huge)
  })
})
