// Essentia's bands of a spectrum, and cepstra of them.

import { type AlgorithmTable, algorithm, atLeast0, integer, oneOf, type Parameters, positive, sampleRate } from './algorithm-description.ts'

const inputSize = integer(1025, '(1,inf)')
const power = oneOf('power', ['magnitude', 'power'])
const weighting = oneOf('warping', ['warping', 'linear'])
const sum = (...others: string[]) => oneOf('unit_sum', ['unit_sum', ...others])
const warpingFormula = oneOf('htkMel', ['slaneyMel', 'htkMel'])

const cepstrum: Parameters = {
  dctType: integer(2, '[2,3]'),
  inputSize,
  logType: oneOf('dbamp', ['natural', 'dbpow', 'dbamp', 'log']),
  numberBands: integer(40, '[1,inf)'),
  numberCoefficients: integer(13, '[1,inf)'),
  sampleRate,
  type: power,
}

const triangles: Parameters = {
  highFrequencyBound: atLeast0(22_050),
  inputSize,
  log: false,
  lowFrequencyBound: atLeast0(0),
  numberBands: integer(24, '(1,inf)'),
  sampleRate,
  type: power,
  weighting,
}

const BARK_EDGES = [
  0, 50, 100, 150, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700, 9500, 12000,
  15500, 20500, 27000,
]

/** Essentia's edges of TriangularBands: quarter tones, as bins of 2048 samples at 44 100 Hz. */
const QUARTER_TONES = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 39, 40,
  41, 42, 43, 45, 46, 47, 49, 50, 51, 53, 55, 56, 58, 59, 61, 63, 65, 67, 69, 71, 73, 75, 77, 79, 82, 84, 87, 89, 92, 94, 97, 100, 103, 106, 109, 112,
  116, 119, 122, 126, 130, 134, 137, 141, 146, 150, 154, 159, 163, 168, 173, 178, 183, 189, 194, 200, 206, 212, 218, 225, 231, 238, 245, 252, 259,
  267, 275, 283, 291, 300, 309, 318, 327, 337, 346, 357, 367, 378, 389, 400, 412, 424, 436, 449, 462, 476, 490, 504, 519, 534, 550, 566, 583, 600,
  617, 635, 654, 673, 693, 713, 734, 755,
].map((bin) => (bin * 44_100) / 2048)

export const bands: AlgorithmTable = {
  BFCC: algorithm(
    'spectrum',
    ['bands', 'bfcc'],
    {
      ...cepstrum,
      highFrequencyBound: positive(11_000),
      liftering: integer(0, '[0,inf)'),
      lowFrequencyBound: atLeast0(0),
      normalize: sum('unit_max'),
      weighting,
    },
    { usual: ['bfcc'] },
  ),
  BarkBands: algorithm('spectrum', ['bands'], { numberBands: integer(27, '[1,28]'), sampleRate }),
  ERBBands: algorithm('spectrum', ['bands'], {
    highFrequencyBound: atLeast0(22_050),
    inputSize,
    lowFrequencyBound: atLeast0(50),
    numberBands: integer(40, '(1,inf)'),
    sampleRate,
    type: power,
    width: positive(1),
  }),
  FrequencyBands: algorithm('spectrum', ['bands'], { frequencyBands: BARK_EDGES, sampleRate }),
  GFCC: algorithm(
    'spectrum',
    ['bands', 'gfcc'],
    { ...cepstrum, highFrequencyBound: positive(22_050), lowFrequencyBound: atLeast0(40), silenceThreshold: positive(1e-10) },
    { usual: ['gfcc'] },
  ),
  MFCC: algorithm(
    'spectrum',
    ['bands', 'mfcc'],
    {
      ...cepstrum,
      highFrequencyBound: positive(11_000),
      liftering: integer(0, '[0,inf)'),
      lowFrequencyBound: atLeast0(0),
      normalize: sum('unit_tri', 'unit_max'),
      silenceThreshold: positive(1e-10),
      warpingFormula,
      weighting,
    },
    { usual: ['mfcc'] },
  ),
  MelBands: algorithm('spectrum', ['bands'], { ...triangles, normalize: sum('unit_tri', 'unit_max'), warpingFormula }),
  TriangularBands: algorithm('spectrum', ['bands'], {
    frequencyBands: QUARTER_TONES,
    inputSize,
    log: true,
    normalize: sum('unit_tri', 'unit_max'),
    sampleRate,
    type: power,
    weighting: oneOf('linear', ['linear', 'slaneyMel', 'htkMel']),
  }),
  TriangularBarkBands: algorithm('spectrum', ['bands'], { ...triangles, normalize: sum('unit_max') }),
}
