// Group `failed training`: it leaves no model behind, and the next one counts.

import type { Source, VectorBatch } from '@cbir/core'
import { ok, rejects, same } from '../../framework/check.ts'
import { type ModelCase, type ModelGroup, trainable } from '../model-case.ts'

/** After a training that failed there is no model, and another one succeeds. */
async function startsAgain(t: ModelCase, component: Awaited<ReturnType<ModelCase['make']>>, what: string): Promise<void> {
  same(component.hasModel, false, `hasModel after ${what}`)
  await t.teach(component, [t.examplesOfTheCase()])
  await t.agree(component, await t.trained(), `what was learnt after ${what}`)
}

export const failedTrainingGroup: ModelGroup = {
  name: 'failed training',
  rule: 'a training that fails leaves the component without a model; it can be trained again. No vector at all is EMPTY_BUILD',
  applies: trainable,
  cases: {
    'nothing to learn from': async (t) => {
      const component = await t.make()
      const nothing: Record<string, () => Source<VectorBatch>> = {
        'an empty list': () => [],
        'an empty stream': () => (async function* () {})(),
        'batches without rows': () => [{ data: new Float32Array(0), count: 0, dimensions: t.dimensions }],
      }
      for (const [what, source] of Object.entries(nothing)) await rejects(() => t.teach(component, source()), 'EMPTY_BUILD', `training on ${what}`)
      await startsAgain(t, component, 'a training on nothing')
    },
    'a source that throws': async (t) => {
      const component = await t.make()
      const broken = new Error('the source broke')
      let finished = false
      const source = async function* (): AsyncGenerator<VectorBatch> {
        try {
          yield t.vectors(t.rows)
          throw broken
        } finally {
          finished = true
        }
      }
      const error = await rejects(() => t.teach(component, source()), 'SOURCE_FAILED', 'training on a source that throws')
      same(error.cause, broken, 'cause of the error')
      ok(finished, 'the finally of the source has run')
      await startsAgain(t, component, 'a training whose source threw')
    },
    'a source that is none': async (t) => {
      const component = await t.make()
      const batch = t.vectors(t.rows) as unknown as Source<VectorBatch>
      await rejects(() => t.teach(component, batch), 'INVALID_ARGUMENT', 'training on a batch in place of a source')
      await startsAgain(t, component, 'a training without a source')
    },
  },
}
