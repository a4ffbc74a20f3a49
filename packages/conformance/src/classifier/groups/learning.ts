// Group `learning`: what a classifier is for.

import { ok } from '../../framework/check.ts'
import { trainable } from '../../trained-model/model-case.ts'
import type { ClassifierGroup } from '../classifier-case.ts'

const LABELS = ['cat', 'dog', 'cow']
const ASKED = 20

export const learningGroup: ClassifierGroup = {
  name: 'learning',
  rule: 'vectors like the examples of a label have their highest confidence there',
  applies: trainable,
  cases: {
    'labels that lie far apart are told apart': async (t) => {
      const classifier = await t.make()
      const half = Math.ceil(t.rows / 2)
      await classifier.train(Object.fromEntries(LABELS.map((label, i) => [label, [t.cluster(i, half), t.cluster(i, half)]])))
      let right = 0
      for (const [which, label] of LABELS.entries()) {
        const answer = await classifier.classify(t.cluster(which, ASKED))
        for (let i = 0; i < ASKED; i++) {
          const row = [...answer.confidences.slice(i * LABELS.length, (i + 1) * LABELS.length)]
          if (answer.labels[row.indexOf(Math.max(...row))] === label) right++
        }
      }
      ok(right >= 0.9 * ASKED * LABELS.length, `9 of 10 vectors get the label of their cluster; ${right} of ${ASKED * LABELS.length} do`)
    },
  },
}
