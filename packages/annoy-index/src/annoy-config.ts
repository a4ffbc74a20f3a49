// The configuration of an Annoy index.

import type { Metric } from '@cbir/core'
import { z } from 'zod'

/** The metrics that Annoy has an order for. */
export type AnnoyMetric = Exclude<Metric, 'histogram-intersection'>

export const ANNOY_METRICS: readonly AnnoyMetric[] = ['euclidean', 'cosine', 'angular', 'annoy-angular', 'inner-product', 'manhattan', 'hamming']

/** The configuration of an Annoy index. */
export interface AnnoyIndexConfig {
  /** How far two vectors are from each other; `euclidean` where not given. `hamming` takes vectors of 0 and 1 only. */
  readonly metric: AnnoyMetric
  /** Trees that a build plants, 1 to 10 000; 20 where not given. More find more, and take memory and time of the build. */
  readonly trees: number
  /**
   * Items that a query meets in the trees before it stops, at least 1; one met in two trees counts twice. Where not given, 8 × k × trees
   * (Annoy's own default is k × trees). Also `tuning` of a query.
   */
  readonly searchK?: number | undefined
  /** Seed of the random numbers that trees are planted with, 1 to 2^53 − 1; Annoy's own where not given. */
  readonly seed?: number | undefined
  /**
   * Threads that plant trees, 1 to 64; 1 where not given. With 1, nodes are byte for byte those of Annoy for the same items and seed. With more,
   * thread t plants its share of the trees from the seed + t: other trees, and the same ones every time.
   */
  readonly threads: number
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

export const annoySchema: z.ZodType<AnnoyIndexConfig> = z.strictObject({
  metric: z.enum(ANNOY_METRICS as [AnnoyMetric, ...AnnoyMetric[]]).default('euclidean'),
  trees: z.int().min(1).max(10_000).default(20),
  searchK: z.int().min(1).optional(),
  seed: z.int().min(1).optional(),
  threads: z.int().min(1).max(64).default(1),
  directory: z.string().min(1).optional(),
})
