// A source whose batches are changed as they are read.

import type { Source } from '@cbir/core'

/** Synchronous where `source` is, so that its first batch is still read at the call. What is no source stays as it is. */
export function changedSource<T>(source: Source<T>, change: (batch: T) => T): Source<T> {
  if (typeof source !== 'object' || source === null) return source
  if (Symbol.iterator in source) {
    return (function* () {
      for (const batch of source) yield change(batch)
    })()
  }
  if (!(Symbol.asyncIterator in source)) return source
  return (async function* () {
    for await (const batch of source) yield change(batch)
  })()
}
