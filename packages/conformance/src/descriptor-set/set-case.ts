// What a case of the DescriptorSet suite works with: fresh sets, and items with names, vectors and attributes.

import type { Attributes, ComponentConfig, DescriptorItems, DescriptorSet } from '@cbir/core'
import { same, sameData, sameList } from '../framework/check.ts'
import type { Made } from '../framework/component-groups.ts'
import { FilledCase } from '../framework/filled-case.ts'
import type { Group, SuiteOptions } from '../framework/suite.ts'

/** Options of `descriptorSetSuite`. */
export interface DescriptorSetSuiteOptions extends SuiteOptions {
  /** A new set without rows that can be written. */
  readonly create: () => Made<DescriptorSet>
  /** Opens a set over a directory: what is stored there, or an empty set that keeps itself there. For sets that outlive the process. */
  readonly reopen?: ((directory: string) => Made<DescriptorSet>) | undefined
  /** A read-only set that holds `items`. For adapters that have one. */
  readonly createReadOnly?: ((items: DescriptorItems) => Made<DescriptorSet>) | undefined
  /** Makes a set from data, e.g. `(config) => registry.fromConfig(config)`; every group then runs again on what it makes of `toConfig()`. */
  readonly fromConfig?: ((config: ComponentConfig) => Made<DescriptorSet>) | undefined
}

export type DescriptorSetGroup = Group<DescriptorSetCase, DescriptorSetSuiteOptions>

const DIMENSIONS = 8

export class DescriptorSetCase extends FilledCase<DescriptorSet, DescriptorSetSuiteOptions> {
  readonly dimensions: number = DIMENSIONS

  /** A set that was given these batches. */
  holding(batches: readonly DescriptorItems[]): Promise<DescriptorSet> {
    return this.after((set) => set.addMany(batches))
  }

  vectors(count: number, dimensions: number = DIMENSIONS): DescriptorItems['vectors'] {
    return { data: Float32Array.from({ length: count * dimensions }, () => this.random.normal()), count, dimensions }
  }

  /** `count` rows with names that begin with `prefix`, without attributes. */
  items(count = 12, prefix = 'item', dimensions: number = DIMENSIONS): DescriptorItems {
    const uids = Array.from({ length: count }, (_, i) => `${prefix} ${i}/é✓`)
    return { uids, vectors: this.vectors(count, dimensions) }
  }

  /** The same, where every second row has attributes. */
  described(count = 12, prefix = 'item', dimensions: number = DIMENSIONS): DescriptorItems {
    const items = this.items(count, prefix, dimensions)
    return { ...items, attributes: items.uids.map((uid, i) => (i % 2 === 0 ? undefined : { uid, i, half: i / 2, even: false, none: null })) }
  }

  /** The set must hold the rows of `parts`, with their attributes, and no others. Each is asked for alone. */
  async holds(set: DescriptorSet, parts: readonly DescriptorItems[], what: string): Promise<void> {
    const rows = parts.flatMap(rowsOf)
    same(await set.count(), rows.length, `count of ${what}`)
    for (const { uid, vector, attributes } of rows) {
      const into = new Float32Array(vector.length)
      same(await set.getVectors([uid], into), vector.length, `dimensions of ${uid} in ${what}`)
      sameList(into, vector, `vector of ${uid} in ${what}`)
      sameData(await set.getAttributes([uid]), [attributes], `attributes of ${uid} in ${what}`)
    }
  }
}

/** One row of items. */
export interface Row {
  readonly uid: string
  readonly vector: Float32Array
  readonly attributes: Attributes | undefined
}

export function rowsOf({ uids, vectors, attributes }: DescriptorItems): Row[] {
  const { data, dimensions } = vectors
  return uids.map((uid, i) => ({ uid, vector: data.slice(i * dimensions, (i + 1) * dimensions), attributes: attributes?.[i] }))
}

/** Rows of equal length as items. */
export function itemsFrom(rows: readonly Row[], dimensions: number = rows[0]?.vector.length ?? DIMENSIONS): DescriptorItems {
  const data = new Float32Array(rows.length * dimensions)
  for (const [i, { vector }] of rows.entries()) data.set(vector, i * dimensions)
  const items = { uids: rows.map(({ uid }) => uid), vectors: { data, count: rows.length, dimensions } }
  return rows.some((row) => row.attributes) ? { ...items, attributes: rows.map((row) => row.attributes) } : items
}

/** The rows in batches of `size`. */
export function batchesOf(items: DescriptorItems, size: number): DescriptorItems[] {
  const rows = rowsOf(items)
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => itemsFrom(rows.slice(i * size, (i + 1) * size)))
}

/** All that the set gives, row by row. */
export async function allRows(set: DescriptorSet, batchSize?: number): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of set.items({ batchSize })) rows.push(...rowsOf(batch))
  return rows
}
