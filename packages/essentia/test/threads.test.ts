// Threads: what Essentia refuses, what kills it, memory, and that nothing is printed.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { essentiaLoader, essentiaMemory, freesoundExtractor, musicExtractor } from '@cbir/essentia'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tone, wav } from '../../../tooling/test-sounds.ts'
import { checkSound } from '../src/check-sound.ts'
import { load, RATE, silence, sine } from './load.ts'

const started: Worker[] = []
const remember = (worker: Worker): void => void started.push(worker)
beforeAll(() => void process.on('worker', remember))
afterAll(() => void process.off('worker', remember))

test("an exception of Essentia's, which is a number, becomes a typed error in its words", async () => {
  const loader = essentiaLoader({ algorithm: 'MFCC', parameters: { highFrequencyBound: 30_000 } })
  await expect(load(loader, sine(440))).rejects.toMatchObject({
    code: 'LOAD_FAILED',
    message: expect.stringContaining('High frequency bound cannot be higher than Nyquist frequency'),
    details: { algorithm: 'MFCC' },
  })
  await expect(load(essentiaLoader({ algorithm: 'StrongDecay' }), silence())).rejects.toMatchObject({
    code: 'LOAD_FAILED',
    message: expect.stringContaining('not defined for a zero signal'),
  })
  // The thread goes on.
  await load(essentiaLoader({ algorithm: 'MFCC' }), sine(440))
})

test('what Essentia would take in silence is refused before it', async () => {
  const mfcc = essentiaLoader({ algorithm: 'MFCC' })
  const short = { code: 'LOAD_FAILED', message: expect.stringContaining('too short') }
  await expect(load(mfcc, Float32Array.of(0.5))).rejects.toMatchObject(short)
  await expect(load(mfcc, sine(440).subarray(0, 2047))).rejects.toMatchObject(short)
  await load(mfcc, sine(440).subarray(0, 2048))
  await expect(load(essentiaLoader({ algorithm: 'Danceability' }), sine(440, 0.01))).rejects.toMatchObject(short)
  await expect(load(musicExtractor({}), sine(440, 0.05))).rejects.toMatchObject(short)
  await expect(load(freesoundExtractor({}), sine(440, 0.05))).rejects.toMatchObject(short)
  for (const [i, bad] of [Number.NaN, Number.POSITIVE_INFINITY].entries()) {
    const samples = sine(440)
    samples[1000 + i] = bad
    await expect(load(mfcc, samples)).rejects.toMatchObject({ code: 'LOAD_FAILED', message: expect.stringContaining(String(1000 + i)) })
  }
  expect(() => checkSound(2 ** 28 + 1, RATE, { least: 1, whole: true })).toThrow(/too long.*windows/)
  checkSound(2 ** 28 + 1, RATE, { least: 1, whole: false })
  const asItIs = essentiaLoader({ algorithm: 'MFCC', sampleRate: null })
  for (const sampleRate of [100, 10_000_000]) {
    const parts = asItIs.load({ samples: sine(440), sampleRate })[Symbol.asyncIterator]()
    await expect(parts.next()).rejects.toMatchObject({ code: 'LOAD_FAILED', message: expect.stringContaining('samples a second') })
  }
})

test('a thread that dies in the middle is a typed error, and a new one takes its place', async () => {
  const long = load(musicExtractor({}), tone(1, 20, RATE))
  const failed = expect(long).rejects.toMatchObject({ code: 'ADAPTER_FAULT', message: expect.stringContaining('thread') })
  await new Promise((resolve) => setTimeout(resolve, 400))
  const { threads } = essentiaMemory()
  expect(threads).toBeGreaterThan(0)
  const before = started.length
  await Promise.all(started.map((worker) => worker.terminate()))
  await failed
  expect(essentiaMemory().threads).toBe(0)
  await load(essentiaLoader({ algorithm: 'RMS' }), sine(440))
  expect(started.length).toBe(before + 1)
})

test('an abort ends the thread in the middle of its work', async () => {
  const abort = new AbortController()
  const reason = new Error('enough')
  const long = load(musicExtractor({}), tone(1, 30, RATE), { signal: abort.signal })
  const aborted = expect(long).rejects.toMatchObject({ code: 'ABORTED', cause: reason })
  await new Promise((resolve) => setTimeout(resolve, 500))
  const before = essentiaMemory().threads
  abort.abort(reason)
  await aborted
  expect(essentiaMemory().threads).toBe(before - 1)
  await load(essentiaLoader({ algorithm: 'RMS' }), sine(440))
})

test('an abort while waiting for a thread, too', async () => {
  const abort = new AbortController()
  const many = Array.from({ length: 12 }, (_, i) =>
    load(essentiaLoader({ algorithm: 'LoudnessVickers' }), tone(i, 2, RATE), { signal: abort.signal }),
  )
  const settled = Promise.allSettled(many)
  setTimeout(() => abort.abort(), 20)
  const outcomes = await settled
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ABORTED' })
})

