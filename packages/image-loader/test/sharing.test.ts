// Loads of one element that overlap share one decode; loads of different pictures do not; nobody sees another's changes.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageLoader } from '../src/index.ts'
import { SharedDecodes } from '../src/shared-decodes.ts'
import { loadSharp } from '../src/sharp-library.ts'
import { CountedElement, loadOne, solid } from './load.ts'

/** How many pictures the loader had sharp decode while `work` ran: sharp tells of each when it is queued and when it is done. */
async function countDecodes(work: () => Promise<unknown>): Promise<number> {
  const { queue } = loadSharp()
  let told = 0
  const onChange = (): void => void told++
  queue.on('change', onChange)
  try {
    await work()
  } finally {
    queue.off('change', onChange)
  }
  return told / 2
}

const together = (n: number, work: (i: number) => Promise<unknown>): Promise<unknown> => Promise.all(Array.from({ length: n }, (_, i) => work(i)))

describe('loads at once', () => {
  it('of one element decode it once', async () => {
    const loader = imageLoader({ preset: 'imagenet-224' })
    const element = new CountedElement(await solid(300, 200, [9, 90, 200]))
    expect(await countDecodes(() => together(10, () => loadOne(loader, element)))).toBe(1)
  })

  it('of different elements decode each', async () => {
    const loader = imageLoader({ preset: 'imagenet-224' })
    const elements = await Promise.all([1, 2, 3].map(async (i) => new CountedElement(await solid(300, 200, [i, i, i]))))
    expect(await countDecodes(() => together(3, (i) => loadOne(loader, elements[i]!)))).toBe(3)
  })

  it('one after the other decode again: nothing is cached', async () => {
    const loader = imageLoader()
    const element = new CountedElement(await solid(30, 20, [9, 90, 200]))
    const twice = async (): Promise<void> => {
      await loadOne(loader, element)
      await loadOne(loader, element)
    }
    expect(await countDecodes(twice)).toBe(2)
  })

  it('of two elements of one file decode it once, and again after it was changed', async () => {
    const loader = imageLoader()
    const element = (content: Uint8Array): CountedElement =>
      Object.assign(new CountedElement(content, '/photos/a.png'), { path: async () => '/photos/a.png' })
    const red = await solid(30, 20, [255, 0, 0])
    const blue = await solid(30, 20, [0, 0, 255])
    expect(await countDecodes(() => together(2, () => loadOne(loader, element(red))))).toBe(1)
    const results = await Promise.all([loadOne(loader, element(red)), loadOne(loader, element(blue))])
    expect(results.map(({ data }) => [data[0], data[2]])).toEqual([
      [255, 0],
      [0, 255],
    ])
  })

  it('of one path decode it once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'image-loader-'))
    try {
      const path = join(folder, 'a.png')
      await writeFile(path, await solid(30, 20, [255, 0, 0]))
      const loader = imageLoader()
      expect(await countDecodes(() => together(5, () => loadOne(loader, path)))).toBe(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it.each(['u8', 'f32'] as const)('give each caller %s numbers of its own', async (dtype) => {
    const loader = imageLoader({ dtype })
    const element = new CountedElement(await solid(30, 20, [9, 90, 200]))
    const tensors = await Promise.all([0, 1, 2].map(() => loadOne(loader, element)))
    expect(new Set(tensors.map(({ data }) => data.buffer)).size).toBe(3)
    tensors[0]!.data.fill(0)
    tensors[1]!.data.fill(1)
    expect([...tensors[2]!.data.subarray(0, 3)]).toEqual([9, 90, 200])
  })

  it('see an element as it is when they begin', async () => {
    const loader = imageLoader()
    const element = new CountedElement(await solid(30, 20, [255, 0, 0]))
    const before = loadOne(loader, element)
    await element.setBytes(await solid(30, 20, [0, 0, 255]))
    const after = loadOne(loader, element)
    expect([(await before).data[0], (await after).data[0]]).toEqual([255, 0])
  })

  it('may change the bytes that they were given as soon as they have their promise', async () => {
    const bytes = await solid(30, 20, [255, 0, 0])
    const promise = loadOne(imageLoader(), bytes)
    bytes.fill(0)
    expect((await promise).data[0]).toBe(255)
  })

  it('fail alike when the picture is damaged, each with its own label', async () => {
    const loader = imageLoader()
    const element = new CountedElement((await solid(300, 200, [1, 2, 3])).subarray(0, 80), 'cut.png')
    const results = await Promise.allSettled([loadOne(loader, element), loadOne(loader, element)])
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'LOAD_FAILED' } })
  })
})

describe('a shared decode', () => {
  const bytes = Uint8Array.of(1)
  const read = async (): Promise<Uint8Array> => bytes

  /** Decodes that finish when told to. */
  function setUp() {
    const decodes: { signal: AbortSignal; finish: (value: number[]) => void; fail: (error: Error) => void }[] = []
    const shared = new SharedDecodes<number[]>({
      decode: (_, signal) => new Promise((finish, fail) => decodes.push({ signal, finish, fail })),
      copy: async (value) => [...value],
    })
    return { decodes, shared }
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  it('goes on while anybody waits, and stops with the last', async () => {
    const { decodes, shared } = setUp()
    const [one, two] = [new AbortController(), new AbortController()]
    const loads = [shared.load('a', read, one.signal), shared.load('a', read, two.signal)]
    const results = Promise.allSettled(loads)
    await settle()
    expect(decodes.length).toBe(1)
    one.abort('first')
    await settle()
    expect(decodes[0]!.signal.aborted).toBe(false)
    two.abort('second')
    await settle()
    expect(decodes[0]!.signal.aborted).toBe(true)
    expect(await results).toMatchObject([{ reason: { code: 'ABORTED', cause: 'first' } }, { reason: { code: 'ABORTED', cause: 'second' } }])
  })

  it('that was given up is not joined', async () => {
    const { decodes, shared } = setUp()
    const one = new AbortController()
    const first = shared.load('a', read, one.signal).catch(() => 'aborted')
    const slow = shared.load('a', async () => {
      await first
      await settle()
      return bytes
    })
    await settle()
    one.abort()
    expect(await first).toBe('aborted')
    await settle()
    await settle()
    expect(decodes.length).toBe(2)
    decodes[1]!.finish([7])
    expect(await slow).toEqual([7])
  })

  it('that finished is still used by a load that had begun before', async () => {
    const { decodes, shared } = setUp()
    let readLate: (bytes: Uint8Array) => void = () => undefined
    const late = shared.load('a', () => new Promise((resolve) => (readLate = resolve)))
    const early = shared.load('a', read)
    await settle()
    decodes[0]!.finish([1])
    const first = await early
    first.push(99)
    readLate(Uint8Array.of(1))
    expect(await late).toEqual([1])
    expect(decodes.length).toBe(1)
  })

  it('is forgotten with its last load', async () => {
    const { decodes, shared } = setUp()
    for (const value of [1, 2]) {
      const load = shared.load('a', read)
      await settle()
      decodes.at(-1)!.finish([value])
      expect(await load).toEqual([value])
    }
    expect(decodes.length).toBe(2)
  })
})
