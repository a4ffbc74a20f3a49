// Group `fingerprint`: equal fingerprints mean equal vectors.

import { ok, same } from '../../framework/check.ts'
import type { FeatureExtractorGroup } from '../extractor-case.ts'

export const fingerprintGroup: FeatureExtractorGroup = {
  name: 'fingerprint',
  rule: 'the fingerprint changes whenever the same input would give other vectors; with the same options it is the same, and so are the vectors',
  cases: {
    'two of the same options agree': async (t) => {
      const [first, second] = [await t.make(), await t.make()]
      ok(typeof first.fingerprint === 'string' && first.fingerprint !== '', 'fingerprint is a text')
      same(second.fingerprint, first.fingerprint, 'fingerprint of a second one with the same options')
      same(second.space, first.space, 'space of a second one with the same options')
      const inputs = await t.inputs(3)
      const [a, b] = [await first.extract(inputs), await second.extract(inputs)]
      for (let i = 0; i < 3; i++) t.sameRow(b, i, a, i, `the row of input ${i} from a second one with the same options`)
    },
    'use does not change it': async (t) => {
      const extractor = await t.make()
      const before = extractor.fingerprint
      const inputs = await t.inputs(2)
      const first = await extractor.extract(inputs)
      const second = await extractor.extract(inputs)
      same(extractor.fingerprint, before, 'fingerprint after use')
      for (let i = 0; i < 2; i++) t.sameRow(second, i, first, i, `the row of input ${i} the second time`)
    },
    'other options have another one': async (t) => {
      if (!t.options.different) return
      const other = t.keep(await t.options.different())
      ok(other.fingerprint !== (await t.make()).fingerprint, 'an extractor with other options has another fingerprint')
    },
  },
}
