// Group `determinism`: equal models give equal answers.

import { type ModelGroup, sameAnswers } from '../model-case.ts'

export const determinismGroup: ModelGroup = {
  name: 'determinism',
  rule: 'the same model gives the same answer to the same vector; two made alike and trained on the same vectors answer alike',
  cases: {
    'asked again': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(5)
      const first = (await t.ask(component, vectors)).slice()
      await t.ask(component, t.vectors(3))
      sameAnswers(await t.ask(component, vectors), first, 'the second answer')
    },
    'made and trained again': async (t) => {
      await t.agree(await t.trained(), await t.trained(), 'what another one answers that was made and trained alike')
    },
  },
}
