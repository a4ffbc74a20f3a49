// What happens around extraction: files, configuration, abort, dispose, threads that die, processes that end.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import type { FeatureExtractor } from '@cbir/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OnnxExtractorConfig, type OnnxInput, onnxExtractor } from '../src/index.ts'
import { usability } from '../src/usability.ts'
import { external, FLOAT, floats, identity, int64s, model, node, value } from './support/onnx-encoder.ts'
import { f32, rowsOf } from './support/tensors.ts'

const made: FeatureExtractor<OnnxInput>[] = []
let folder = ''
let threads: Worker[] = []
const onWorker = (worker: Worker): void => void threads.push(worker)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onnx-extractor-'))
  process.on('worker', onWorker)
})
afterAll(async () => {
  process.off('worker', onWorker)
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  threads = []
})
afterEach(async () => {
  await Promise.all(made.splice(0).map((extractor) => extractor.dispose()))
})

async function make(config: OnnxExtractorConfig): Promise<FeatureExtractor<OnnxInput>> {
  const extractor = await onnxExtractor({ workers: 1, ...config })
  made.push(extractor)
  return extractor
}

async function modelFile(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

/** A model that is busy for a while: a loop of additions over a large tensor. */
const SIDE = 384
const slow = (rounds: number): Uint8Array =>
  model({
    nodes: [
      node('Expand', ['x', 'shape'], ['h0']),
      ...Array.from({ length: rounds }, (_, i) => node('MatMul', [`h${i}`, 'w'], [`h${i + 1}`])),
      node('ReduceSum', [`h${rounds}`, 'axes'], ['y']),
    ],
    inputs: [value('x', FLOAT, ['N', 1, 1])],
    outputs: [value('y', FLOAT, ['N', 1, 1])],
    initializers: [
      int64s('shape', [3], [1, SIDE, SIDE]),
      int64s('axes', [2], [1, 2]),
      floats(
        'w',
        [SIDE, SIDE],
        Array.from({ length: SIDE * SIDE }, (_, i) => (i % (SIDE + 1) === 0 ? 1 : 0)),
      ),
    ],
  })

describe('configuration', () => {
  const parse = (config: unknown): unknown => onnxExtractor.configSchema['~standard'].validate(config)

  test('an extractor made from its own configuration is the same', async () => {
    const path = await modelFile('identity.onnx', identity(['N', 2]))
    for (const config of [
      { model: path, workers: 1 },
      { model: path, normalise: 'l2', batchSize: 3, workers: 2, space: 'shared', dimensions: 2 },
    ] as const) {
      const extractor = await make(config)
      const written = extractor.toConfig()
      expect(written).toMatchObject({ type: 'onnx-extractor', package: '@cbir/onnx-extractor' })
      expect({ value: written.config }).toEqual(parse(config))
      expect(parse(written.config)).toEqual({ value: written.config })
      const again = await make(written.config as unknown as OnnxExtractorConfig)
      expect(again.toConfig()).toEqual(written)
      expect(again.fingerprint).toBe(extractor.fingerprint)
      expect(again.space).toBe(extractor.space)
    }
  })

  test('bytes cannot be written as configuration', async () => {
    const extractor = await make({ model: identity(['N', 2]) })
    expect(() => extractor.toConfig()).toThrow(expect.objectContaining({ code: 'NOT_SERIALIZABLE' }))
  })

  test.each([
    {},
    { model: '' },
    { model: 5 },
    { model: 'a', pooling: 'max' },
    { model: 'a', batchSize: 0 },
    { model: 'a', workers: 1.5 },
    { model: 'a', normalize: 'l2' },
    { model: 'a', constants: { k: { dtype: 'f32', shape: [-1], data: [] } } },
  ])('%j is INVALID_CONFIG', (config) => {
    expect(() => onnxExtractor(config as never)).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  })

  test('the fingerprint changes with bytes and options, not with place, threads or batch size', async () => {
    const bytes = identity(['N', 2, 2])
    const base = await make({ model: bytes })
    const same = await make({ model: await modelFile('same.onnx', bytes), workers: 2, batchSize: 1 })
    expect(same.fingerprint).toBe(base.fingerprint)
    const other = model({ nodes: [node('Neg', ['x'], ['y'])], inputs: [value('x', FLOAT, ['N', 2, 2])], outputs: [value('y', FLOAT, ['N', 2, 2])] })
    const others = [{ model: other }, { model: bytes, normalise: 'l2' }, { model: bytes, pooling: 'cls' }, { model: bytes, cast: true }] as const
    const prints = await Promise.all(others.map(async (config) => (await make(config)).fingerprint))
    expect(new Set([base.fingerprint, ...prints]).size).toBe(others.length + 1)
  })

  test('the platform here is usable; one without a binary says which have one', () => {
    expect(usability()).toEqual({ usable: true })
    expect(usability('darwin', 'x64')).toMatchObject({ usable: false, reason: expect.stringMatching(/darwin-x64.*linux-x64/) })
  })
})

describe('files', () => {
  test('that are not there, or are folders', async () => {
    await expect(make({ model: join(folder, 'absent.onnx') })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('absent.onnx'),
    })
    await expect(make({ model: folder })).rejects.toMatchObject({ code: 'IO_FAILED' })
  })

  test('that hold no model, or one that onnxruntime refuses', async () => {
    await expect(make({ model: await modelFile('text.onnx', new TextEncoder().encode('not a model')) })).rejects.toMatchObject({
      code: 'INVALID_MODEL',
    })
    const unknown = model({ nodes: [node('Wonder', ['x'], ['y'])], inputs: [value('x', FLOAT, ['N', 1])], outputs: [value('y', FLOAT, ['N', 1])] })
    await expect(make({ model: unknown })).rejects.toMatchObject({ code: 'INVALID_MODEL', message: expect.stringMatching(/Wonder/) })
  })

  test('that change later are not mixed: a worker that starts then refuses, the others go on', async () => {
    const path = await modelFile('changing.onnx', identity(['N', 1]))
    const extractor = await make({ model: path, workers: 2, batchSize: 1 })
    await writeFile(path, identity(['N', 1], FLOAT, ['M', 1]))
    const items = [1, 2, 3, 4].map((n) => f32([1], [n]))
    expect([...(await extractor.extract(items)).data]).toEqual([1, 2, 3, 4])
    await threads[0]!.terminate()
    await expect(extractor.extract(items)).rejects.toMatchObject({ code: 'INVALID_MODEL', message: expect.stringMatching(/changed/) })
    await writeFile(path, identity(['N', 1]))
    expect([...(await extractor.extract(items)).data]).toEqual([1, 2, 3, 4])
  })
})

