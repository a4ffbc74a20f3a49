// Group `not trained`: without a model there is no answer.

import { rejects } from '../../framework/check.ts'
import { type ModelGroup, trainable } from '../model-case.ts'

export const notTrainedGroup: ModelGroup = {
  name: 'not trained',
  rule: 'a call that needs a model is NOT_TRAINED where there is none',
  applies: trainable,
  cases: {
    'every question before the training': async (t) => {
      for (const [name, ask] of Object.entries(t.questions(await t.make()))) await rejects(ask, 'NOT_TRAINED', `${name} without a model`)
    },
  },
}
