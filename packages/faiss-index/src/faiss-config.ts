// The configuration of a faiss index.

import { CbirError } from '@cbir/core'
import { z } from 'zod'
import { metricProblem, parseFactory } from './factory-string.ts'

export const NAME = 'faiss-index'

/** The metrics that faiss has. */
export type FaissMetric = 'euclidean' | 'inner-product' | 'cosine'

/** The configuration of a faiss index. */
export interface FaissIndexConfig {
  /** What kind of index, in faiss's words, e.g. `IVF1024,Flat`; `HNSW32` where not given. */
  readonly factory: string
  /** How far two vectors are from each other; `euclidean` where not given. For `cosine` vectors are brought to length 1. */
  readonly metric: FaissMetric
  /** Seed of clusterings, samples and graphs. */
  readonly seed: number
  /** Rows to train on at most: the first that come. Where not given, 256 for each cluster, and at least 65 536. */
  readonly trainingRows?: number | undefined
  /** Inverted lists that a query looks into; per query as tuning `nprobe`. */
  readonly nprobe: number
  /** Candidates that a query keeps in a graph; per query as tuning `efSearch`. */
  readonly efSearch: number
  /** Candidates for the links of a new vector in a graph. */
  readonly efConstruction: number
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

const METRICS = ['euclidean', 'inner-product', 'cosine'] as const

export const faissConfigSchema: z.ZodType<FaissIndexConfig> = z
  .strictObject({
    factory: z.string().default('HNSW32'),
    metric: z
      .enum(METRICS, { error: 'faiss has euclidean, inner-product and cosine; @cbir/flat-index and @cbir/hnsw-index have every dense metric' })
      .default('euclidean'),
    seed: z.int().min(0).max(0x7fffffff).default(1234),
    trainingRows: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .optional(),
    nprobe: z
      .int()
      .min(1)
      .max(2 ** 24)
      .default(16),
    efSearch: z
      .int()
      .min(1)
      .max(2 ** 20)
      .default(64),
    efConstruction: z
      .int()
      .min(1)
      .max(2 ** 20)
      .default(40),
    directory: z.string().min(1).optional(),
  })
  .superRefine((config, context) => {
    try {
      const problem = metricProblem(parseFactory(config.factory), config.metric)
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['metric'], message: problem })
    } catch (error) {
      if (!CbirError.isInstance(error)) throw error
      context.addIssue({ code: 'custom', path: ['factory'], message: error.message })
    }
  })

/** A configuration with every default. @throws CbirError INVALID_CONFIG */
export function parseFaissConfig(config: Partial<FaissIndexConfig>): FaissIndexConfig {
  const parsed = faissConfigSchema.safeParse(config)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new CbirError(
    'INVALID_CONFIG',
    `The configuration of ${NAME} does not fit: ${issues.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    {
      details: { issues },
    },
  )
}
