// @cbir/audio-stft: sound to features, by librosa's definitions and names.

export type { AudioLoaderConfig, FilledLoaderConfig, FilledWindows, RawSamples, SoundInput, WindowsConfig } from '@cbir/audio-decode/loader'
export type { Precision, Samples, WindowName, WindowSpec } from '@cbir/audio-dsp'
export { windowOf } from '@cbir/audio-dsp'
export { type Beats, type BeatTrackOptions, beatTrack } from './beat-track.ts'
export { type FftFrequenciesOptions, fftFrequencies } from './bin-frequencies.ts'
export { type ChromaFilterOptions, type ChromaFiltersOptions, chromaFilters } from './chroma-filters.ts'
export { type ChromaStftOptions, chromaStft } from './chroma-stft.ts'
export type { DctType } from './dct.ts'
export { amplitudeToDb, type DecibelsOptions, powerToDb } from './decibels.ts'
export { type DeltaOptions, delta } from './delta.ts'
export { type EstimateTuningOptions, estimateTuning } from './estimate-tuning.ts'
export type { EventUnits } from './event-units.ts'
export type { FrameOptions, FramePadMode } from './framed-samples.ts'
export type { FeatureLoaderFactory, LoaderConfig, SoundLoader, WindowConfig } from './loaders/feature-loader.ts'
export {
  chromaStftLoader,
  type MelspectrogramLoaderConfig,
  melspectrogramLoader,
  mfccLoader,
  onsetStrengthLoader,
  polyFeaturesLoader,
  rmsLoader,
  type StftVectorLoaderConfig,
  samplesLoader,
  spectralBandwidthLoader,
  spectralCentroidLoader,
  spectralContrastLoader,
  spectralFlatnessLoader,
  spectralRolloffLoader,
  stftVectorLoader,
  yinLoader,
  zeroCrossingRateLoader,
} from './loaders/feature-loaders.ts'
export type { ComplexMatrix, Matrix } from './matrix.ts'
export { type MelFilterOptions, type MelFiltersOptions, melFilters } from './mel-filters.ts'
export { hzToMel, type MelFrequenciesOptions, melFrequencies, melToHz } from './mel-scale.ts'
export { type MelspectrogramOptions, melspectrogram } from './melspectrogram.ts'
export { type MfccOptions, mfcc } from './mfcc.ts'
export type { Norm } from './norm.ts'
export { type OnsetDetectOptions, onsetDetect, type PeakPickOptions, peakPick } from './onset-detect.ts'
export { type OnsetStrengthMultiOptions, type OnsetStrengthOptions, onsetStrength, onsetStrengthMulti } from './onset-strength.ts'
export { type PcenMatrix, type PcenOptions, pcen } from './pcen.ts'
export { type PolyFeaturesOptions, polyFeatures } from './poly-features.ts'
export type { ReferenceLevel } from './reference-level.ts'
export { type RmsOptions, rms } from './rms.ts'
export { type Interval, type SilenceOptions, split, trim } from './silence.ts'
export { type SpectralBandwidthOptions, spectralBandwidth } from './spectral-bandwidth.ts'
export { type FrequencyOptions, type SpectralCentroidOptions, spectralCentroid } from './spectral-centroid.ts'
export { type SpectralContrastOptions, spectralContrast } from './spectral-contrast.ts'
export { type SpectralFlatnessOptions, spectralFlatness } from './spectral-flatness.ts'
export type { SpectralInput, SpectralOptions } from './spectral-input.ts'
export { type SpectralRolloffOptions, spectralRolloff } from './spectral-rolloff.ts'
export { type Statistic, type StatisticsPoolingConfig, statisticsPooling } from './statistics-pooling.ts'
export { type IstftOptions, istft, type SpectrogramOptions, type StftOptions, spectrogram, stft } from './stft.ts'
export { type TempogramOptions, type TempoOptions, tempo, tempogram } from './tempo.ts'
export { type YinOptions, yin } from './yin.ts'
export { type ZeroCrossingRateOptions, zeroCrossingRate } from './zero-crossing-rate.ts'
