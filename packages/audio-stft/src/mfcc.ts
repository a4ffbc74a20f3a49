// MFCC: the cosine transform of a mel spectrogram in decibels (Davis and Mermelstein 1980). librosa's `feature.mfcc`.

import { type FrameLayout, filteredSpectrogram, matrixProduct, type RealFrames, decibels as toDecibels } from '@cbir/audio-dsp'
import { checkInteger, checkNotNegative } from './check.ts'
import { type DctType, dctMatrix } from './dct.ts'
import { checkMatrix, finiteFrames, isMatrix, type Matrix, toMatrix } from './matrix.ts'
import { type MelspectrogramOptions, melBank, melFrames } from './melspectrogram.ts'
import { remembered } from './remembered.ts'
import { FEATURE_HOP, type SpectralInput } from './spectral-input.ts'

export interface MfccOptions extends Omit<MelspectrogramOptions, 'norm'> {
  /** Coefficients, at most as many as bands. Default 20. */
  readonly nMfcc?: number | undefined
  /** Default 2. */
  readonly dctType?: DctType | undefined
  /** Scale of the cosine transform. Default `'ortho'`. */
  readonly norm?: 'ortho' | null | undefined
  /** Liftering (Juang, Rabiner and Wilpon 1987): coefficient n is multiplied by 1 + lifter/2 · sin(π (n + 1) / lifter). Default 0: none. */
  readonly lifter?: number | undefined
  /** The `norm` of the mel filters. Default `'slaney'`. */
  readonly melNorm?: MelspectrogramOptions['norm']
}

interface CepstrumOptions {
  readonly bands: number
  readonly nMfcc: number
  readonly dctType: DctType
  readonly norm: 'ortho' | null
  readonly lifter: number
}

/** Cosine transform and lifter as one matrix of nMfcc × bands. */
const cepstrumMatrix = remembered(8, ({ bands, nMfcc, dctType, norm, lifter }: CepstrumOptions): Float64Array => {
  const matrix = dctMatrix(nMfcc, bands, { type: dctType, norm })
  if (lifter > 0) {
    for (let i = 0; i < matrix.length; i++) matrix[i]! *= 1 + (lifter / 2) * Math.sin((Math.PI * (Math.floor(i / bands) + 1)) / lifter)
  }
  return matrix
})

function cepstrumOf(options: MfccOptions, bands: number): Float64Array {
  const { nMfcc = 20, dctType = 2, norm = 'ortho', lifter = 0 } = options
  checkInteger('nMfcc', nMfcc, 1, bands)
  checkNotNegative('lifter', lifter)
  return cepstrumMatrix({ bands, nMfcc, dctType, norm, lifter })
}

/** As {@link mfcc}, a frame after another; from samples in the layout that is wanted, where `power` is 1 or 2. */
export async function mfccFrames(input: SpectralInput, options: MfccOptions, layout: FrameLayout = 'frames'): Promise<RealFrames> {
  const { signal, nMels = 128, nFft = 2048, power = 2, melNorm = 'slaney' } = options
  if (isMatrix(input)) {
    checkMatrix(input)
    const { data, frames, bins } = await finiteFrames(input, signal)
    return cepstra({ data, frames, bins }, options)
  }
  const mel = { ...options, norm: melNorm }
  // The bank first: it refuses more bands than there are bins, before a matrix is made of them.
  const filters = melBank(mel, nFft).sparse
  const matrix = cepstrumOf(options, nMels)
  if (power === 1 || power === 2) {
    return filteredSpectrogram(input, { ...options, hopLength: options.hopLength ?? FEATURE_HOP, power, filters, decibels: {}, matrix, layout })
  }
  const bands = await melFrames(input, mel)
  return cepstra({ ...bands, data: await toDecibels(bands.data, { signal }) }, options)
}

async function cepstra({ data, frames, bins }: RealFrames, options: MfccOptions): Promise<RealFrames> {
  const matrix = cepstrumOf(options, bins)
  const { signal } = options
  return { data: await matrixProduct(data, bins, matrix, { signal }), frames, bins: matrix.length / bins }
}

/**
 * (nMfcc, frames). A matrix in place of samples is a mel spectrogram in decibels (bands, frames), as librosa's `S`.
 * @throws CbirError INVALID_ARGUMENT, EMPTY, NOT_FINITE, ABORTED
 */
export async function mfcc(input: SpectralInput, options: MfccOptions): Promise<Matrix> {
  return toMatrix(await mfccFrames(input, options, 'bins'), options.signal)
}
