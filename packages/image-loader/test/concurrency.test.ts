// Abort, waiting for a place, and the event loop.

import { describe, expect, it } from 'vitest'
import { enlargedRows, planEnlargement } from '../src/enlarge.ts'
import { type ImageLoaderSettings, imageLoader } from '../src/index.ts'
import { MemoryPool } from '../src/memory-pool.ts'
import { rowsOf } from '../src/raster.ts'
import { TensorWriter } from '../src/to-tensor.ts'
import { CountedElement, loadOne, solid } from './load.ts'

/** Runs `work` and counts the turns that the event loop could take meanwhile. */
async function countTurns(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let running = true
  const turn = (): void => {
    turns++
    if (running) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  running = false
  return turns
}

describe('abort', () => {
  it('before the load', async () => {
    const element = new CountedElement(await solid(30, 20, [1, 2, 3]))
    const load = loadOne(imageLoader(), element, { signal: AbortSignal.abort('no more') })
    await expect(load).rejects.toMatchObject({ code: 'ABORTED', cause: 'no more' })
    expect(element.reads).toBe(0)
  })

  it('while the picture is decoded, and the loader goes on', async () => {
    const loader = imageLoader({ preset: 'imagenet-224' })
    const element = new CountedElement(await solid(2000, 2000, [1, 2, 3]))
    const controller = new AbortController()
    const load = loadOne(loader, element, { signal: controller.signal })
    setImmediate(() => controller.abort('stop'))
    await expect(load).rejects.toMatchObject({ code: 'ABORTED', cause: 'stop' })
    expect((await loadOne(loader, element)).shape).toEqual([3, 224, 224])
  })

  it('while a load waits for its place', async () => {
    const loader = imageLoader({ concurrency: 1 })
    const controller = new AbortController()
    const pictures = await Promise.all([1, 2, 3, 4].map((i) => solid(1500, 1500, [i, i, i])))
    const results = Promise.allSettled(pictures.map((picture, i) => loadOne(loader, picture, i === 2 ? { signal: controller.signal } : {})))
    setImmediate(() => controller.abort('stop'))
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('of one of two loads of an element leaves the other alone', async () => {
    const loader = imageLoader()
    const element = new CountedElement(await solid(1500, 1500, [7, 8, 9]))
    const controller = new AbortController()
    const results = Promise.allSettled([loadOne(loader, element, { signal: controller.signal }), loadOne(loader, element)])
    setImmediate(() => controller.abort())
    expect(await results).toMatchObject([{ reason: { code: 'ABORTED' } }, { value: { shape: [1500, 1500, 3] } }])
  })
})

describe('the event loop', () => {
  const side = 4000
  const raster = rowsOf({ data: new Uint8Array(side * side * 3), width: side, height: side })
  const settings = imageLoader({ dtype: 'f32', layout: 'nchw' }).toConfig().config as unknown as ImageLoaderSettings

  it('turns while a large tensor is written', async () => {
    const writer = new TensorWriter(settings, new MemoryPool())
    expect(await countTurns(() => writer.write(raster, { frame: raster, left: 0, top: 0 }))).toBeGreaterThan(3)
  })

  it('turns while a large canvas is padded', async () => {
    const writer = new TensorWriter(settings, new MemoryPool())
    const small = rowsOf({ data: new Uint8Array(3), width: 1, height: 1 })
    expect(await countTurns(() => writer.write(small, { frame: raster, left: 2000, top: 2000 }))).toBeGreaterThan(3)
  })

  it('turns while a picture is enlarged', async () => {
    const size = { width: 500, height: 500 }
    const small = { ...size, data: new Uint8Array(500 * 500 * 3) }
    const kept = { left: 0, top: 0, width: 3000, height: 3000 }
    const rows = enlargedRows(small, planEnlargement(size, kept, kept, 'lanczos3'))
    const writer = new TensorWriter(settings, new MemoryPool())
    expect(await countTurns(() => writer.write(rows, { frame: kept, left: 0, top: 0 }))).toBeGreaterThan(3)
  })

  it('lets long work be aborted between its slices', async () => {
    const controller = new AbortController()
    const written = new TensorWriter(settings, new MemoryPool()).write(raster, { frame: raster, left: 0, top: 0 }, controller.signal)
    setImmediate(() => controller.abort('enough'))
    await expect(written).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })
})

describe('progress', () => {
  it('is told once a picture', async () => {
    const told: unknown[] = []
    await loadOne(imageLoader(), await solid(2, 2, [1, 2, 3]), { onProgress: (progress) => told.push(progress) })
    expect(told).toEqual([{ done: 1, total: 1 }])
  })
})
