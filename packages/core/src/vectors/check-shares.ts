// The check of confidences and scores that an adapter gives.

import { inSlices } from '../concurrency/in-slices.ts'
import { CbirError } from '../errors/cbir-error.ts'
import { describeType } from './vector-batch.ts'

/** @throws CbirError ADAPTER_FAULT unless `values` are `count` numbers from 0 to 1 */
export async function checkShares(name: string, values: Float32Array, count: number): Promise<void> {
  if (describeType(values) !== 'Float32Array' || values.length !== count) {
    throw new CbirError('ADAPTER_FAULT', `${name} gave ${values?.length} numbers where ${count} in a Float32Array were expected.`)
  }
  await inSlices(count, 1 << 16, (from, to) => {
    for (let i = from; i < to; i++) {
      if (!(values[i]! >= 0 && values[i]! <= 1)) throw new CbirError('ADAPTER_FAULT', `${name} gave ${values[i]}; expected a number from 0 to 1.`)
    }
  })
}