describe('external data', () => {
  const withData = (location: string): Uint8Array =>
    model({
      nodes: [node('MatMul', ['x', 'w'], ['inner']), node('Relu', ['inner'], ['y'])],
      inputs: [value('x', FLOAT, ['N', 2])],
      outputs: [value('y', FLOAT, ['N', 2])],
      initializers: [external('w', [2, 2], location, 16)],
    })
  const weights = (...numbers: number[]): Uint8Array => new Uint8Array(Float32Array.from(numbers).buffer)
  const item = f32([2], [1, 2])

  test('lies beside the model, for outputs and for inner tensors', async () => {
    await mkdir(join(folder, 'sub'), { recursive: true })
    for (const location of ['weights.bin', 'sub/weights.bin']) {
      await writeFile(join(folder, location), weights(1, -1, 1, -1))
      const path = await modelFile('external.onnx', withData(location))
      for (const workers of [1, 2]) {
        const config = { model: path, workers, batchSize: 1 }
        expect(rowsOf(await (await make(config)).extract([item, item, item]))).toEqual(Array.from({ length: 3 }, () => [3, 0]))
        const inner = await make({ ...config, output: 'inner' })
        expect(rowsOf(await inner.extract([item, item, item]))).toEqual(Array.from({ length: 3 }, () => [3, -3]))
      }
    }
  })

  test('is part of the fingerprint', async () => {
    const path = await modelFile('printed.onnx', withData('printed.bin'))
    await writeFile(join(folder, 'printed.bin'), weights(1, 0, 0, 1))
    const before = await make({ model: path })
    await writeFile(join(folder, 'printed.bin'), weights(2, 0, 0, 2))
    expect((await make({ model: path })).fingerprint).not.toBe(before.fingerprint)
  })

  test('that is missing or cut short is an error', async () => {
    const path = await modelFile('lacking.onnx', withData('lacking.bin'))
    await expect(make({ model: path })).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('lacking.bin') })
    await writeFile(join(folder, 'lacking.bin'), weights(1))
    await expect(make({ model: path })).rejects.toMatchObject({ code: 'INVALID_MODEL' })
    await expect(make({ model: path, output: 'inner' })).rejects.toMatchObject({ code: 'INVALID_MODEL' })
    await expect(make({ model: withData('lacking.bin') })).rejects.toMatchObject({ code: 'INVALID_MODEL', message: expect.stringMatching(/path/) })
  })

  test('outside the folder of the model is never read', async () => {
    await mkdir(join(folder, 'inside'), { recursive: true })
    await writeFile(join(folder, 'secret.bin'), weights(1, 0, 0, 1))
    await symlink(join(folder, 'secret.bin'), join(folder, 'inside', 'link.bin'))
    for (const location of ['../secret.bin', join(folder, 'secret.bin'), 'a/../../secret.bin', '..', '.', 'link.bin', 'nul\0.bin']) {
      for (const output of ['y', 'inner']) {
        const path = await modelFile('inside/model.onnx', withData(location))
        await expect(make({ model: path, output })).rejects.toMatchObject({ code: 'INVALID_MODEL', message: expect.stringMatching(/outside/) })
      }
    }
  })
})

