// Group `examples`: two labels at least, each with a vector.

import type { LabelledVectors } from '@cbir/core'
import { rejects, same } from '../../framework/check.ts'
import { trainable } from '../../trained-model/model-case.ts'
import type { ClassifierGroup } from '../classifier-case.ts'

export const examplesGroup: ClassifierGroup = {
  name: 'examples',
  rule: 'a Map or an object of at least two labels, each with a vector, all of one length; else an error, and no model',
  applies: trainable,
  cases: {
    'fewer than two labels': async (t) => {
      const classifier = await t.make()
      const wrong: Record<string, unknown> = {
        'no label': {},
        'one label': { cat: [t.vectors(t.rows)] },
        'a Map of one label': new Map([['cat', [t.vectors(t.rows)]]]),
        'a list': [t.vectors(t.rows), t.vectors(t.rows)],
        nothing: undefined,
        'an empty label': { cat: [t.vectors(t.rows)], '': [t.vectors(t.rows)] },
      }
      for (const [what, examples] of Object.entries(wrong)) {
        await rejects(() => classifier.train(examples as LabelledVectors), 'INVALID_ARGUMENT', `training with ${what}`)
        same(classifier.hasModel, false, `hasModel after a training with ${what}`)
      }
    },
    'a label without a vector': async (t) => {
      const classifier = await t.make()
      const examples = { cat: [t.cluster(0, t.rows)], dog: [t.cluster(1, t.rows)], cow: [] }
      await rejects(() => classifier.train(examples), 'EMPTY_BUILD', 'training with a label without a vector')
      same(classifier.hasModel, false, 'hasModel after a refused training')
    },
    'labels with vectors of different lengths': async (t) => {
      const classifier = await t.make()
      const longer = { data: new Float32Array(2 * (t.dimensions + 1)).fill(1), count: 2, dimensions: t.dimensions + 1 }
      await rejects(() => classifier.train({ cat: [t.vectors(t.rows)], dog: [longer] }), 'DIMENSION_MISMATCH', 'training with vectors of two lengths')
      same(classifier.hasModel, false, 'hasModel after a refused training')
    },
    'a Map and an object teach the same': async (t) => {
      const [cats, dogs] = [t.cluster(0, t.rows), t.cluster(1, t.rows)]
      const [one, other] = [await t.make(), await t.make()]
      await one.train({ cat: [cats], dog: [dogs] })
      await other.train(new Map(Object.entries({ cat: [cats], dog: [dogs] })))
      await t.agree(other, one, 'what was learnt from a Map')
    },
  },
}
