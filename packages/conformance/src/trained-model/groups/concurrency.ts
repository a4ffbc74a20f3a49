// Group `concurrency`: many calls at once give what one after another gives.

import { type ModelGroup, sameAnswers } from '../model-case.ts'

export const concurrencyGroup: ModelGroup = {
  name: 'concurrency',
  rule: 'any number of questions at once, each answered for itself',
  cases: {
    'many questions at once': async (t) => {
      const component = await t.trained()
      const batches = Array.from({ length: 30 }, () => t.vectors(2))
      const one: ArrayLike<number>[] = []
      for (const batch of batches) one.push((await t.ask(component, batch)).slice())
      const together = await Promise.all(batches.map(async (batch) => (await t.ask(component, batch)).slice()))
      for (const [i, answer] of together.entries()) sameAnswers(answer, one[i]!, `answer ${i} of 30 at once`)
    },
  },
}
