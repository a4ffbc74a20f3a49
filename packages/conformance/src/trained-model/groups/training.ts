// Group `training`: it runs, from any kind of source, and there is a model afterwards.

import type { VectorBatch } from '@cbir/core'
import { same } from '../../framework/check.ts'
import { type ModelGroup, trainable } from '../model-case.ts'

export const trainingGroup: ModelGroup = {
  name: 'training',
  rule: 'it learns from a stream of vectors, synchronous or not, in batches of any size; afterwards it has a model and answers',
  applies: trainable,
  cases: {
    'there is a model afterwards': async (t) => {
      const component = await t.trained()
      same(component.hasModel, true, 'hasModel after a training')
      await t.ask(component, t.vectors(2))
    },
    'a synchronous and an asynchronous source teach the same': async (t) => {
      const batches = [t.vectors(t.rows - 5), t.vectors(5)]
      const [one, other] = [await t.make(), await t.make()]
      await t.teach(one, batches)
      await t.teach(
        other,
        (async function* () {
          yield* batches
        })(),
      )
      await t.agree(other, one, 'what was learnt from an asynchronous source')
    },
    'a batch without rows is passed over': async (t) => {
      const none: VectorBatch = { data: new Float32Array(0), count: 0, dimensions: t.dimensions }
      const component = await t.make()
      await t.teach(component, [none, t.examplesOfTheCase(), none])
      await t.agree(component, await t.trained(), 'what was learnt with empty batches around')
    },
  },
}
