// What a case of the DescriptorElement suite works with: elements without a vector, and random vectors.

import type { ComponentConfig, DescriptorElement } from '@cbir/core'
import { fail, same, sameList } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `descriptorElementSuite`. */
export interface DescriptorElementSuiteOptions extends SuiteOptions {
  /** An element without a vector; the suite gives every one another uid. */
  readonly create: (type: string, uid: string) => Made<DescriptorElement>
  /** The element with this type and uid anew, from where its vector is kept. For elements that outlive the process. */
  readonly reopen?: ((type: string, uid: string) => Made<DescriptorElement>) | undefined
  /** Makes an element from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<DescriptorElement>) | undefined
}

export type DescriptorElementGroup = Group<DescriptorElementCase, DescriptorElementSuiteOptions>

/** How a rerun gets its elements: with the vector that they hold. */
export type DescriptorElementOrigin = (type: string, uid: string, vector: Float32Array | null) => Promise<DescriptorElement>

let elements = 0

export class DescriptorElementCase implements ComponentCase {
  readonly options: DescriptorElementSuiteOptions
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  readonly from: DescriptorElementOrigin

  constructor(options: DescriptorElementSuiteOptions, scope: Scope, from: DescriptorElementOrigin) {
    this.options = options
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.from = from
  }

  /** An element without a vector. */
  make(): Promise<DescriptorElement> {
    return this.holding(null)
  }

  holding(vector: Float32Array | null, uid = 'element'): Promise<DescriptorElement> {
    return this.from('test type', this.uid(uid), vector)
  }

  /** A uid that no other element of the run has. */
  uid(name: string): string {
    return `${name} ${elements++}`
  }

  async reopen({ type, uid }: DescriptorElement): Promise<DescriptorElement> {
    const { reopen } = this.options
    return reopen ? reopen(type, uid) : fail('the suite has the option reopen')
  }

  /** A random vector. */
  vector(dimensions = 16): Float32Array {
    return Float32Array.from({ length: dimensions }, () => this.random.normal())
  }

  async holds(element: DescriptorElement, vector: Float32Array, what: string): Promise<void> {
    same(await element.hasVector(), true, `hasVector of ${what}`)
    sameList(await element.vector(), vector, `vector of ${what}`)
  }
}
