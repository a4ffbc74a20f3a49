// Groups about the examples: one positive at least, negatives as one likes, and none that is broken.

import type { VectorBatch } from '@cbir/core'
import { badBatches } from '../../framework/bad-batches.ts'
import { rejects } from '../../framework/check.ts'
import { type RelevanceGroup, sameScores } from '../relevance-case.ts'

export const examplesGroup: RelevanceGroup = {
  name: 'examples',
  rule: 'at least one positive example, else INVALID_ARGUMENT; no negative ones are the same as absent ones',
  cases: {
    'no positive example': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      for (const [name, call] of Object.entries(t.questions(component, pool, t.none))) {
        await rejects(call, 'INVALID_ARGUMENT', `${name} without an example`)
      }
      await rejects(() => t.score(component, pool, t.none, t.vectors(3)), 'INVALID_ARGUMENT', 'a ranking without a positive example')
      await rejects(() => t.score(component, pool, undefined as unknown as VectorBatch), 'INVALID_ARGUMENT', 'a ranking by undefined')
    },
    'no negative example': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const positive = t.vectors(3)
      const absent = (await t.score(component, pool, positive)).slice()
      sameScores(await t.score(component, pool, positive, t.none), absent, 'scores with an empty batch of negatives')
    },
  },
}

export const badExamplesGroup: RelevanceGroup = {
  name: 'wrong dimension, NaN, Infinity in examples',
  rule: 'DIMENSION_MISMATCH / NOT_FINITE, before anything works on it; a batch of a wrong shape is INVALID_ARGUMENT; nothing is changed',
  cases: {
    'positive or negative': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const positive = t.vectors(2)
      const before = (await t.score(component, pool, positive)).slice()
      for (const [name, code, batch] of badBatches(t)) {
        await rejects(() => t.score(component, pool, batch, t.vectors(2)), code, `positive examples with ${name}`)
        await rejects(() => t.score(component, pool, t.vectors(2), batch), code, `negative examples with ${name}`)
      }
      const none = {} as unknown as VectorBatch
      await rejects(() => t.score(component, pool, t.vectors(2), none), 'INVALID_ARGUMENT', 'negative examples that are an empty object')
      sameScores(await t.score(component, pool, positive), before, 'scores after refused examples')
    },
  },
}
