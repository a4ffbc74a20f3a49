// Group `labels`: which ones there are, and in which order.

import { ok, same, sameList } from '../../framework/check.ts'
import type { ClassifierGroup } from '../classifier-case.ts'

/** Names that only a classifier which treats labels as opaque keeps apart. */
const NAMES = ['a cat', '__proto__', 'é✓\n', 'constructor']

export const labelsGroup: ClassifierGroup = {
  name: 'labels',
  rule: 'labels gives all labels, each once, in the order of the confidences; that of the negatives too',
  cases: {
    'they are those of the examples': async (t) => {
      if (!t.trains) return
      const classifier = await t.make()
      await classifier.train(new Map(NAMES.map((name, i) => [name, [t.cluster(i, t.rows)]])))
      sameList([...(await classifier.labels())].sort(), [...NAMES].sort(), 'labels')
    },
    'they are those of the answers, in the same order': async (t) => {
      const classifier = await t.trained()
      const labels = await classifier.labels()
      ok(labels.length > 0 && labels.every((label) => typeof label === 'string' && label !== ''), 'labels are texts that are not empty')
      same(new Set(labels).size, labels.length, 'different labels')
      sameList((await classifier.classify(t.vectors(2))).labels, labels, 'labels of an answer')
    },
    'the list belongs to the caller': async (t) => {
      const classifier = await t.trained()
      const first = await classifier.labels()
      const kept = [...first]
      try {
        ;(first as string[]).fill('spoiled')
      } catch {
        return // a frozen list cannot be spoiled
      }
      sameList(await classifier.labels(), kept, 'labels after a list of them was changed')
    },
  },
}
