// The two extractors: descriptors of whole sounds like those of Essentia's MusicExtractor and FreesoundExtractor, which essentia.js does not have.

import { type AudioLoaderConfig, type ParsedLoaderConfig, type SoundLoaderFactory, soundLoader } from '@cbir/audio-decode/loader'
import { z } from 'zod'
import { checkSound, ownSamples } from './check-sound.ts'
import { descriptorFields, dimensionsOf, type ExtractorKind, type FieldChoice, POOL_STATISTICS, type PoolStatistic } from './descriptor-fields.ts'
import { PACKAGE } from './essentia-loader.ts'
import { runInThread } from './essentia-threads.ts'

/** The sample rate is always 44 100 Hz, for which Essentia's rhythm and tonal algorithms are made. */
export interface EssentiaExtractorConfig extends Omit<AudioLoaderConfig, 'sampleRate'>, FieldChoice {
  readonly sampleRate?: 44_100 | undefined
}

/** One frame of the tonal algorithms. */
const SHORTEST = 4096

function extractor(kind: ExtractorKind): SoundLoaderFactory<EssentiaExtractorConfig, Float32Array> {
  const fieldsOf = (config: ParsedLoaderConfig) => {
    const { statistics, descriptors } = config as ParsedLoaderConfig & FieldChoice
    return descriptorFields(kind, { statistics, descriptors })
  }
  return soundLoader({
    name: `${kind}-extractor`,
    package: PACKAGE,
    algorithm: 1,
    fields: {
      sampleRate: z.literal(44_100).default(44_100),
      statistics: z
        .array(z.enum(POOL_STATISTICS as [PoolStatistic, ...PoolStatistic[]]))
        .min(1)
        .refine((names) => new Set(names).size === names.length, 'names a statistic twice')
        .default([...POOL_STATISTICS]),
      descriptors: z.array(z.string()).min(1).optional(),
    },
    check: (config) => void fieldsOf(config),
    async compute(samples, sampleRate, config, { signal }) {
      checkSound(samples.length, sampleRate, { least: SHORTEST, whole: true })
      const fields = fieldsOf(config)
      const { data } = await runInThread({ kind, fields, dimensions: dimensionsOf(fields) }, ownSamples(samples), sampleRate, signal)
      return data
    },
  })
}

/**
 * The plugin: a vector for each recording or window, of what Essentia's MusicExtractor finds: low-level, rhythm and tonal descriptors. What stands
 * where says `descriptorFields('music', config)`.
 * @example musicExtractor({ descriptors: ['tonal', 'rhythm.bpm'], statistics: ['mean', 'var'] })
 */
export const musicExtractor: SoundLoaderFactory<EssentiaExtractorConfig, Float32Array> = extractor('music')

/** The plugin: as {@link musicExtractor}, of what Essentia's FreesoundExtractor finds, which adds the sound as an event (`sfx`) and its pitch. */
export const freesoundExtractor: SoundLoaderFactory<EssentiaExtractorConfig, Float32Array> = extractor('freesound')
