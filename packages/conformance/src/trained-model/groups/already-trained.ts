// Group `already trained`: a model is never replaced.

import { rejects, same } from '../../framework/check.ts'
import { type ModelGroup, sameAnswers, trainable } from '../model-case.ts'

export const alreadyTrainedGroup: ModelGroup = {
  name: 'already trained',
  rule: 'training what has a model is ALREADY_TRAINED, and the model stands',
  applies: trainable,
  cases: {
    'a second training is refused': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(6)
      const before = (await t.ask(component, vectors)).slice()
      await rejects(() => t.teach(component, [t.vectors(t.rows)]), 'ALREADY_TRAINED', 'a second training')
      same(component.hasModel, true, 'hasModel after a refused training')
      sameAnswers(await t.ask(component, vectors), before, 'the answers after a refused training')
    },
    'of two trainings at once one counts': async (t) => {
      const component = await t.make()
      const results = await Promise.allSettled([t.teach(component, [t.examplesOfTheCase()]), t.teach(component, [t.examplesOfTheCase()])])
      same(results.filter(({ status }) => status === 'fulfilled').length, 1, 'trainings that succeeded')
      const refused = results.find((result) => result.status === 'rejected')
      await rejects(() => Promise.reject(refused?.reason), 'ALREADY_TRAINED', 'the other training')
    },
  },
}
