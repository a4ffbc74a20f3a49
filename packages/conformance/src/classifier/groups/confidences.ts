// Group `confidences`: numbers from 0 to 1, and a readable view of them.

import { near, ok, same, sameList, throws } from '../../framework/check.ts'
import type { ClassifierGroup } from '../classifier-case.ts'

export const confidencesGroup: ClassifierGroup = {
  name: 'confidences',
  rule: 'row i has a confidence in [0, 1] for each label; they sum to 1 where the labels exclude each other; of(i) is the readable view',
  cases: {
    'they are shares': async (t) => {
      const answer = await (await t.trained()).classify(t.vectors(20))
      same(answer.count, 20, 'count')
      ok(answer.confidences instanceof Float32Array, 'confidences is a Float32Array')
      const width = answer.labels.length
      same(answer.confidences.length, 20 * width, 'number of confidences')
      for (const [at, x] of answer.confidences.entries()) ok(x >= 0 && x <= 1, `confidence ${at} is in [0, 1]; it is ${x}`)
      if (t.options.independentLabels) return
      for (let i = 0; i < 20; i++) {
        const sum = answer.confidences.slice(i * width, (i + 1) * width).reduce((total, x) => total + x, 0)
        near(sum, 1, 1e-4, `sum of the confidences of row ${i}`)
      }
    },
    'of(i) is row i': async (t) => {
      const answer = await (await t.trained()).classify(t.vectors(5))
      const width = answer.labels.length
      for (let i = 0; i < 5; i++) {
        const row = answer.of(i)
        sameList(row.keys(), answer.labels, `labels of row ${i}`)
        sameList(row.values(), answer.confidences.slice(i * width, (i + 1) * width), `confidences of row ${i}`)
      }
      for (const i of [-1, 5, 0.5, Number.NaN]) await throws(() => answer.of(i), 'INVALID_ARGUMENT', `of(${i}) of 5 rows`)
    },
  },
}
