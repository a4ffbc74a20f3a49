// The driver of the flat index: rows in memory, answers by scanning all of them.

import type { Metric } from '@cbir/core'
import type { DenseRowsDriver } from '@cbir/core/define'
import { RowStorage } from './row-storage.ts'
import { scanNearest, scanWithin } from './scan.ts'

/** A driver that answers exactly, in the given metric. */
export function flatDriver(metric: Metric): DenseRowsDriver<RowStorage> {
  return {
    exact: true,
    layout: { metric },
    open: (dimensions) => new RowStorage(dimensions),
    append: (storage, vectors) => storage.append(vectors),
    overwrite: (storage, rows, vectors) => storage.overwrite(rows, vectors),
    // A freed row keeps its memory until a new vector takes its place; core leaves it out of every search.
    free: () => {},
    search: (storage, queries, k, options) => scanNearest(storage, metric, queries, k, options),
    within: (storage, queries, radius, options) => scanWithin(storage, metric, queries, radius, options),
    save: (storage, writer) => storage.save(writer),
    load: (container, shape, options) => RowStorage.load(container, shape, options),
  }
}
