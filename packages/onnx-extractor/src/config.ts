// Configuration of the ONNX extractor.

import type { StandardSchema } from '@cbir/core'
import { z } from 'zod'
import type { ConstantTensor } from './onnx-input.ts'

export interface OnnxExtractorConfig {
  /** Path of the model, relative to the working directory; or, in code only, its bytes. */
  readonly model: string | Uint8Array
  /** Any tensor inside the model by its name. Default: the model's only output. */
  readonly output?: string | undefined
  /** The input that a bare tensor fills. Default: the only one that is not constant. */
  readonly input?: string | undefined
  /** Inputs that are the same in every run, by name. Default: none. */
  readonly constants?: Readonly<Record<string, ConstantTensor>> | undefined
  /**
   * How the output becomes one row: `none` takes all its numbers, `global-average` the mean over space of each channel, `cls` the first token,
   * `mean-tokens` the mean over the tokens that the mask lets count. Default: `none`.
   */
  readonly pooling?: 'none' | 'global-average' | 'cls' | 'mean-tokens' | undefined
  /** Where the output has its channels, for `global-average`. Default: told from the shape where its axes of space are equal. */
  readonly layout?: 'nchw' | 'nhwc' | undefined
  /** The input with 1 for tokens that count and 0 for padding, for `mean-tokens`. Default: `attention_mask` where the model has it. */
  readonly mask?: string | undefined
  /** `l2` divides each row by its length; the zero vector stays. Default: `none`. */
  readonly normalise?: 'none' | 'l2' | undefined
  /** Whether to convert an item's numbers to the model's type where they differ. They are not scaled. Default: false. */
  readonly cast?: boolean | undefined
  /** False for a model whose inputs and output have no batch axis. Default: true. */
  readonly batched?: boolean | undefined
  /** Most items a run of the model. Default: as many as fill 4 MB of input, at most 32; 8 where the size of an item is open. */
  readonly batchSize?: number | undefined
  /** Most worker threads; each holds the model once. Default: the available cores. */
  readonly workers?: number | undefined
  /** Numbers a row, where the model does not say. */
  readonly dimensions?: number | undefined
  /** Name of a space that other extractors share, e.g. the other tower of CLIP. */
  readonly space?: string | undefined
}

/** The configuration with its defaults filled in. */
export type ResolvedOnnxExtractorConfig = OnnxExtractorConfig & {
  readonly constants: Readonly<Record<string, ConstantTensor>>
  readonly pooling: 'none' | 'global-average' | 'cls' | 'mean-tokens'
  readonly normalise: 'none' | 'l2'
  readonly cast: boolean
  readonly batched: boolean
}

const positive = z.int().min(1)
const bytes = z.custom<Uint8Array>((value) => Object.prototype.toString.call(value) === '[object Uint8Array]', 'expected a path or a Uint8Array')

const constant = z.strictObject({
  dtype: z.enum(['f32', 'f64', 'u8', 'i32', 'i64', 'bool', 'string']),
  shape: z.array(positive),
  data: z.union([z.array(z.number()), z.array(z.string())]),
})

const schema = z.strictObject({
  model: z.union([z.string().min(1), bytes]),
  output: z.string().min(1).optional(),
  input: z.string().min(1).optional(),
  constants: z.record(z.string().min(1), constant).default({}),
  pooling: z.enum(['none', 'global-average', 'cls', 'mean-tokens']).default('none'),
  layout: z.enum(['nchw', 'nhwc']).optional(),
  mask: z.string().min(1).optional(),
  normalise: z.enum(['none', 'l2']).default('none'),
  cast: z.boolean().default(false),
  batched: z.boolean().default(true),
  batchSize: positive.max(4096).optional(),
  workers: positive.max(1024).optional(),
  dimensions: positive.optional(),
  space: z.string().min(1).optional(),
})

export const configSchema: StandardSchema<unknown, ResolvedOnnxExtractorConfig> = schema
