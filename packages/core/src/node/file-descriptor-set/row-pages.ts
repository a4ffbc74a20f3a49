// A FileDescriptorSet page by page, in the order of insertion.

import type { CallOptions } from '../../component/call-options.ts'
import { TimeSlice } from '../../concurrency/time-slice.ts'
import type { DescriptorPage } from '../../descriptor-set/define-descriptor-set.ts'
import type { DescriptorLog } from './descriptor-log.ts'

/** The uids that are still to come; `ahead` was taken from them already, but did not fit into the page before. */
export interface UidCursor {
  readonly uids: Iterator<string>
  readonly ahead: string | undefined
}

/** At most `limit` rows of equal dimensions from `cursor` on. */
export async function readPage(
  log: DescriptorLog,
  cursor: UidCursor | undefined,
  limit: number,
  options: CallOptions,
): Promise<DescriptorPage<UidCursor>> {
  const { index } = log
  const iterator = cursor?.uids ?? index.uids()
  const slice = new TimeSlice()
  const uids: string[] = []
  let dimensions = 1
  let ahead = cursor?.ahead ?? (iterator.next().value as string | undefined)
  while (ahead !== undefined && uids.length < limit) {
    // What was looked at ahead may have been removed since: then it has no dimensions.
    const its = index.dimensionsOf(ahead)
    if (its > 0) {
      if (uids.length > 0 && its !== dimensions) break
      dimensions = its
      uids.push(ahead)
    }
    ahead = iterator.next().value as string | undefined
    if (slice.due()) await slice.pause()
  }
  const data = new Float32Array(uids.length * dimensions)
  await log.read(uids, data, dimensions, options)
  const attributes = await log.attributes(uids, options)
  return {
    items: { uids, vectors: { data, count: uids.length, dimensions }, ...(attributes.some(Boolean) ? { attributes } : {}) },
    next: ahead === undefined ? undefined : { uids: iterator, ahead },
  }
}