test('a thread that has refused a hundred times is replaced, as its stack is lower by each', async () => {
  const refusing = essentiaLoader({ algorithm: 'StrongDecay' })
  const nothing = silence(0.1)
  await load(essentiaLoader({ algorithm: 'RMS' }), sine(440, 0.1))
  const before = started.length
  for (let i = 0; i < 100; i++) await expect(load(refusing, nothing)).rejects.toMatchObject({ code: 'LOAD_FAILED' })
  await load(essentiaLoader({ algorithm: 'RMS' }), sine(440, 0.1))
  expect(started.length).toBe(before + 1)
})

test('memory is flat: 60 sounds need no more than the first ones', { timeout: 60_000 }, async () => {
  const loads = [
    essentiaLoader({ algorithm: 'HPCP' }),
    essentiaLoader({ algorithm: 'LowLevelSpectralEqloudExtractor' }),
    // Of this one, Essentia keeps some 200 KB every time.
    essentiaLoader({ algorithm: 'SuperFluxExtractor' }),
    musicExtractor({ descriptors: ['tonal'] }),
    freesoundExtractor({ descriptors: ['sfx'], statistics: ['mean'] }),
  ].map((loader) => (sound: Float32Array) => load<unknown>(loader, sound))
  const some = async (from: number, to: number): Promise<void> => {
    // One after another, so that each sound meets the same thread.
    for (let i = from; i < to; i++) await loads[i % loads.length]!(tone(i, 0.1, RATE))
  }
  await some(0, 10)
  const { largest } = essentiaMemory()
  expect(largest).toBeGreaterThan(0)
  await some(10, 60)
  expect(essentiaMemory().largest).toBe(largest)
})

test('nothing is printed, and a process with idle threads ends', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-essentia-'))
  try {
    const worker = new URL('../worker/essentia-worker.mjs', import.meta.url).href
    // The thread that this package starts, started as anybody would, without what keeps its output from the console.
    const program = join(folder, 'program.mjs')
    writeFileSync(
      program,
      `import { Worker } from 'node:worker_threads'
      const worker = new Worker(new URL(${JSON.stringify(worker)}))
      const framing = { frameSize: 1024, hopSize: 512, windowType: 'hann' }
      const plans = [
        { kind: 'algorithm', name: 'MelBands', input: 'spectrum', outputs: ['bands'], framing,
          parameters: [22050, 1025, false, 0, 'unit_sum', 40, 44100, 'power', 'htkMel', 'warping'] },
        { kind: 'music', dimensions: 2, fields: [
          { descriptor: 'lowlevel.hfc', statistic: 'mean', offset: 0, length: 1 }, { descriptor: 'rhythm.bpm', offset: 1, length: 1 }] },
      ]
      let left = 2 * plans.length
      worker.on('message', () => --left === 0 && worker.unref())
      for (const plan of plans) for (const level of [0, 0.3]) {
        worker.postMessage({ plan, samples: Float32Array.from({ length: 22050 }, (_, i) => level * Math.sin(i / 9)), sampleRate: 44100 })
      }`,
    )
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program])
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
  } finally {
    await rm(folder, { recursive: true })
  }
})

/** A wav file with other fields in its header. */
function headed(bytes: Uint8Array, { format = 1, channels = 1, bits = 16 }): Uint8Array {
  const view = new DataView(bytes.buffer)
  view.setUint16(20, format, true)
  view.setUint16(22, channels, true)
  view.setUint32(28, (RATE * channels * bits) / 8, true)
  view.setUint16(32, (channels * bits) / 8, true)
  view.setUint16(34, bits, true)
  return bytes
}

test('of a file: 64 channels are mixed, a sample that is no number is refused', async () => {
  const rms = essentiaLoader({ algorithm: 'RMS' })
  const values = async (file: Uint8Array): Promise<Float32Array[]> => {
    const found: Float32Array[] = []
    for await (const { value } of rms.load(file)) found.push(value.data)
    return found
  }
  const mono = sine(440, 0.1)
  const [one] = await values(wav(mono, RATE))
  const many = Float32Array.from({ length: 64 * mono.length }, (_, i) => mono[Math.floor(i / 64)]!)
  const [mixed] = await values(headed(wav(many, RATE), { channels: 64 }))
  expect(mixed!.length).toBe(one!.length)
  for (const [i, value] of mixed!.entries()) expect(Math.abs(value - one![i]!)).toBeLessThanOrEqual(1e-4 * one![i]!)

  const float = headed(wav(new Float32Array(8192), RATE), { format: 3, bits: 32 })
  new DataView(float.buffer).setFloat32(44 + 4 * 1000, Number.NaN, true)
  await expect(values(float)).rejects.toMatchObject({
    code: 'LOAD_FAILED',
    message: expect.stringContaining('1 samples of float 32 are no finite numbers'),
  })
})
