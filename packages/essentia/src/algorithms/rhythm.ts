// Essentia's beats, tempo and onsets.

import { type AlgorithmTable, algorithm, atLeast0, integer, oneOf, positive, real, sampleRate, size } from './algorithm-description.ts'

const tempi = { maxTempo: integer(208, '[60,250]'), minTempo: integer(40, '[40,180]') }
const peaks = ['first', 'second'].flatMap((which) => ['bpm', 'spread', 'weight'].map((what) => `${which}_peak_${what}`))

export const rhythm: AlgorithmTable = {
  BeatTrackerDegara: algorithm('signal', ['ticks'], tempi, { only44100: true }),
  BeatTrackerMultiFeature: algorithm('signal', ['ticks', 'confidence'], tempi, { usual: ['ticks'], only44100: true }),
  Danceability: algorithm(
    'signal',
    ['danceability', 'dfa'],
    { maxTau: positive(8800), minTau: positive(310), sampleRate, tauMultiplier: real(1.1, '[1,inf)') },
    { usual: ['danceability'] },
  ),
  LoopBpmEstimator: algorithm('signal', ['bpm'], { confidenceThreshold: real(0.95, '[0,1]') }, { only44100: true }),
  OnsetDetectionGlobal: algorithm('signal', ['onsetDetections'], {
    frameSize: size(2048),
    hopSize: size(512),
    method: oneOf('infogain', ['infogain', 'beat_emphasis']),
    sampleRate,
  }),
  OnsetRate: algorithm('signal', ['onsets', 'onsetRate'], {}, { usual: ['onsetRate'], only44100: true }),
  PercivalBpmEstimator: algorithm('signal', ['bpm'], {
    frameSize: size(1024),
    frameSizeOSS: size(2048),
    hopSize: size(128),
    hopSizeOSS: size(128),
    maxBPM: size(210),
    minBPM: size(50),
    sampleRate: size(44_100),
  }),
  RhythmDescriptors: algorithm(
    'signal',
    ['beats_position', 'confidence', 'bpm', 'bpm_estimates', 'bpm_intervals', ...peaks, 'histogram'],
    {},
    { usual: ['bpm', 'confidence', ...peaks], only44100: true },
  ),
  RhythmExtractor2013: algorithm(
    'signal',
    ['bpm', 'ticks', 'confidence', 'estimates', 'bpmIntervals'],
    { ...tempi, method: oneOf('multifeature', ['multifeature', 'degara']) },
    { usual: ['bpm', 'confidence'], only44100: true },
  ),
  SuperFluxExtractor: algorithm('signal', ['onsets'], {
    combine: positive(20),
    frameSize: size(2048),
    hopSize: size(256),
    ratioThreshold: atLeast0(16),
    sampleRate,
    threshold: atLeast0(0.05),
  }),
}
