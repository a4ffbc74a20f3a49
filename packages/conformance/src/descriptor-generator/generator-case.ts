// What a case of the DescriptorGenerator suite works with: fresh generators, inputs that the author gives, and comparison of descriptors.

import type { ComponentConfig, DescriptorGenerator, DescriptorSet, Descriptors, Generated, GenerateOptions, Source } from '@cbir/core'
import { referenceDescriptorSet } from '../descriptor-set/reference.ts'
import { near, ok, same, sameData } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `descriptorGeneratorSuite`. `In` is what the generator takes. */
export interface DescriptorGeneratorSuiteOptions<In = unknown> extends SuiteOptions {
  /** A new generator. */
  readonly create: () => Made<DescriptorGenerator<In>>
  /** `count` inputs that differ from each other and each have a part. The same ones in every call. */
  readonly inputs: (count: number) => Made<readonly In[]>
  /** An input with two parts or more, for generators that give several. */
  readonly manyParts?: (() => Made<In>) | undefined
  /** Inputs without a part: EMPTY. */
  readonly emptyInputs?: readonly In[] | undefined
  /** Inputs that must be refused, by what is wrong with them. */
  readonly badInputs?: Readonly<Record<string, In>> | undefined
  /** Whether the contents of the inputs are known, so that descriptors of equal content are reused; yes where absent. */
  readonly reuses?: boolean | undefined
  /** A generator that gives other vectors: its producer must differ. */
  readonly different?: (() => Made<DescriptorGenerator<In>>) | undefined
  /** How far two rows of one input may differ, relative to the row's length; 1e-5 where absent. */
  readonly tolerance?: number | undefined
  /** Makes a generator from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<DescriptorGenerator<In>>) | undefined
}

export type DescriptorGeneratorGroup = Group<DescriptorGeneratorCase, DescriptorGeneratorSuiteOptions>

export class DescriptorGeneratorCase implements ComponentCase {
  readonly options: DescriptorGeneratorSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly from: () => Promise<DescriptorGenerator>

  constructor(options: DescriptorGeneratorSuiteOptions, scope: Scope, from: () => Promise<DescriptorGenerator>) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.from = from
  }

  /** A new generator. */
  make(): Promise<DescriptorGenerator> {
    return this.from()
  }

  /** A new set to keep descriptors in. */
  store(): DescriptorSet {
    return referenceDescriptorSet()
  }

  async inputs(count: number): Promise<unknown[]> {
    const inputs = [...(await this.options.inputs(count))]
    same(inputs.length, count, `inputs that the option inputs gives for ${count}`)
    return inputs
  }

  /** All outcomes. */
  async outcomes(generator: DescriptorGenerator, source: Source<unknown>, options?: GenerateOptions): Promise<Generated<unknown>[]> {
    const outcomes: Generated<unknown>[] = []
    for await (const outcome of generator.generate(source, options)) outcomes.push(outcome)
    return outcomes
  }

  /** The descriptors must be rows of the generator's dimensions, one for each part. */
  shaped(generator: DescriptorGenerator, { vectors, parts }: Descriptors, what: string): void {
    same(vectors.dimensions, generator.dimensions, `dimensions of ${what}`)
    same(vectors.count, parts.length, `rows of ${what}, one for each part`)
    same(vectors.data.length, vectors.count * vectors.dimensions, `numbers of ${what}`)
    ok(vectors.data.every(Number.isFinite), `every number of ${what} is finite`)
    sameData(
      parts.map(({ index }) => index),
      parts.map((_, i) => i),
      `part numbers of ${what}`,
    )
  }

  /** Both must be the same descriptors. */
  sameDescriptors(got: Descriptors | undefined, wanted: Descriptors, what: string): void {
    if (!got) ok(false, `${what} has descriptors`)
    sameData(got.parts, wanted.parts, `parts of ${what}`)
    same(got.vectors.data.length, wanted.vectors.data.length, `numbers of ${what}`)
    const allowance = (this.options.tolerance ?? 1e-5) * Math.hypot(...wanted.vectors.data)
    for (const [i, value] of got.vectors.data.entries()) near(value, wanted.vectors.data[i]!, allowance, `number ${i} of ${what}`)
  }
}
