// Essentia's pitch, harmonics, keys and tuning.

import {
  type AlgorithmTable,
  algorithm,
  atLeast0,
  integer,
  oneOf,
  type Parameters,
  positive,
  real,
  sampleRate,
  size,
  WINDOW_TYPES,
} from './algorithm-description.ts'

const yin: Parameters = {
  frameSize: integer(2048, '[2,inf)'),
  interpolate: true,
  maxFrequency: positive(22_050),
  minFrequency: positive(20),
  sampleRate,
}

const salience: Parameters = {
  binResolution: positive(10),
  harmonicWeight: real(0.8, '(0,1)'),
  magnitudeCompression: real(1, '(0,1]'),
  magnitudeThreshold: atLeast0(40),
  numberHarmonics: integer(20, '[1,inf)'),
  referenceFrequency: positive(55),
}

const melodia: Parameters = {
  ...salience,
  filterIterations: integer(3, '[1,inf)'),
  frameSize: size(2048),
  guessUnvoiced: false,
  hopSize: size(128),
  magnitudeThreshold: integer(40, '[0,inf)'),
  maxFrequency: atLeast0(20_000),
  minDuration: size(100),
  minFrequency: atLeast0(40),
  peakDistributionThreshold: real(0.9, '[0,2]'),
  peakFrameThreshold: real(0.9, '[0,1]'),
  pitchContinuity: atLeast0(27.5625),
  sampleRate,
  timeContinuity: size(100),
}

const weights = ['none', 'cosine', 'squaredCosine']

export const tonal: AlgorithmTable = {
  Dissonance: algorithm('peaks', ['dissonance']),
  HPCP: algorithm('peaks', ['hpcp'], {
    bandPreset: true,
    bandSplitFrequency: positive(500),
    harmonics: integer(0, '[0,inf)'),
    maxFrequency: positive(5000),
    maxShifted: false,
    minFrequency: positive(40),
    nonLinear: false,
    normalized: oneOf('unitMax', ['none', 'unitSum', 'unitMax']),
    referenceFrequency: positive(440),
    sampleRate,
    size: integer(12, '[12,inf)'),
    weightType: oneOf('squaredCosine', weights),
    windowSize: real(1, '(0,12]'),
  }),
  Inharmonicity: algorithm('harmonics', ['inharmonicity']),
  KeyExtractor: algorithm('signal', ['key', 'scale', 'strength'], {
    averageDetuningCorrection: true,
    frameSize: size(4096),
    hopSize: size(4096),
    hpcpSize: integer(12, '[12,inf)'),
    maxFrequency: positive(3500),
    maximumSpectralPeaks: size(60),
    minFrequency: positive(25),
    pcpThreshold: real(0.2, '[0,1]'),
    profileType: oneOf('bgate', [
      ...['diatonic', 'krumhansl', 'temperley', 'weichai', 'tonictriad', 'temperley2005', 'thpcp', 'shaath', 'gomez', 'noland', 'faraldo'],
      ...['pentatonic', 'edmm', 'edma', 'bgate', 'braw'],
    ]),
    sampleRate,
    spectralPeaksThreshold: positive(0.0001),
    tuningFrequency: positive(440),
    weightType: oneOf('cosine', weights),
    windowType: oneOf('hann', WINDOW_TYPES),
  }),
  OddToEvenHarmonicEnergyRatio: algorithm('harmonics', ['oddToEvenHarmonicEnergyRatio']),
  PitchMelodia: algorithm('signal', ['pitch', 'pitchConfidence'], melodia),
  PitchSalience: algorithm('spectrum', ['pitchSalience'], { highBoundary: positive(5000), lowBoundary: positive(100), sampleRate }),
  PitchSalienceFunction: algorithm('peaks', ['salienceFunction'], salience),
  PitchYin: algorithm('frame', ['pitch', 'pitchConfidence'], { ...yin, tolerance: real(0.15, '[0,1]') }),
  PitchYinFFT: algorithm('spectrum', ['pitch', 'pitchConfidence'], { ...yin, tolerance: real(1, '[0,1]') }),
  PitchYinProbabilistic: algorithm('signal', ['pitch', 'voicedProbabilities'], {
    frameSize: size(2048),
    hopSize: integer(256, '[1,inf)'),
    lowRMSThreshold: real(0.1, '(0,1]'),
    outputUnvoiced: oneOf('negative', ['zero', 'abs', 'negative']),
    preciseTime: false,
    sampleRate,
  }),
  PredominantPitchMelodia: algorithm('signal', ['pitch', 'pitchConfidence'], {
    ...melodia,
    minFrequency: atLeast0(80),
    voiceVibrato: false,
    voicingTolerance: real(0.2, '[-1,1.4]'),
  }),
  TonalExtractor: algorithm(
    'signal',
    [
      ...['chords_changes_rate', 'chords_histogram', 'chords_key', 'chords_number_rate', 'chords_scale', 'chords_strength'],
      ...['hpcp', 'hpcp_highres', 'key_key', 'key_scale', 'key_strength'],
    ],
    { frameSize: size(4096), hopSize: size(2048), tuningFrequency: positive(440) },
    { usual: ['hpcp'], only44100: true },
  ),
  TonicIndianArtMusic: algorithm('signal', ['tonic'], {
    ...salience,
    frameSize: size(2048),
    harmonicWeight: real(0.85, '(0,1)'),
    hopSize: size(512),
    maxTonicFrequency: atLeast0(375),
    minTonicFrequency: atLeast0(100),
    numberSaliencePeaks: integer(5, '[1,15]'),
    sampleRate,
  }),
  Tristimulus: algorithm('harmonics', ['tristimulus']),
  TuningFrequency: algorithm('peaks', ['tuningFrequency', 'tuningCents'], { resolution: positive(1) }),
  TuningFrequencyExtractor: algorithm('signal', ['tuningFrequency'], { frameSize: size(4096), hopSize: size(2048) }, { only44100: true }),
}
