// Group `wrong dimension, NaN, Infinity`: refused before anything works on them.

import type { ErrorCode, VectorBatch } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { rejects, same } from '../../framework/check.ts'
import { type ModelGroup, sameAnswers } from '../model-case.ts'

export const badVectorsGroup: ModelGroup = {
  name: 'wrong dimension, NaN, Infinity',
  rule: 'DIMENSION_MISMATCH / NOT_FINITE, before anything works on it; a batch of a wrong shape is INVALID_ARGUMENT; nothing is changed',
  cases: {
    'in a question': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(3)
      const before = (await t.ask(component, vectors)).slice()
      for (const [name, code, batch] of badBatches(t)) await rejects(() => t.ask(component, batch), code, `a question with ${name}`)
      sameAnswers(await t.ask(component, vectors), before, 'the answers after refused questions')
    },
    'in a training, in its first batch or a later one': async (t) => {
      if (!t.trains) return
      const refused = async (batches: readonly VectorBatch[], code: ErrorCode, what: string): Promise<void> => {
        const component = await t.make()
        await rejects(() => t.teach(component, batches), code, what)
        same(component.hasModel, false, `hasModel after ${what}`)
      }
      for (const [name, code, batch] of badBatches(t)) {
        await refused([t.vectors(t.rows), batch], code, `training with ${name} in its second batch`)
        if (code !== 'DIMENSION_MISMATCH') await refused([batch, t.vectors(t.rows)], code, `training with ${name}`)
      }
    },
  },
}
