// What a case of the ClassificationElement suite works with.

import type { ClassificationElement, ComponentConfig } from '@cbir/core'
import { near, sameList } from '../framework/check.ts'
import { type Made, madeAgain } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `classificationElementSuite`. */
export interface ClassificationElementSuiteOptions extends SuiteOptions {
  /** A new element without classifications. Where elements are kept, give each run of the suite an empty place. */
  readonly create: (type: string, uid: string) => Made<ClassificationElement>
  /** Opens an element that was kept, as another process would. Absent: elements live in memory. */
  readonly reopen?: ((type: string, uid: string) => Made<ClassificationElement>) | undefined
  /** Makes one from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<ClassificationElement>) | undefined
}

/** A group of the ClassificationElement suite. */
export type ClassificationElementGroup = Group<ClassificationElementCase, ClassificationElementSuiteOptions>

export class ClassificationElementCase implements Scope {
  readonly options: ClassificationElementSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  private readonly again: boolean

  /** `again`: elements are made again from their configuration. */
  constructor(options: ClassificationElementSuiteOptions, scope: Scope, again: boolean) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.again = again
  }

  /** A new element; its uid is a name that only an element which treats uids as opaque keeps apart. */
  async make(type: string = 'a classifier', uid: string = this.uid()): Promise<ClassificationElement> {
    const { create, fromConfig } = this.options
    const element = await create(type, uid)
    return this.again && fromConfig ? madeAgain(element, fromConfig) : element
  }

  /** An element that holds {@link CONFIDENCES}. */
  async filled(): Promise<ClassificationElement> {
    const element = await this.make()
    await element.setClassifications(CONFIDENCES)
    return element
  }

  uid(): string {
    return `uid/${this.random.integer(1e9)} ${this.again ? 'again ' : ''}é✓`
  }
}

/** Confidences that every form of storage holds exactly, in no alphabetical order. */
export const CONFIDENCES: ReadonlyMap<string, number> = new Map([
  ['zebra', 0.25],
  ['a cat', 0.5],
  ['é✓\n', 0],
  ['dog', 0.25],
])

/** `element` must hold `expected`, confidences within 1e-6; the order of the labels is a group of its own. */
export async function holds(element: ClassificationElement, expected: ReadonlyMap<string, number>, what: string): Promise<void> {
  const found = await element.classifications()
  sameList([...found.keys()].sort(), [...expected.keys()].sort(), `labels of ${what}`)
  for (const [label, confidence] of expected) near(found.get(label)!, confidence, 1e-6, `confidence of ${JSON.stringify(label)} in ${what}`)
}
