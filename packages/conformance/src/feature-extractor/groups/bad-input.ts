// Group `bad input`: refused with a typed error, and the extractor goes on.

import { rejects } from '../../framework/check.ts'
import type { FeatureExtractorGroup } from '../extractor-case.ts'

const CODES = ['INVALID_ARGUMENT', 'DIMENSION_MISMATCH', 'EXTRACT_FAILED', 'NOT_FINITE', 'EMPTY'] as const

export const badInputGroup: FeatureExtractorGroup = {
  name: 'bad input',
  rule: 'an input that cannot be extracted is INVALID_ARGUMENT, DIMENSION_MISMATCH, EXTRACT_FAILED, NOT_FINITE or EMPTY, never a row; the next call works',
  applies: ({ badInputs }) => badInputs !== undefined,
  cases: {
    'alone, and among good ones': async (t) => {
      const extractor = await t.make()
      const inputs = await t.inputs(2)
      const before = await extractor.extract(inputs)
      for (const [what, bad] of Object.entries(t.options.badInputs ?? {})) {
        await rejects(() => extractor.extract([bad]), CODES, `extract of ${what}`)
        await rejects(() => extractor.extract([inputs[0], bad, inputs[1]]), CODES, `extract of ${what} among good inputs`)
        const after = await extractor.extract(inputs)
        for (let i = 0; i < 2; i++) t.sameRow(after, i, before, i, `the row of input ${i} after ${what} was refused`)
      }
    },
  },
}
