// Essentia's numbers of a spectrum or of a frame.

import { type AlgorithmTable, algorithm, atLeast0, integer, oneOf, positive, real, sampleRate, size } from './algorithm-description.ts'

const framing = { frameSize: size(2048), hopSize: size(1024), sampleRate }

export const spectral: AlgorithmTable = {
  CentralMoments: algorithm('spectrum', ['centralMoments'], { mode: oneOf('pdf', ['pdf', 'sample']), range: positive(1) }),
  Centroid: algorithm('spectrum', ['centroid'], { range: positive(1) }),
  Crest: algorithm('spectrum', ['crest']),
  Decrease: algorithm('spectrum', ['decrease'], { range: real(1) }),
  DistributionShape: algorithm('moments', ['spread', 'skewness', 'kurtosis']),
  Energy: algorithm('spectrum', ['energy']),
  EnergyBand: algorithm('spectrum', ['energyBand'], { sampleRate, startCutoffFrequency: atLeast0(0), stopCutoffFrequency: positive(100) }),
  EnergyBandRatio: algorithm('spectrum', ['energyBandRatio'], { sampleRate, startFrequency: atLeast0(0), stopFrequency: atLeast0(100) }),
  Entropy: algorithm('spectrum', ['entropy']),
  Flatness: algorithm('spectrum', ['flatness']),
  FlatnessDB: algorithm('spectrum', ['flatnessDB']),
  GeometricMean: algorithm('spectrum', ['geometricMean']),
  HFC: algorithm('spectrum', ['hfc'], { sampleRate, type: oneOf('Masri', ['Masri', 'Jensen', 'Brossier']) }),
  InstantPower: algorithm('frame', ['power']),
  LPC: algorithm(
    'frame',
    ['lpc', 'reflection'],
    { order: integer(10, '[2,inf)'), sampleRate, type: oneOf('regular', ['regular', 'warped']) },
    { usual: ['lpc'] },
  ),
  Loudness: algorithm('frame', ['loudness']),
  LowLevelSpectralEqloudExtractor: algorithm(
    'signal',
    ['dissonance', 'sccoeffs', 'scvalleys', 'spectral_centroid', 'spectral_kurtosis', 'spectral_skewness', 'spectral_spread'],
    framing,
  ),
  LowLevelSpectralExtractor: algorithm(
    'signal',
    [
      ...[
        'barkbands',
        'barkbands_kurtosis',
        'barkbands_skewness',
        'barkbands_spread',
        'hfc',
        'inharmonicity',
        'mfcc',
        'oddtoevenharmonicenergyratio',
      ],
      ...['pitch', 'pitch_instantaneous_confidence', 'pitch_salience', 'silence_rate_20dB', 'silence_rate_30dB', 'silence_rate_60dB'],
      ...['spectral_complexity', 'spectral_crest', 'spectral_decrease', 'spectral_energy', 'spectral_energyband_high', 'spectral_energyband_low'],
      ...['spectral_energyband_middle_high', 'spectral_energyband_middle_low', 'spectral_flatness_db', 'spectral_flux', 'spectral_rms'],
      ...['spectral_rolloff', 'spectral_strongpeak', 'tristimulus', 'zerocrossingrate'],
    ],
    framing,
  ),
  MaxMagFreq: algorithm('spectrum', ['maxMagFreq'], { sampleRate }),
  RMS: algorithm('spectrum', ['rms']),
  RawMoments: algorithm('spectrum', ['rawMoments'], { range: positive(22_050) }),
  RollOff: algorithm('spectrum', ['rollOff'], { cutoff: real(0.85, '(0,1)'), sampleRate }),
  SpectralCentroidTime: algorithm('frame', ['centroid'], { sampleRate }),
  SpectralComplexity: algorithm('spectrum', ['spectralComplexity'], { magnitudeThreshold: atLeast0(0.005), sampleRate }),
  SpectralContrast: algorithm('spectrum', ['spectralContrast', 'spectralValley'], {
    frameSize: integer(2048, '[2,inf)'),
    highFrequencyBound: positive(11_000),
    lowFrequencyBound: positive(20),
    neighbourRatio: real(0.4, '(0,1]'),
    numberBands: size(6),
    sampleRate,
    staticDistribution: real(0.15, '[0,1]'),
  }),
  StrongPeak: algorithm('spectrum', ['strongPeak']),
  ZeroCrossingRate: algorithm('frame', ['zeroCrossingRate'], { threshold: atLeast0(0) }),
}
