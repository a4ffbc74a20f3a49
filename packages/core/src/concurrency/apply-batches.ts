// Writing a source into a store: batch after batch, each whole or not at all.

import type { CallOptions } from '../component/call-options.ts'
import { withDetails } from '../errors/with-details.ts'
import { pull } from '../vectors/pull.ts'
import type { Source } from '../vectors/source.ts'

/**
 * Gives every batch of `source`, as `take` copied it, to `apply`, and the sum of what that returns (rows written). Progress is that sum.
 * An error carries `details.batchesApplied`: how many batches stand.
 */
export async function applyBatches<T, U>(
  source: Source<T>,
  take: (batch: T) => U,
  apply: (batch: U) => Promise<number>,
  options: CallOptions,
): Promise<number> {
  let done = 0
  let batchesApplied = 0
  try {
    for await (const batch of pull(source, take, options.signal)) {
      done += await apply(batch)
      batchesApplied++
      options.onProgress?.({ done })
    }
  } catch (error) {
    throw withDetails(error, { batchesApplied })
  }
  return done
}
