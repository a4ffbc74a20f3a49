// What a case of the FeatureExtractor suite works with: fresh extractors, inputs that the author gives, and comparison of rows.

import { type ComponentConfig, type FeatureExtractor, rowOf, type VectorBatch } from '@cbir/core'
import { near, ok, same } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `featureExtractorSuite`. `T` is what the extractor takes. */
export interface FeatureExtractorSuiteOptions<T = unknown> extends SuiteOptions {
  /** A new extractor. */
  readonly create: () => Made<FeatureExtractor<T>>
  /** `count` inputs that differ from each other and can all be extracted. Every call gives new ones, which the tests may spoil. */
  readonly inputs: (count: number) => Made<readonly T[]>
  /** Inputs that must be refused, by what is wrong with them. */
  readonly badInputs?: Readonly<Record<string, T>> | undefined
  /** Changes an input in place, as a caller may do as soon as `extract` has given its promise. */
  readonly spoil?: ((input: T) => void) | undefined
  /** An extractor with other options, which give other vectors: its fingerprint must differ. */
  readonly different?: (() => Made<FeatureExtractor<T>>) | undefined
  /** How far two rows of one input may differ, relative to the row's length; 1e-5 where absent. */
  readonly tolerance?: number | undefined
  /** Makes an extractor from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<FeatureExtractor<T>>) | undefined
}

export type FeatureExtractorGroup = Group<FeatureExtractorCase, FeatureExtractorSuiteOptions>

export class FeatureExtractorCase implements ComponentCase {
  readonly options: FeatureExtractorSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly from: () => Promise<FeatureExtractor>

  constructor(options: FeatureExtractorSuiteOptions, scope: Scope, from: () => Promise<FeatureExtractor>) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.from = from
  }

  /** A new extractor. It is disposed when the case ends. */
  async make(): Promise<FeatureExtractor> {
    return this.keep(await this.from())
  }

  keep(extractor: FeatureExtractor): FeatureExtractor {
    this.defer(() => extractor.dispose())
    return extractor
  }

  async inputs(count: number): Promise<unknown[]> {
    const inputs = [...(await this.options.inputs(count))]
    same(inputs.length, count, `inputs that the option inputs gives for ${count}`)
    return inputs
  }

  /** The batch must be `count` rows of the extractor's dimensions. */
  shaped(extractor: FeatureExtractor, batch: VectorBatch, count: number): void {
    same(batch.count, count, `rows for ${count} inputs`)
    same(batch.dimensions, extractor.dimensions, 'dimensions of the rows')
    same(batch.data.length, count * extractor.dimensions, 'numbers of the batch')
    ok(batch.data instanceof Float32Array, 'the rows are a Float32Array')
  }

  /** Row `i` of one batch and row `j` of another must be the same vector. */
  sameRow(a: VectorBatch, i: number, b: VectorBatch, j: number, what: string): void {
    const [left, right] = [rowOf(a, i), rowOf(b, j)]
    const allowance = (this.options.tolerance ?? 1e-5) * Math.hypot(...right)
    for (let k = 0; k < right.length; k++) near(left[k] ?? Number.NaN, right[k]!, allowance, `number ${k} of ${what}`)
  }
}
