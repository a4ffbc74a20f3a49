// Essentia's memory: what is handed to it and what comes from it is released, and what its own code keeps is gone after a reset.

import { descriptorFields, dimensionsOf, ESSENTIA_ALGORITHMS } from '@cbir/essentia'
import { expect, test } from 'vitest'
import { tone } from '../../../tooling/test-sounds.ts'
import { runAlgorithm } from '../worker/algorithm.mjs'
import { describeSound } from '../worker/descriptor.mjs'
import { Essentia, EssentiaRefusal } from '../worker/essentia.mjs'
import type { DescriptorPlan } from '../worker/protocol.d.mts'
import { RATE } from './load.ts'

const essentia = new Essentia()
const module = essentia.module as typeof essentia.module & { _malloc(bytes: number): number }
const first = module._malloc(16)
// What stands there now is kept by a reset.
essentia.beginning = module.HEAPU8.slice(0, essentia.beginning.length + 64)

/** Bytes in use, as the module's allocator (dlmalloc) has them: chunk by chunk from the first one, each with its size and a flag before its data. */
function bytesInUse(): number {
  const { HEAPU32 } = module
  let bytes = 0
  for (let chunk = first - 8; ; ) {
    const head = HEAPU32[(chunk + 4) >> 2] ?? 0
    const size = head & ~7
    if (size < 16) return bytes
    if ((head & 2) !== 0) bytes += size
    chunk += size
  }
}

const sound = tone(2, 0.06, RATE) as Float32Array<ArrayBuffer>

function run(name: string): void {
  const { input, outputs, usual, parameters } = ESSENTIA_ALGORITHMS[name]!
  const defaults = Object.values(parameters).map(({ default: usual }) => usual)
  const framing = { frameSize: 2048, hopSize: 2048, windowType: 'hann' }
  const plan = { kind: 'algorithm', name, input, outputs: usual ?? outputs, parameters: defaults, framing } as const
  runAlgorithm(essentia, plan, sound, RATE)
}

function refused(work: () => unknown): void {
  expect(work).toThrow(EssentiaRefusal)
}

test('the bytes in use are those that were asked for', () => {
  const before = bytesInUse()
  const held = essentia.hold(new Float32Array(1000))
  expect(bytesInUse() - before).toBeGreaterThanOrEqual(4000)
  expect(bytesInUse() - before).toBeLessThan(4100)
  held.release()
  expect(bytesInUse()).toBe(before)
})

test('a call gives everything back, except of those algorithms whose own code does not', { timeout: 60_000 }, () => {
  const keeping: string[] = []
  for (const name of Object.keys(ESSENTIA_ALGORITHMS)) {
    // Without any beat some of these refuse, and keep what a refusal keeps.
    if (/^(BeatTracker|Rhythm)/.test(name)) continue
    run(name)
    const before = bytesInUse()
    run(name)
    if (bytesInUse() !== before) keeping.push(name)
  }
  expect(keeping.sort()).toEqual([
    'LoopBpmEstimator',
    'LowLevelSpectralExtractor',
    'PitchYinProbabilistic',
    'SuperFluxExtractor',
    'TonalExtractor',
    'TonicIndianArtMusic',
    'TuningFrequencyExtractor',
  ])
})

test('arguments that do not fit are refused, and their vectors released', () => {
  const before = bytesInUse()
  refused(() => essentia.call('HFC', sound, RATE, 7))
  refused(() => essentia.call('HFC', sound))
  refused(() => essentia.call('HFCs', sound))
  expect(bytesInUse()).toBe(before)
})

test('after a reset there is what there was at first, whatever was called or refused', () => {
  const describe = (kind: 'music' | 'freesound'): Float32Array => {
    const fields = descriptorFields(kind, { descriptors: ['tonal', ...(kind === 'freesound' ? ['sfx'] : ['rhythm'])] })
    const plan: DescriptorPlan = { kind, fields, dimensions: dimensionsOf(fields) }
    return describeSound(essentia, plan, tone(3, 0.2, RATE) as Float32Array<ArrayBuffer>, RATE).data
  }
  essentia.reset()
  const before = bytesInUse()
  const found = [describe('music'), describe('freesound')]
  const { heap } = essentia
  for (let i = 0; i < 20; i++) {
    if (i === 0 || i === 19) expect([describe('music'), describe('freesound')]).toEqual(found)
    else if (i % 2 === 0) run('SuperFluxExtractor')
    else refused(() => essentia.call('MelBands', sound.subarray(0, 1025), 30_000, 1025, false, 0, 'unit_sum', 40, RATE, 'power', 'htkMel', 'warping'))
    expect(bytesInUse()).toBeGreaterThan(before)
    essentia.reset()
    expect(bytesInUse()).toBe(before)
  }
  expect(essentia.heap).toBe(heap)
})
