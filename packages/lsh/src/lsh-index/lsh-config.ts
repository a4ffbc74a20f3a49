// The configuration of the LSH index.

import { type ComponentConfig, METRIC_NAMES, type Metric } from '@cbir/core'
import { z } from 'zod'
import type { Implementation } from '../lsh-addon.ts'

/** The configuration of an LSH index. */
export interface LshIndexConfig {
  /** From vectors to codes. */
  readonly functor: ComponentConfig
  /** Finds codes that are close; a linear scan where not given. */
  readonly hashIndex?: ComponentConfig | undefined
  /** Where the vectors are; in the index's own memory where not given. */
  readonly descriptorSet?: ComponentConfig | undefined
  /** Which uids have a code; in the index's own memory where not given. */
  readonly hashToUids?: ComponentConfig | undefined
  /** How far two vectors are from each other; `euclidean` where not given. */
  readonly metric: Metric
  /** Vectors that a query looks at, at least `k`. Where not given, as many as `recall` needs. */
  readonly candidates?: number | undefined
  /** Share of the ten nearest that a query should find, above 0 and below 1, as measured by the build; .95 where not given. */
  readonly recall: number
  /** Codes that a query looks at, the nearest first; 0, where not given: as many as there are candidates. */
  readonly probes: number
  /** Refuses `build`, `update` and `remove`. Its content comes from `directory`, or from `descriptorSet` and `hashToUids`. */
  readonly readOnly: boolean
  /** `auto` (where not given): native code if there is a binary for this platform, else TypeScript. Answers and files are the same. */
  readonly implementation: Implementation
  /** A directory that the index lives in: opened if something is there, overwritten by every build. Without it, memory only. */
  readonly directory?: string | undefined
}

/** The most candidates and probes that can be asked for. */
export const MOST: number = 2 ** 31 - 1

/** A component: its own plugin checks it. */
const component: z.ZodType<ComponentConfig> = z.looseObject({
  type: z.string(),
  package: z.string(),
  config: z.record(z.string(), z.unknown()),
})

export const lshSchema: z.ZodType<LshIndexConfig> = z.strictObject({
  functor: component,
  hashIndex: component.optional(),
  descriptorSet: component.optional(),
  hashToUids: component.optional(),
  metric: z.enum(METRIC_NAMES as [Metric, ...Metric[]]).default('euclidean'),
  candidates: z.int().min(1).max(MOST).optional(),
  recall: z.number().gt(0).lt(1).default(0.95),
  probes: z.int().min(0).max(MOST).default(0),
  readOnly: z.boolean().default(false),
  implementation: z.enum(['auto', 'native', 'typescript']).default('auto'),
  directory: z.string().min(1).optional(),
})
