// From each entry of librosa's golden set to the call here that must give the same.

import {
  amplitudeToDb,
  beatTrack,
  type ComplexMatrix,
  chromaFilters,
  chromaStft,
  delta,
  estimateTuning,
  istft,
  type Matrix,
  melFilters,
  melFrequencies,
  melspectrogram,
  mfcc,
  onsetDetect,
  onsetStrength,
  pcen,
  polyFeatures,
  powerToDb,
  rms,
  type Samples,
  spectralBandwidth,
  spectralCentroid,
  spectralContrast,
  spectralFlatness,
  spectralRolloff,
  spectrogram,
  split,
  stft,
  tempo,
  trim,
  windowOf,
  yin,
  zeroCrossingRate,
} from '@cbir/audio-stft'
import type { GoldenEntry } from '../../../../tooling/librosa-golden.ts'

/** What a call gives: the numbers, and how many columns they have, where columns can be picked. */
export interface Answer {
  readonly data: ArrayLike<number>
  readonly columns?: number
}

type Call = (samples: Samples, sampleRate: number, options: Options, entry: GoldenEntry) => Promise<Answer | ArrayLike<number>> | ArrayLike<number>
type Options = Readonly<Record<string, never>>

/** `n_fft` → `nFft`, `sr` → `sampleRate`; `np.median` → `'median'`. Throws for a name that no option has. */
function optionsOf(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(params)) {
    const key = name === 'sr' ? 'sampleRate' : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    options[key] = typeof value === 'string' && value.startsWith('np.') ? value.slice(3) : value
  }
  return options
}

const magnitudes = (samples: Samples): Promise<Matrix> => spectrogram(samples, {})
const powers = (samples: Samples): Promise<Matrix> => spectrogram(samples, { power: 2 })

/** Entries whose parameters name their input: what it is, by their words for it. */
function check(entry: GoldenEntry, key: string, expected: string): void {
  if (entry.params[key] !== expected) throw new Error(`${entry.name}: the input is ${String(entry.params[key])}; ${expected} was expected`)
}

/** What the parameters of an entry say beside the options. */
const NO_OPTIONS = new Set(['input', 'of', 'S', 'Nx'])

