// @cbir/audio-dsp in a browser: WebAssembly.

import { CbirError } from '@cbir/core'
import type { Engine } from './engine.ts'
import { type Dsp, makeDsp } from './make-dsp.ts'
import { wasmEngine } from './wasm-engine.ts'
import { wasmInstances, wasmUrl } from './wasm-module.ts'

export * from './exports.ts'

interface Host {
  fetch(url: URL): Promise<{ readonly ok: boolean; readonly status: number; arrayBuffer(): Promise<ArrayBuffer> }>
}

async function fetched(): Promise<Uint8Array> {
  const answer = await (globalThis as unknown as Host).fetch(wasmUrl)
  if (!answer.ok) throw new Error(`HTTP status ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

const wasm: Engine = wasmEngine(wasmInstances(fetched))

const dsp: Dsp = makeDsp((implementation) => {
  if (implementation !== 'native') return wasm
  throw new CbirError('NOT_USABLE', "A browser runs no native code. Use `implementation: 'auto'` or `'wasm'`.")
})

/** Why `implementation: 'auto'` is WebAssembly here. */
export function nativeProblem(): string | undefined {
  return 'A browser runs no native code.'
}

/** Short-time Fourier transform: complex64 values, frames × (1 + nFft/2). @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, NOT_USABLE, ABORTED */
export const stft: Dsp['stft'] = dsp.stft
/** |STFT| or |STFT|², frames × (1 + nFft/2). Errors: those of `stft`. */
export const spectrogram: Dsp['spectrogram'] = dsp.spectrogram
/** A spectrogram through a filter bank, if wanted in dB and times a matrix: mel spectrograms, chroma, MFCC. Errors: those of `stft`, DIMENSION_MISMATCH. */
export const filteredSpectrogram: Dsp['filteredSpectrogram'] = dsp.filteredSpectrogram
/** The signal of an STFT, by weighted overlap-add (Griffin and Lim 1984). @throws CbirError DIMENSION_MISMATCH, INVALID_ARGUMENT, NOT_FINITE */
export const istft: Dsp['istft'] = dsp.istft
/** Decibels of powers or amplitudes: librosa's `power_to_db` and `amplitude_to_db`. @throws CbirError INVALID_ARGUMENT, NOT_FINITE */
export const decibels: Dsp['decibels'] = dsp.decibels
/** Rows of `inner` numbers, each times every row of the matrix (outputs × inner): rows × outputs. Summed in double. @throws CbirError DIMENSION_MISMATCH */
export const matrixProduct: Dsp['matrixProduct'] = dsp.matrixProduct
/** Transforms of rows of real numbers, in double: numpy.fft.rfft. @throws CbirError EMPTY, DIMENSION_MISMATCH, NOT_FINITE */
export const rfft: Dsp['rfft'] = dsp.rfft
/** The rows that `rfft` came from: numpy.fft.irfft. @throws CbirError DIMENSION_MISMATCH, NOT_FINITE */
export const irfft: Dsp['irfft'] = dsp.irfft
