// Essentia's loudness of a sound, and the shape of its envelope.

import { type AlgorithmTable, algorithm, atLeast0, positive, real, sampleRate, size } from './algorithm-description.ts'

const share = (usual: number) => real(usual, '[0,1]')

export const levels: AlgorithmTable = {
  DerivativeSFX: algorithm('envelope', ['derAvAfterMax', 'maxDerBeforeMax']),
  Duration: algorithm('signal', ['duration'], { sampleRate }),
  DynamicComplexity: algorithm('signal', ['dynamicComplexity', 'loudness'], { frameSize: positive(0.2), sampleRate }),
  EffectiveDuration: algorithm('envelope', ['effectiveDuration'], { sampleRate, thresholdRatio: share(0.4) }),
  FlatnessSFX: algorithm('envelope', ['flatness']),
  Intensity: algorithm('signal', ['intensity'], { sampleRate }),
  Larm: algorithm('signal', ['larm'], { attackTime: atLeast0(10), power: real(1.5), releaseTime: atLeast0(1500), sampleRate }),
  Leq: algorithm('signal', ['leq']),
  LevelExtractor: algorithm('signal', ['loudness'], { frameSize: size(88_200), hopSize: size(44_100) }),
  LogAttackTime: algorithm('envelope', ['logAttackTime', 'attackStart', 'attackStop'], {
    sampleRate,
    startAttackThreshold: share(0.2),
    stopAttackThreshold: share(0.9),
  }),
  LoudnessEBUR128: algorithm(
    'stereo',
    ['momentaryLoudness', 'shortTermLoudness', 'integratedLoudness', 'loudnessRange'],
    { hopSize: real(0.1, '(0,0.1]'), sampleRate, startAtZero: false },
    { usual: ['integratedLoudness', 'loudnessRange'] },
  ),
  LoudnessVickers: algorithm('signal', ['loudness'], { sampleRate: real(44_100, '[44100,44100]') }, { only44100: true }),
  MaxToTotal: algorithm('envelope', ['maxToTotal']),
  MinToTotal: algorithm('envelope', ['minToTotal']),
  ReplayGain: algorithm('signal', ['replayGain'], { sampleRate }),
  StrongDecay: algorithm('envelope', ['strongDecay'], { sampleRate }),
  TCToTotal: algorithm('envelope', ['TCToTotal']),
}
