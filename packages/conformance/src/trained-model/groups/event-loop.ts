// Group `event loop`: long calls give turns. Measured in processor time between turns, which other programs do not lengthen.

import { givesTurns } from '../../framework/gives-turns.ts'
import type { ModelGroup } from '../model-case.ts'

const MANY = 20_000

export const eventLoopGroup: ModelGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`a training on ${MANY} vectors gives turns`]: async (t) => {
      if (!t.trains) return
      const component = await t.make()
      const vectors = t.vectors(MANY)
      await givesTurns('the training', () => t.teach(component, [vectors]))
    },
    [`${MANY} vectors in a question give turns`]: async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(MANY)
      await givesTurns('the question', () => t.ask(component, vectors))
    },
  },
}
