// A process that transforms with @cbir/audio-dsp and @cbir/audio-stft, and is asked as the peer is: what it times is the public call, awaited.

import { readFileSync, writeFileSync } from 'node:fs'
import { filteredSpectrogram, nativeProblem, type SparseFilters, type StftOptions, sparseFilters, stft } from '@cbir/audio-dsp'
import * as features from '@cbir/audio-stft'
import { type Commands, serve, timed } from '../host.ts'

const RATE = 22_050
const MELS = 128
const COEFFICIENTS = 20

let samples = new Float32Array(0)

const melOf = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)

/** Triangles that are equally wide on the mel scale, from 0 to half of the rate: as many weights as any mel filter bank has. */
function melBank(nFft: number): SparseFilters {
  const bins = Math.floor(nFft / 2) + 1
  const weights = new Float64Array(MELS * bins)
  const step = melOf(RATE / 2) / (MELS + 1)
  for (let mel = 0; mel < MELS; mel++) {
    for (let bin = 0; bin < bins; bin++) {
      const place = melOf((bin * RATE) / nFft) / step
      weights[mel * bins + bin] = Math.max(0, 1 - Math.abs(place - (mel + 1)))
    }
  }
  return sparseFilters(weights, MELS, bins)
}

/** DCT-II. */
const dct = Float64Array.from({ length: COEFFICIENTS * MELS }, (_, i) => {
  const [k, mel] = [Math.floor(i / MELS), i % MELS]
  return Math.sqrt(2 / MELS) * Math.cos((Math.PI * k * (mel + 0.5)) / MELS)
})

type Words = readonly string[]

function optionsOf([nFft, hopLength, precision, implementation]: Words): StftOptions {
  return {
    nFft: Number(nFft),
    hopLength: Number(hopLength),
    precision: precision as 'f64' | 'f32',
    implementation: implementation as 'native' | 'wasm',
  }
}

const COMMANDS: Commands = {
  async samples([file]) {
    const bytes = readFileSync(file!)
    samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice()
    return { samples: samples.length, native: nativeProblem() ?? 'yes' }
  },
  stft: (words) => timed(() => stft(samples, optionsOf(words))),
  async mel(words) {
    const filters = melBank(Number(words[0]))
    return timed(() => filteredSpectrogram(samples, { ...optionsOf(words), power: 2, filters }))
  },
  async mfcc(words) {
    const filters = melBank(Number(words[0]))
    return timed(() => filteredSpectrogram(samples, { ...optionsOf(words), power: 2, filters, decibels: {}, matrix: dct }))
  },
  'feature-stft': (words) => timed(() => features.stft(samples, optionsOf(words))),
  'feature-mel': (words) => timed(() => features.melspectrogram(samples, { ...optionsOf(words), sampleRate: RATE })),
  'feature-mfcc': (words) => timed(() => features.mfcc(samples, { ...optionsOf(words), sampleRate: RATE })),
  async write([file, ...words]) {
    const { data } = await stft(samples, optionsOf(words))
    writeFileSync(file!, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return {}
  },
}

await serve(COMMANDS)
