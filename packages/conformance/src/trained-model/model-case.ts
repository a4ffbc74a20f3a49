// What a case works with where a component has a model: functors and classifiers. Their suites share the groups of this folder, and give the
// two calls in which they differ: how one is taught, and how it is asked.

import type { CallOptions, Component, ComponentConfig, Source, VectorBatch } from '@cbir/core'
import type { PersistableModel } from '@cbir/core/define'
import { near, same } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase, type Origin, registerFilledSuite } from '../framework/filled-case.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'
import { randomVectors } from '../nearest-neighbors-index/test-vectors.ts'

/** Options of a suite for components that have a model. */
export interface ModelSuiteOptions extends SuiteOptions {
  /** A new component; without a model where it is trainable. */
  readonly create: () => Made<Component>
  /** The abilities of what `create` gives. These are tested; the others must throw NOT_SUPPORTED. */
  readonly capabilities: readonly string[]
  /** Numbers a vector in the tests, at least 4; 16 where absent. */
  readonly dimensions?: number | undefined
  /** Vectors that it is trained on, of each label where there are labels; 40 where absent. */
  readonly rows?: number | undefined
  /** It wants histograms: the tests' vectors are ≥ 0 and sum to 1. */
  readonly histograms?: boolean | undefined
  /** Opens one over a directory: with the model that is stored there, or one that will keep its model there. Needed for `persist`. */
  readonly reopen?: ((directory: string) => Made<Component>) | undefined
  /** Makes one from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<Component>) | undefined
}

export const MODEL_OPTIONS = ['create', 'capabilities', 'dimensions', 'rows', 'histograms', 'reopen', 'fromConfig'] as const

/** What every component with a model has. */
export interface ModelComponent extends Component, PersistableModel {
  readonly capabilities: ReadonlySet<string>
  readonly hasModel: boolean
  dispose(): Promise<void>
}

export type ModelGroup = Group<ModelCase, ModelSuiteOptions>

/** For groups about training. */
export const trainable = ({ capabilities }: ModelSuiteOptions): boolean => capabilities.includes('fit') || capabilities.includes('train')

export abstract class ModelCase<C extends ModelComponent = ModelComponent> extends FilledCase<C, ModelSuiteOptions> {
  readonly dimensions: number
  readonly rows: number
  private examples: VectorBatch | undefined

  constructor(options: ModelSuiteOptions, scope: Scope, from: Origin) {
    super(options, scope, from)
    this.dimensions = options.dimensions ?? 16
    this.rows = options.rows ?? 40
  }

  /** Trains on a source; where there are labels it is the source of the first one. */
  abstract teach(component: C, source: Source<VectorBatch>, options?: CallOptions): Promise<void>
  /** What it says of vectors: so many numbers a row. */
  abstract ask(component: C, vectors: VectorBatch, options?: CallOptions): Promise<Uint8Array | Float32Array>
  /** Every call that needs a model, by its name. */
  abstract questions(component: C, options?: CallOptions): Record<string, () => Promise<unknown>>

  get trains(): boolean {
    return trainable(this.options)
  }

  /** One that has a model; every one of a case has learnt from the same vectors. */
  trained(): Promise<C> {
    return this.after(async (component) => this.trains && this.teach(component, [this.examplesOfTheCase()]))
  }

  /** The vectors that the trained components of this case have learnt from. */
  examplesOfTheCase(): VectorBatch {
    this.examples ??= this.vectors(this.rows)
    return this.examples
  }

  vectors(count: number): VectorBatch {
    return randomVectors(this.random, count, this.dimensions, this.options.histograms ? 'histogram-intersection' : 'euclidean')
  }

  /** Both must answer alike: codes bit for bit, confidences within 1e-5. */
  async agree(got: C, expected: C, what: string): Promise<void> {
    const vectors = this.vectors(8)
    sameAnswers(await this.ask(got, vectors), await this.ask(expected, vectors), what)
  }
}

/** Codes and confidences: equal within 1e-5, which for bytes means equal. */
export function sameAnswers(got: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  same(got.length, expected.length, `length of ${what}`)
  for (let i = 0; i < expected.length; i++) near(got[i]!, expected[i]!, 1e-5, `number ${i} of ${what}`)
}

/** Registers the groups: on new components, on saved and reopened ones, and on those made again from their configuration. */
export function registerModelSuite<T extends ModelCase, O extends ModelSuiteOptions>(
  title: string,
  groups: readonly Group<T, O>[],
  once: readonly string[],
  options: O,
  open: (scope: Scope, from: Origin) => T,
): void {
  const again = groups.filter(({ name }) => !once.includes(name))
  registerFilledSuite(title, options, { fresh: groups, reopened: again, configured: again }, 'saved', open)
}

/** @throws TypeError for options that do not fit each other */
export function checkModelOptions(suite: string, { create, capabilities, reopen, dimensions = 4, rows = 10 }: ModelSuiteOptions): void {
  if (typeof create !== 'function') throw new TypeError(`${suite}: create must be a function that gives a new component.`)
  if (!Array.isArray(capabilities)) throw new TypeError(`${suite}: capabilities must list the abilities; [] where there are none.`)
  if (capabilities.includes('persist') !== (reopen !== undefined)) {
    throw new TypeError(`${suite}: reopen belongs to the ability persist: give both or neither.`)
  }
  if (!(dimensions >= 4)) throw new TypeError(`${suite}: dimensions must be at least 4.`)
  if (!(rows >= 10)) throw new TypeError(`${suite}: rows must be at least 10.`)
}
