// What stands where in the vectors of the extractors.

import { CbirError } from '@cbir/core'
import { nearNames } from '@cbir/core/define'
import type { DescriptorField, PoolStatistic } from '../worker/protocol.d.mts'

export type { DescriptorField, PoolStatistic } from '../worker/protocol.d.mts'

/** In the order of the vectors. */
export const POOL_STATISTICS: readonly PoolStatistic[] = ['mean', 'var', 'median', 'min', 'max', 'dmean', 'dvar', 'dmean2', 'dvar2']

/** Descriptors with a value, or so many, in every frame: by group and name, with the number of values. */
type Lengths = Readonly<Record<string, number>>

interface Descriptors {
  /** Pooled over time by statistics. */
  readonly pooled: Lengths
  /** One value for a sound. */
  readonly single: Lengths
}

const each = (group: string, names: string, length = 1): Lengths =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [`${group}.${name}`, length]),
  )

const SHAPES = 'kurtosis skewness spread'
const shapesOf = (bands: string, shapes: string): string =>
  shapes
    .split(' ')
    .map((shape) => `${bands}_${shape}`)
    .join(' ')

const spectral = (erbBands: number, melBands: number): Lengths => ({
  ...each('lowlevel', 'barkbands', 27),
  ...each('lowlevel', shapesOf('barkbands', `crest flatness_db ${SHAPES}`)),
  ...each('lowlevel', 'dissonance'),
  ...each('lowlevel', 'erbbands', erbBands),
  ...each('lowlevel', shapesOf('erbbands', `crest flatness_db ${SHAPES}`)),
  ...each('lowlevel', 'gfcc', 13),
  ...each('lowlevel', 'hfc'),
  ...each('lowlevel', 'melbands', 40),
  ...each('lowlevel', `melbands${melBands}`, melBands),
  ...each('lowlevel', shapesOf('melbands', `crest flatness_db ${SHAPES}`)),
  ...each('lowlevel', 'mfcc', 13),
  ...each('lowlevel', 'pitch_salience silence_rate_20dB silence_rate_30dB silence_rate_60dB spectral_centroid spectral_complexity'),
  ...each('lowlevel', 'spectral_contrast_coeffs spectral_contrast_valleys', 6),
  ...each('lowlevel', 'spectral_decrease spectral_energy spectral_energyband_low spectral_energyband_middle_low'),
  ...each('lowlevel', 'spectral_energyband_middle_high spectral_energyband_high spectral_entropy spectral_flux spectral_kurtosis spectral_rms'),
  ...each('lowlevel', 'spectral_rolloff spectral_skewness spectral_spread spectral_strongpeak zerocrossingrate'),
})

const beats: Lengths = { ...each('rhythm', 'beats_loudness'), ...each('rhythm', 'beats_loudness_band_ratio', 5) }

const rhythm: Lengths = {
  ...each('rhythm', 'beats_count bpm bpm_histogram_first_peak_bpm bpm_histogram_first_peak_spread bpm_histogram_first_peak_weight'),
  ...each('rhythm', 'bpm_histogram_second_peak_bpm bpm_histogram_second_peak_spread bpm_histogram_second_peak_weight'),
  ...each('rhythm', 'bpm_histogram', 250),
  ...each('rhythm', 'onset_rate'),
}

const chords: Lengths = {
  ...each('tonal', 'chords_changes_rate chords_number_rate chords_scale'),
  ...each('tonal', 'chords_histogram', 24),
  ...each('tonal', 'chords_key', 12),
}

const hpcp: Lengths = { ...each('tonal', 'chords_strength hpcp_entropy'), ...each('tonal', 'hpcp', 36) }

const music: Descriptors = {
  pooled: {
    ...spectral(40, 128),
    ...each('lowlevel', 'loudness_ebu128.momentary loudness_ebu128.short_term'),
    ...beats,
    ...hpcp,
  },
  single: {
    ...each('lowlevel', 'average_loudness dynamic_complexity loudness_ebu128.integrated loudness_ebu128.loudness_range'),
    ...rhythm,
    ...each('rhythm', 'danceability'),
    ...chords,
    ...each('tonal', 'key_edma.key key_krumhansl.key key_temperley.key', 12),
    ...each('tonal', 'key_edma.scale key_krumhansl.scale key_temperley.scale key_edma.strength key_krumhansl.strength key_temperley.strength'),
    ...each('tonal', 'thpcp', 36),
    ...each('tonal', 'tuning_diatonic_strength tuning_equal_tempered_deviation tuning_frequency tuning_nontempered_energy_ratio'),
  },
}

