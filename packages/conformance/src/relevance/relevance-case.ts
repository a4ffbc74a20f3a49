// What a case works with where vectors are scored by examples: relevancy indexes and RankRelevancy. Their suites share the groups of this
// folder, and give the calls in which they differ.

import type { CallOptions, Component, ComponentConfig, Items, VectorBatch } from '@cbir/core'
import { near, same } from '../framework/check.ts'
import { clustered } from '../framework/clusters.ts'
import { type Made, madeAgain, RERUNS } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import { type Group, registerGroups, type Scope, type SuiteOptions } from '../framework/suite.ts'
import { joinItems, namesFor, randomVectors } from '../nearest-neighbors-index/test-vectors.ts'

/** Options of a suite for what scores by examples. */
export interface RelevanceSuiteOptions extends SuiteOptions {
  /** A new component, without content. */
  readonly create: () => Made<Component>
  /** Numbers a vector in the tests, at least 4; 16 where absent. */
  readonly dimensions?: number | undefined
  /** Vectors that are scored in a small test, at least 10; 40 where absent. */
  readonly rows?: number | undefined
  /** It wants histograms: the tests' vectors are ≥ 0 and sum to 1. */
  readonly histograms?: boolean | undefined
  /** Makes one from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<Component>) | undefined
}

export const RELEVANCE_OPTIONS = ['create', 'dimensions', 'rows', 'histograms', 'fromConfig'] as const

export interface RelevanceComponent extends Component {
  dispose(): Promise<void>
}

export type RelevanceGroup = Group<RelevanceCase, RelevanceSuiteOptions>

export abstract class RelevanceCase<C extends RelevanceComponent = RelevanceComponent> implements Scope {
  readonly options: RelevanceSuiteOptions
  readonly dimensions: number
  readonly rows: number
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly again: boolean

  /** `again`: components are made again from their configuration. */
  constructor(options: RelevanceSuiteOptions, scope: Scope, again: boolean) {
    this.options = options
    this.dimensions = options.dimensions ?? 16
    this.rows = options.rows ?? 40
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.again = again
  }

  /** One that can score `pool`. */
  abstract ready(pool: Items): Promise<C>
  /** The scores of the rows of `pool`, in their order. */
  abstract score(component: C, pool: Items, positive: VectorBatch, negative?: VectorBatch, options?: CallOptions): Promise<Float32Array>

  /** Every call that ranks `pool`, by its name. */
  abstract questions(component: C, pool: Items, positive: VectorBatch, options?: CallOptions): Record<string, () => Promise<unknown>>

  /** A new component. It is disposed when the case ends. */
  async make(): Promise<C> {
    const { create, fromConfig } = this.options
    const first = await create()
    const component = (this.again && fromConfig ? await madeAgain(first, fromConfig) : first) as C
    this.defer(() => component.dispose())
    return component
  }

  vectors(count: number): VectorBatch {
    return randomVectors(this.random, count, this.dimensions, this.options.histograms ? 'histogram-intersection' : 'euclidean')
  }

  /** Vectors that lie together, far from those of another `which`. */
  cluster(which: number, count: number): VectorBatch {
    return clustered(this.vectors(count), which, this.options.histograms === true)
  }

  items(count: number = this.rows, prefix = 'item'): Items {
    return { uids: namesFor(count, prefix), vectors: this.vectors(count) }
  }

  /** `count` items of cluster 0, then `count` of cluster 1. */
  twoClusters(count: number): Items {
    const named = (which: number): Items => ({ uids: namesFor(count, `cluster ${which}`), vectors: this.cluster(which, count) })
    return joinItems(named(0), named(1))
  }

  get none(): VectorBatch {
    return { data: new Float32Array(0), count: 0, dimensions: this.dimensions }
  }
}

/** Scores are equal within 1e-5. */
export function sameScores(got: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  same(got.length, expected.length, `number of ${what}`)
  for (let i = 0; i < expected.length; i++) near(got[i]!, expected[i]!, 1e-5, `number ${i} of ${what}`)
}

/** Registers the groups: on new components, and on those made again from their configuration. */
export function registerRelevanceSuite<T extends RelevanceCase, O extends RelevanceSuiteOptions>(
  title: string,
  groups: readonly Group<T, O>[],
  once: readonly string[],
  options: O,
  open: (scope: Scope, again: boolean) => T,
): void {
  const { runner, fromConfig } = options
  runner.group(options.name ?? title, () => {
    registerGroups(groups, options, (scope) => open(scope, false))
    const again = groups.filter(({ name }) => !once.includes(name))
    if (fromConfig) runner.group(RERUNS.configured, () => registerGroups(again, options, (scope) => open(scope, true)))
  })
}

/** @throws TypeError for options that do not fit */
export function checkRelevanceOptions(suite: string, { create, dimensions = 4, rows = 10 }: RelevanceSuiteOptions): void {
  if (typeof create !== 'function') throw new TypeError(`${suite}: create must be a function that gives a new component.`)
  if (!(dimensions >= 4)) throw new TypeError(`${suite}: dimensions must be at least 4.`)
  if (!(rows >= 10)) throw new TypeError(`${suite}: rows must be at least 10.`)
}
