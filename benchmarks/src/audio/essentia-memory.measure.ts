// Essentia over 2000 sounds: its memory, which is WebAssembly's and never shrinks, must be after all of them what it was after the first hundred.

import type { VectorLoader } from '@cbir/core'
import { essentiaLoader, essentiaMemory, freesoundExtractor, musicExtractor, type SoundInput } from '@cbir/essentia'
import { atMost, type Row, shown } from '../row.ts'

const FILES = 2000
const FIRST = 100
const RATE = 44100
const SECONDS = 0.5

/** Another tone with another noise for every number. */
function sound(seed: number): Float32Array {
  let state = (seed + 1) * 2654435761
  return Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 0.4 * Math.sin((2 * Math.PI * (110 + 7 * (seed % 200)) * i) / RATE) + 0.05 * (state / 2 ** 31 - 1)
  })
}

export async function measure(): Promise<Row[]> {
  const loaders: readonly VectorLoader<SoundInput>[] = [
    essentiaLoader({ algorithm: 'HPCP' }),
    essentiaLoader({ algorithm: 'LowLevelSpectralEqloudExtractor' }),
    musicExtractor({ descriptors: ['tonal', 'rhythm'] }),
    freesoundExtractor({ descriptors: ['lowlevel', 'sfx'] }),
  ]
  const load = async (i: number): Promise<void> => {
    for await (const _ of loaders[i % loaders.length]!.load({ samples: sound(i), sampleRate: RATE }));
  }
  for (let i = 0; i < FIRST; i++) await load(i)
  const heap = essentiaMemory().largest
  const resident = process.memoryUsage().rss
  const began = performance.now()
  for (let i = FIRST; i < FILES; i++) await load(i)
  const took = (performance.now() - began) / (FILES - FIRST)
  const after = essentiaMemory().largest
  const how = `${FILES} sounds of ${SECONDS} s, one after another, through HPCP, LowLevelSpectralEqloudExtractor, and parts of both extractors in turn`
  return [
    atMost('essentia.heap.growth', (after - heap) / 1e6, 0, 'MB', `${how}: Essentia's memory after all, less that after ${FIRST}`),
    shown('essentia.heap', after / 1e6, 'MB', how),
    atMost('essentia.resident.growth', (process.memoryUsage().rss - resident) / 1e6, 60, 'MB', `${how}: of the whole process`),
    shown('essentia.time', took, 'ms a sound', how),
  ]
}
