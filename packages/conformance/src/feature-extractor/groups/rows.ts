// Group `rows`: one finite row for each input, in their order, in a batch of any size.

import { ok } from '../../framework/check.ts'
import type { FeatureExtractorGroup } from '../extractor-case.ts'

export const rowsGroup: FeatureExtractorGroup = {
  name: 'rows',
  rule: 'row i is the vector of inputs[i]: exactly one finite row of `dimensions` numbers for each input, whatever else is in the batch',
  cases: {
    'one row for each input': async (t) => {
      const extractor = await t.make()
      ok(Number.isInteger(extractor.dimensions) && extractor.dimensions > 0, `dimensions is a positive integer; it is ${extractor.dimensions}`)
      ok(Number.isInteger(extractor.batchSize) && extractor.batchSize > 0, `batchSize is a positive integer; it is ${extractor.batchSize}`)
      for (const count of [1, 2, extractor.batchSize, extractor.batchSize + 1]) {
        const batch = await extractor.extract(await t.inputs(count))
        t.shaped(extractor, batch, count)
        ok(batch.data.every(Number.isFinite), 'every number is finite')
      }
    },
    'no input gives no row': async (t) => {
      const extractor = await t.make()
      t.shaped(extractor, await extractor.extract([]), 0)
    },
    'an input has the same row alone and among others': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(4)
      const together = await extractor.extract(inputs)
      for (const [i, input] of inputs.entries())
        t.sameRow(await extractor.extract([input]), 0, together, i, `the row of input ${i} alone and among others`)
    },
    'rows follow the order of the inputs': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(4)
      const forwards = await extractor.extract(inputs)
      const backwards = await extractor.extract([...inputs].reverse())
      for (let i = 0; i < 4; i++) t.sameRow(backwards, 3 - i, forwards, i, `the row of input ${i} in a batch that was turned round`)
    },
    'inputs that differ have rows that differ': async (t) => {
      const extractor = await t.make()
      const { data, dimensions } = await extractor.extract(await t.inputs(2))
      ok(
        data.subarray(0, dimensions).some((value, i) => value !== data[dimensions + i]),
        'two different inputs have different rows',
      )
    },
  },
}