const CALLS: Readonly<Record<string, Call>> = {
  'librosa.stft': (y, _, o) => stft(y, o),
  'librosa.istft': async (y, _, o, entry) => {
    check(entry, 'of', 'stft default')
    const spectrum: ComplexMatrix = await stft(y)
    return istft(spectrum, o)
  },
  'librosa.power_to_db': async (y, _, o, entry) => {
    check(entry, 'input', '|stft default|^2')
    return powerToDb(await powers(y), o)
  },
  'librosa.amplitude_to_db': async (y, _, o, entry) => {
    check(entry, 'input', '|stft default|^1')
    return amplitudeToDb(await magnitudes(y), o)
  },
  'librosa.feature.melspectrogram': (y, sampleRate, o) => melspectrogram(y, { sampleRate, ...o }),
  'librosa.feature.mfcc': (y, sampleRate, o) => mfcc(y, { sampleRate, ...o }),
  'librosa.feature.delta': async (y, sampleRate, o, entry) => {
    check(entry, 'of', 'mfcc n13')
    return delta(await mfcc(y, { sampleRate, nMfcc: 13 }), o)
  },
  'librosa.feature.chroma_stft': async (y, sampleRate, o, entry) => {
    if (entry.estimate_tuning !== undefined) {
      const tuning = await estimateTuning(y, { sampleRate })
      if (Math.abs(tuning - entry.estimate_tuning) > 1e-9) throw new Error(`the tuning is ${tuning}; librosa estimates ${entry.estimate_tuning}`)
    }
    return chromaStft(y, { sampleRate, ...o })
  },
  'librosa.feature.spectral_centroid': (y, sampleRate, o) => spectralCentroid(y, { sampleRate, ...o }),
  'librosa.feature.spectral_bandwidth': (y, sampleRate, o) => spectralBandwidth(y, { sampleRate, ...o }),
  'librosa.feature.spectral_rolloff': (y, sampleRate, o) => spectralRolloff(y, { sampleRate, ...o }),
  'librosa.feature.spectral_flatness': (y, _, o) => spectralFlatness(y, o),
  'librosa.feature.spectral_contrast': (y, sampleRate, o) => spectralContrast(y, { sampleRate, ...o }),
  'librosa.feature.zero_crossing_rate': (y, _, o) => zeroCrossingRate(y, o),
  'librosa.feature.rms': async (y, _, o, entry) => {
    if (!('S' in entry.params)) return rms(y, o)
    check(entry, 'S', '|stft default|')
    return rms(await magnitudes(y), o)
  },
  'librosa.onset.onset_strength': (y, sampleRate, o) => onsetStrength(y, { sampleRate, ...o }),
  'librosa.onset.onset_detect (frames)': (y, sampleRate, o) => onsetDetect(y, { sampleRate, ...o }),
  'librosa.beat.beat_track (frames)': async (y, sampleRate, o, entry) => {
    const found = await beatTrack(y, { sampleRate, ...o })
    if (!(lagsApart(found.tempo, entry.tempo ?? Number.NaN, sampleRate) <= 1))
      throw new Error(`the tempo is ${found.tempo}; librosa says ${entry.tempo}`)
    return found.beats
  },
  'librosa.feature.tempo': async (y, sampleRate, o) => [await tempo(y, { sampleRate, ...o })],
  'librosa.yin': (y, sampleRate, o) => yin(y, { sampleRate, ...(o as unknown as { fmin: number; fmax: number }) }),
  'librosa.effects.trim interval': async (y, _, o) => {
    const { start, end } = await trim(y, o)
    return [start, end]
  },
  'librosa.effects.split': async (y, _, o) => (await split(y, o)).flatMap(({ start, end }) => [start, end]),
  'librosa.feature.poly_features': (y, sampleRate, o) => polyFeatures(y, { sampleRate, ...o }),
  'librosa.pcen(mel power=1 * 2**31)': async (y, sampleRate, o) => {
    const mel = await melspectrogram(y, { sampleRate, power: 1 })
    return pcen({ ...mel, data: mel.data.map((value) => value * 2 ** 31) }, { sampleRate, ...o })
  },
  'librosa.filters.mel': (_, sampleRate, o) => melFilters({ sampleRate, ...o }).data,
  'librosa.filters.chroma': (_, sampleRate, o) => chromaFilters({ sampleRate, ...o }).data,
  'librosa.filters.get_window fftbins=True': (_, __, o, entry) => windowOf((o as { window: never }).window, entry.params['Nx'] as number),
  'librosa.mel_frequencies': (_, __, o) => melFrequencies(o),
}

/** Functions of other packages, tested there. */
export const ELSEWHERE: ReadonlySet<string> = new Set(['librosa.resample'])

/** The answer to an entry. Throws for one that nothing here stands for. */
export async function answer(entry: GoldenEntry, samples: Samples, sampleRate: number): Promise<Answer> {
  const call = CALLS[entry.fn]
  if (!call) throw new Error(`no call here stands for ${entry.fn}: the entry ${entry.signal}/${entry.name} is not tested`)
  const params = Object.fromEntries(Object.entries(entry.params).filter(([name]) => !NO_OPTIONS.has(name)))
  const given = await call(samples, sampleRate, optionsOf(params) as Options, entry)
  return 'data' in given ? given : { data: given }
}

/** How many lags (frames of 512 samples) lie between two tempos; none between two of 0. */
export function lagsApart(got: number, expected: number, sampleRate: number): number {
  const lag = (bpm: number): number => Math.round((60 * sampleRate) / (512 * bpm))
  return got === expected ? 0 : Math.abs(lag(got) - lag(expected))
}

/** In what a discrete answer counts, and by how many of those it may be off. Others may be off by their tolerance. */
export function discreteStep(entry: GoldenEntry, sampleRate: number): number | undefined {
  switch (entry.fn) {
    case 'librosa.feature.spectral_rolloff':
      // a bin
      return sampleRate / ((entry.params['n_fft'] as number | undefined) ?? 2048)
    case 'librosa.onset.onset_detect (frames)':
    case 'librosa.beat.beat_track (frames)':
      return 1
    case 'librosa.effects.trim interval':
    case 'librosa.effects.split':
      return 512
    default:
      return undefined
  }
}