describe('abort and dispose', () => {
  const items = Array.from({ length: 60 }, (_, i) => f32([1, 1], [i]))

  test('an aborted call ends at once, the next one works', async () => {
    const extractor = await make({ model: slow(8), batchSize: 1 })
    const reason = new Error('enough')
    const controller = new AbortController()
    let done = 0
    const pending = extractor.extract(items, {
      signal: controller.signal,
      onProgress: (progress) => {
        done = progress.done
        if (done === 2) controller.abort(reason)
      },
    })
    await expect(pending).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
    expect(done).toBe(2)
    const { data } = await extractor.extract(items.slice(0, 2))
    expect([...data]).toEqual([0, SIDE * SIDE])
  })

  test('a call that is aborted already does nothing', async () => {
    const extractor = await make({ model: identity(['N', 1]) })
    await expect(extractor.extract([f32([1], [1])], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('aborting one call leaves those beside it alone', async () => {
    const extractor = await make({ model: slow(4), batchSize: 1 })
    const controller = new AbortController()
    const beside = extractor.extract(items.slice(0, 6))
    const aborted = extractor.extract(items, { signal: controller.signal })
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    expect((await beside).count).toBe(6)
  })

  test('an error in one job ends its call and frees the queue', async () => {
    const extractor = await make({ model: identity(['N', 'F']), dimensions: 1, batchSize: 1 })
    const wrong = [f32([1], [1]), f32([2], [1, 2]), ...Array.from({ length: 50 }, () => f32([1], [3]))]
    await expect(extractor.extract(wrong)).rejects.toMatchObject({ code: 'DIMENSION_MISMATCH', details: { from: 1, to: 2 } })
    expect((await extractor.extract([f32([1], [4])])).data).toEqual(Float32Array.of(4))
  })

  test('dispose waits for calls in flight, refuses new ones and ends every thread', async () => {
    const extractor = await onnxExtractor({ model: slow(4), workers: 2, batchSize: 1 })
    const pending = extractor.extract(items.slice(0, 8))
    const disposed = extractor.dispose()
    await expect(extractor.extract(items)).rejects.toMatchObject({ code: 'DISPOSED' })
    expect((await pending).count).toBe(8)
    await disposed
    expect(threads).toHaveLength(2)
    // A thread that has ended has no id any more.
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1])
  })

  test('a failed creation leaves no thread behind', async () => {
    await expect(onnxExtractor({ model: identity(['N', 2]), output: 'absent' })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    await expect(onnxExtractor({ model: identity(['N', 'F']) })).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1])
  })
})

describe('threads', () => {
  test('one that dies fails its call; the next call has a new one', async () => {
    const extractor = await make({ model: identity(['N', 1]), batchSize: 1 })
    // What is no request is an error that nothing in the thread catches. (Terminating it inside a run would end the process: see exit-gate.ts.)
    threads[0]!.postMessage(null)
    const pending = extractor.extract([f32([1], [1]), f32([1], [2])])
    await expect(pending).rejects.toMatchObject({ code: 'EXTRACT_FAILED', message: expect.stringMatching(/worker thread.*ended/) })
    expect((await extractor.extract([f32([1], [3])])).data).toEqual(Float32Array.of(3))
    expect(threads).toHaveLength(2)
  })

  test('one that dies idle is replaced without an error', async () => {
    const extractor = await make({ model: identity(['N', 1]) })
    await threads[0]!.terminate()
    expect((await extractor.extract([f32([1], [5])])).data).toEqual(Float32Array.of(5))
  })

  test('start when there is work for them', async () => {
    const extractor = await make({ model: identity(['N', 1]), workers: 3, batchSize: 1 })
    expect(threads).toHaveLength(1)
    await extractor.extract([f32([1], [1])])
    expect(threads).toHaveLength(1)
    await extractor.extract([1, 2, 3, 4, 5, 6].map((n) => f32([1], [n])))
    expect(threads.length).toBeGreaterThan(1)
    expect(threads.length).toBeLessThanOrEqual(3)
  })

  test('leave the event loop free while they work', async () => {
    const extractor = await make({ model: slow(60), batchSize: 1 })
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await extractor.extract([f32([1, 1], [1]), f32([1, 1], [2])])
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })

  test('let a process end cleanly in the middle of a run, and do not keep it alive', async () => {
    // Node runs the worker file itself here, as it does from an installed package; the gate is bundled, being TypeScript.
    const path = await modelFile('slow.onnx', slow(40))
    const { build } = await import('esbuild')
    const bundle = await build({
      stdin: { contents: "export * from './src/pool/model-worker.ts'", resolveDir: join(import.meta.dirname, '..') },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      conditions: ['@cbir/source'],
      define: { 'import.meta.url': JSON.stringify(new URL('../src/pool/model-worker.ts', import.meta.url).href) },
    })
    const script = (end: string): string => `
      ${bundle.outputFiles[0]!.text}
      const worker = new ModelWorker()
      await worker.load({ source: { path: ${JSON.stringify(path)} }, external: [], output: 'y', constants: [] })
      const reduction = { pooling: 'none', channelsLast: true, normalise: 'none' }
      const inputs = [{ name: 'x', from: 'float32', to: 'float32', dims: [1, 1], offset: 0 }]
      const run = worker.run({ buffer: new ArrayBuffer(8), inputs, count: 1, perRun: 1, batched: true, reduction, dimensions: 1 }, () => {})
      ${end}
    `
    const ends = { 'setTimeout(() => process.exit(7), 20)': 7, 'setTimeout(() => { throw new Error() }, 20)': 1, 'await run': 0 }
    for (const [end, expected] of Object.entries(ends)) {
      const code = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script(end)], { timeout: 20_000 }).then(
        () => 0,
        (error: { code: unknown; signal: unknown }) => error.code ?? error.signal,
      )
      expect(code, end).toBe(expected)
    }
  })
})
