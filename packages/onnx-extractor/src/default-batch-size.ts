// Default batch size. Measured on SqueezeNet, the processor time of a picture is the same within noise for runs of 1 to 8 and grows a little from 16 on,
// as does memory; what a job costs beside its run (a message each way, about 0.1 ms) matters for small models only. So large items go in small runs
// and small items in larger ones.

import type { InputPlan } from './input/plan-inputs.ts'

const BYTES_A_RUN = 4 << 20
const MOST = 32
/** For items of a size that is known at run time only, such as texts. */
const UNKNOWN = 8
/** Bytes of a number, taken for every type: it need not be exact. */
const NUMBER = 4

export function defaultBatchSize({ items }: InputPlan): number {
  let bytes = 0
  for (const { shape } of items) {
    if (!shape || shape.some((n) => typeof n === 'string')) return UNKNOWN
    bytes += (shape as readonly number[]).reduce((product, n) => product * n, NUMBER)
  }
  return Math.max(1, Math.min(MOST, Math.floor(BYTES_A_RUN / bytes)))
}
