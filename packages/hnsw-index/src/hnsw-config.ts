// The configuration of an HNSW index.

import { METRIC_NAMES, type Metric } from '@cbir/core'
import { z } from 'zod'

/** The configuration of an HNSW index. */
export interface HnswIndexConfig {
  /** How far two vectors are from each other; `euclidean` where not given. */
  readonly metric: Metric
  /** Links of a node in each upper layer, twice as many in the lowest: 2 … 10 000, 16 where not given. More: better recall, more memory, slower. */
  readonly M: number
  /** Candidates that an insertion looks at: 1 … 1 000 000, 200 where not given. More: a better graph, a slower build. */
  readonly efConstruction: number
  /** Candidates that a query keeps: 1 … 1 000 000, 64 where not given. More: better recall, slower. `tuning: { efSearch }` sets it for one query. */
  readonly efSearch: number
  /** What the layers of the nodes are drawn from: 0 … 2^53 − 1, 100 where not given. */
  readonly seed: number
  /** Whether searches go by 8-bit codes, and only the best are compared by their vectors: `none` or `int8`. */
  readonly codes: 'none' | 'int8'
  /** One insertion at a time, so that the same vectors in the same batches with the same seed give the same graph. Else all cores insert at once. */
  readonly reproducible: boolean
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

/** The largest `efSearch` and `efConstruction`. */
export const MOST_EF = 1_000_000

export const hnswSchema: z.ZodType<HnswIndexConfig> = z
  .strictObject({
    metric: z.enum(METRIC_NAMES as [Metric, ...Metric[]]).default('euclidean'),
    M: z.int().min(2).max(10_000).default(16),
    efConstruction: z.int().min(1).max(MOST_EF).default(200),
    efSearch: z.int().min(1).max(MOST_EF).default(64),
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(100),
    codes: z.enum(['none', 'int8']).default('none'),
    reproducible: z.boolean().default(false),
    directory: z.string().min(1).optional(),
  })
  .refine(({ metric, codes }) => codes === 'none' || metric !== 'hamming', {
    path: ['codes'],
    message: "8-bit codes are not there for hamming, where near values differ as much as far ones; use 'none'",
  })
