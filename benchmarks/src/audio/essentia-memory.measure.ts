// Essentia over 2000 sounds, and 250 that it refuses: its memory, which is WebAssembly's and never shrinks, must be after all of them what it was after the
// first hundred, and that of the whole process must not rise any more once everything has been used.

import { CbirError, type VectorLoader } from '@cbir/core'
import { essentiaLoader, essentiaMemory, freesoundExtractor, musicExtractor, type SoundInput } from '@cbir/essentia'
import { atMost, type Row, shown } from '../row.ts'

const FILES = 2000
const REFUSED = 250
const FIRST = 100
/** Sounds from one look at the process's memory to the next. */
const EVERY = 20
const RATE = 44100
const SECONDS = 0.25

/** Another tone with another noise for every number. */
function sound(seed: number): Float32Array {
  let state = (seed + 1) * 2654435761
  return Float32Array.from({ length: SECONDS * RATE }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 0.4 * Math.sin((2 * Math.PI * (110 + 7 * (seed % 200)) * i) / RATE) + 0.05 * (state / 2 ** 31 - 1)
  })
}

/** Of what Essentia's own code keeps something with every call there is most: SuperFluxExtractor 1.2 MB, TonalExtractor 26, what it refuses 7 and more. */
const MIXED = 'HPCP, LowLevelSpectralEqloudExtractor, SuperFluxExtractor, and parts of both extractors'

export async function measure(): Promise<Row[]> {
  const loaders: readonly VectorLoader<SoundInput>[] = [
    essentiaLoader({ algorithm: 'HPCP' }),
    essentiaLoader({ algorithm: 'LowLevelSpectralEqloudExtractor' }),
    essentiaLoader({ algorithm: 'SuperFluxExtractor' }),
    musicExtractor({ descriptors: ['tonal', 'rhythm'] }),
    freesoundExtractor({ descriptors: ['lowlevel', 'sfx'] }),
  ]
  const resident: number[] = []
  let heap = 0
  const began = performance.now()
  for (let i = 0; i < FILES; i++) {
    for await (const _ of loaders[i % loaders.length]!.load({ samples: sound(i), sampleRate: RATE }));
    if (i % EVERY === EVERY - 1) {
      // What this thread has only not collected yet is no growth.
      globalThis.gc?.()
      resident.push(process.memoryUsage.rss())
    }
    if (i === FIRST - 1) heap = essentiaMemory().largest
  }
  const took = (performance.now() - began) / FILES
  const withSounds = essentiaMemory().largest
  const refused = await refuse()
  // The last thread may have seen refused sounds only.
  const after = Math.max(withSounds, essentiaMemory().largest)
  const quarter = (number: number): number => mean(resident.slice((resident.length / 4) * (number - 1), (resident.length / 4) * number))
  const how = `${FILES} sounds of ${SECONDS} s, one after another, through ${MIXED} in turn`
  return [
    atMost(
      'essentia.heap.growth',
      (after - heap) / 1e6,
      0,
      'MB',
      `${how}: Essentia's memory (bytes of its WebAssembly heap) after all and ${refused} refused ones, less that after ${FIRST}`,
    ),
    shown('essentia.heap', after / 1e6, 'MB', how),
    atMost(
      'essentia.resident.ratio',
      quarter(4) / quarter(2),
      1.05,
      '×',
      `${how}: memory of the whole process, mean of the last ${FILES / 4} over that of the second`,
    ),
    shown('essentia.resident', quarter(4) / 1e6, 'MB', `${how}: of the whole process, mean of the last ${FILES / 4}`),
    shown(
      'essentia.resident.refused',
      process.memoryUsage.rss() / 1e6,
      'MB',
      `after ${refused} refused ones, each hundred of which cost a thread: a new one gets memory of its own from glibc, up to eight times a core`,
    ),
    shown('essentia.time', took, 'ms a sound', how),
  ]
}

/** Silence, which StrongDecay refuses, again and again. Gives how often. */
async function refuse(): Promise<number> {
  const loader = essentiaLoader({ algorithm: 'StrongDecay' })
  let refused = 0
  for (let i = 0; i < REFUSED; i++) {
    try {
      for await (const _ of loader.load({ samples: new Float32Array(SECONDS * RATE), sampleRate: RATE }));
    } catch (error) {
      if (!CbirError.isInstance(error, 'LOAD_FAILED')) throw error
      refused++
    }
  }
  return refused
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
