// What a case of the DataSet suite works with: sets of elements of random bytes.

import type { ComponentConfig, DataElement, DataSet } from '@cbir/core'
import { referenceDataElement } from '../data-element/reference.ts'
import { same, sameList } from '../framework/check.ts'
import type { ComponentCase, Made } from '../framework/component-groups.ts'
import type { Random } from '../framework/random.ts'
import type { Group, Scope, SuiteOptions } from '../framework/suite.ts'

/** Options of `dataSetSuite`. */
export interface DataSetSuiteOptions extends SuiteOptions {
  /** A set that holds an element of each of these byte arrays; without any, an empty set. */
  readonly create: (contents: readonly Uint8Array[]) => Made<DataSet>
  /** Whether elements can be added to what `create` gives; true where absent. */
  readonly writable?: boolean | undefined
  /** Makes a set from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<DataSet>) | undefined
}

export type DataSetGroup = Group<DataSetCase, DataSetSuiteOptions>

export const whereWritable = ({ writable = true }: DataSetSuiteOptions): boolean => writable

/** Bytes with the element that holds them and their uuid. */
export interface Content {
  readonly bytes: Uint8Array
  readonly element: DataElement
  readonly uuid: string
}

export class DataSetCase implements ComponentCase {
  readonly options: DataSetSuiteOptions
  readonly writable: boolean
  readonly random: Random
  readonly patience: number
  readonly defer: (cleanUp: () => unknown) => void
  readonly create: (contents: readonly Uint8Array[]) => Promise<DataSet>

  constructor(options: DataSetSuiteOptions, scope: Scope, create: (contents: readonly Uint8Array[]) => Promise<DataSet>) {
    this.options = options
    this.writable = whereWritable(options)
    this.random = scope.random
    this.patience = scope.patience
    this.defer = scope.defer
    this.create = create
  }

  /** A set without elements. It is disposed when the case ends. */
  make(): Promise<DataSet> {
    return this.holding([])
  }

  async holding(contents: readonly Content[]): Promise<DataSet> {
    const set = await this.create(contents.map(({ bytes }) => bytes))
    this.defer(() => set.dispose())
    return set
  }

  /** Distinct contents. */
  async contents(count: number): Promise<Content[]> {
    const contents: Content[] = []
    for (let i = 0; i < count; i++) {
      const bytes = Uint8Array.from({ length: 20 + i }, () => this.random.integer(256))
      const element = referenceDataElement(bytes)
      contents.push({ bytes, element, uuid: await element.uuid() })
    }
    return contents
  }

  /** The set must hold one element of each of these contents and no others. Each is asked for alone: several are a matter of the group `get`. */
  async holds(set: DataSet, contents: readonly Content[], what: string): Promise<void> {
    same(await set.count(), contents.length, `count of ${what}`)
    for (const { uuid, bytes } of contents) sameList(await (await set.getMany([uuid]))[0]!.bytes(), bytes, `bytes of ${uuid} in ${what}`)
  }
}

export const uuidsOf = (contents: readonly Content[]): string[] => contents.map(({ uuid }) => uuid)
export const elementsOf = (contents: readonly Content[]): DataElement[] => contents.map(({ element }) => element)