const freesound: Descriptors = {
  pooled: {
    ...spectral(18, 96),
    ...each('lowlevel', 'pitch pitch_instantaneous_confidence'),
    ...beats,
    ...each('sfx', 'inharmonicity oddtoevenharmonicenergyratio'),
    ...each('sfx', 'tristimulus', 3),
    ...hpcp,
    ...each('tonal', 'hpcp_crest tuning_frequency'),
  },
  single: {
    ...each('lowlevel', 'average_loudness dynamic_complexity'),
    ...rhythm,
    ...each('sfx', 'der_av_after_max duration effective_duration flatness logattacktime max_der_before_max max_to_total'),
    ...each('sfx', 'pitch_after_max_to_before_max_energy_ratio pitch_centroid pitch_max_to_total pitch_min_to_total strongdecay tc_to_total'),
    ...each('sfx', 'temporal_centroid temporal_decrease temporal_kurtosis temporal_skewness temporal_spread'),
    ...chords,
    ...each('tonal', 'key_key', 12),
    ...each('tonal', 'key_scale key_strength'),
  },
}

export type ExtractorKind = 'music' | 'freesound'

const DESCRIPTORS: Readonly<Record<ExtractorKind, Descriptors>> = { music, freesound }

/** What a vector is made of. */
export interface FieldChoice {
  /** In any order; the vector has theirs. Default: all of `POOL_STATISTICS`. */
  readonly statistics?: readonly PoolStatistic[] | undefined
  /** Descriptors, or groups of them: `['tonal', 'lowlevel.mfcc']`. Default: all. */
  readonly descriptors?: readonly string[] | undefined
}

/** The names of an extractor's descriptors, sorted. */
export function descriptorNames(kind: ExtractorKind): string[] {
  const { pooled, single } = DESCRIPTORS[kind]
  return [...Object.keys(pooled), ...Object.keys(single)].sort()
}

/**
 * The fields of an extractor's vectors, in their order: descriptors by name, and of each all statistics. Together they are the whole vector.
 * @throws CbirError INVALID_CONFIG for a descriptor that does not exist, with names near to it
 */
export function descriptorFields(kind: ExtractorKind, { statistics = POOL_STATISTICS, descriptors }: FieldChoice = {}): DescriptorField[] {
  const { pooled, single } = DESCRIPTORS[kind]
  const names = descriptorNames(kind)
  for (const wanted of descriptors ?? []) if (!names.some((name) => isIn(name, wanted))) throw unknownDescriptor(kind, wanted, names)
  const fields: DescriptorField[] = []
  let offset = 0
  const add = (descriptor: string, length: number, statistic?: PoolStatistic): void => {
    fields.push({ descriptor, ...(statistic === undefined ? {} : { statistic }), offset, length })
    offset += length
  }
  for (const name of names) {
    if (descriptors && !descriptors.some((wanted) => isIn(name, wanted))) continue
    const length = pooled[name]
    if (length === undefined) add(name, single[name]!)
    else for (const statistic of statistics) add(name, length, statistic)
  }
  return fields
}

/** Floats that the fields take together. */
export function dimensionsOf(fields: readonly DescriptorField[]): number {
  return fields.reduce((sum, { length }) => sum + length, 0)
}

function isIn(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}.`)
}

function unknownDescriptor(kind: ExtractorKind, wanted: string, names: readonly string[]): CbirError {
  const groups = [...new Set(names.map((name) => name.slice(0, name.indexOf('.'))))]
  const near = nearNames(wanted, [...groups, ...names])
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `there are ${groups.join(', ')}, and what is in them`
  return new CbirError('INVALID_CONFIG', `The ${kind} extractor has no descriptor "${wanted}"; ${hint}`)
}
