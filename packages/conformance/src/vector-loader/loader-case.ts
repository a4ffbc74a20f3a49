// What a case of the VectorLoader suite works with: fresh loaders, inputs that the author gives, and comparison of parts.

import type { CallOptions, ComponentConfig, Part, VectorLoader } from '@cbir/core'
import { same, sameData } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `vectorLoaderSuite`. `In` is what the loader takes, `T` what a part holds. */
export interface VectorLoaderSuiteOptions<In = unknown, T = unknown> extends SuiteOptions {
  /** A new loader. */
  readonly create: () => Made<VectorLoader<In, T>>
  /** `count` inputs that differ from each other and each have a part. Every call gives new ones. */
  readonly inputs: (count: number) => Made<readonly In[]>
  /** An input with two parts or more, for loaders that give several. */
  readonly manyParts?: (() => Made<In>) | undefined
  /** Inputs that must be refused, by what is wrong with them. */
  readonly badInputs?: Readonly<Record<string, In>> | undefined
  /** Changes a part's value in place, as the caller to whom it belongs may do. Values must be data that `structuredClone` can copy. */
  readonly spoil?: ((value: T) => void) | undefined
  /** A loader with other options, which give other numbers: its fingerprint must differ. */
  readonly different?: (() => Made<VectorLoader<In, T>>) | undefined
  /** Whether two values are the same; equal as data where absent. */
  readonly equal?: ((a: T, b: T) => boolean) | undefined
  /** Makes a loader from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<VectorLoader<In, T>>) | undefined
}

export type VectorLoaderGroup = Group<VectorLoaderCase, VectorLoaderSuiteOptions>

export class VectorLoaderCase implements ComponentCase {
  readonly options: VectorLoaderSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly from: () => Promise<VectorLoader>

  constructor(options: VectorLoaderSuiteOptions, scope: Scope, from: () => Promise<VectorLoader>) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.from = from
  }

  /** A new loader. One that can be disposed is, when the case ends. */
  async make(): Promise<VectorLoader> {
    const loader = await this.from()
    this.defer(() => (loader as { dispose?(): Promise<void> }).dispose?.())
    return loader
  }

  async inputs(count: number): Promise<unknown[]> {
    const inputs = [...(await this.options.inputs(count))]
    same(inputs.length, count, `inputs that the option inputs gives for ${count}`)
    return inputs
  }

  /** All parts of an input. */
  async parts(loader: VectorLoader, input: unknown, options?: CallOptions): Promise<Part<unknown>[]> {
    const parts: Part<unknown>[] = []
    for await (const part of loader.load(input, options)) parts.push(part)
    return parts
  }

  /** Both must be the same parts at the same places. */
  sameParts(got: readonly Part<unknown>[], expected: readonly Part<unknown>[], what: string): void {
    same(got.length, expected.length, `number of parts of ${what}`)
    for (const [i, part] of expected.entries()) {
      same(got[i]!.start, part.start, `start of part ${i} of ${what}`)
      same(got[i]!.end, part.end, `end of part ${i} of ${what}`)
      if (this.options.equal) same(this.options.equal(got[i]!.value, part.value), true, `whether part ${i} of ${what} is equal`)
      else sameData(got[i]!.value, part.value, `part ${i} of ${what}`)
    }
  }
}
