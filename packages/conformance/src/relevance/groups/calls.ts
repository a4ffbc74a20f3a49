// Groups about calls: abort, dispose, many at once, turns of the event loop, and buffers.

import type { VectorBatch } from '@cbir/core'
import { rejects, same } from '../../framework/check.ts'
import { givesTurns } from '../../framework/gives-turns.ts'
import { type RelevanceGroup, sameScores } from '../relevance-case.ts'

export const abortGroup: RelevanceGroup = {
  name: 'abort',
  rule: 'ABORTED, with cause = signal.reason',
  cases: {
    'a ranking with a signal that was aborted before': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      for (const [name, call] of Object.entries(t.questions(component, pool, t.vectors(2), { signal }))) {
        same((await rejects(call, 'ABORTED', `${name} with an aborted signal`)).cause, reason, `cause of the error of ${name}`)
      }
    },
  },
}

export const disposeGroup: RelevanceGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new rankings are refused': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      await component.dispose()
      for (const [name, call] of Object.entries(t.questions(component, pool, t.vectors(2)))) await rejects(call, 'DISPOSED', `${name} after dispose`)
    },
    'a second dispose does nothing': async (t) => {
      const component = await t.ready(t.items())
      await Promise.all([component.dispose(), component.dispose()])
      await component.dispose()
    },
    'rankings in flight are finished': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const positive = t.vectors(2)
      const flying = Array.from({ length: 20 }, () => t.score(component, pool, positive))
      const disposed = component.dispose()
      for (const scores of await Promise.all(flying)) same(scores.length, t.rows, 'scores of a ranking that was in flight')
      await disposed
    },
  },
}

export const concurrencyGroup: RelevanceGroup = {
  name: 'concurrency',
  rule: 'any number of rankings at once, each by its own examples',
  cases: {
    'many rankings at once': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const asked = Array.from({ length: 20 }, () => [t.vectors(2), t.vectors(2)] as const)
      const one: Float32Array[] = []
      for (const [positive, negative] of asked) one.push((await t.score(component, pool, positive, negative)).slice())
      const together = await Promise.all(asked.map(([positive, negative]) => t.score(component, pool, positive, negative)))
      for (const [i, scores] of together.entries()) sameScores(scores, one[i]!, `scores of ranking ${i} of 20 at once`)
    },
  },
}

const MANY = 20_000

export const eventLoopGroup: RelevanceGroup = {
  name: 'event loop',
  rule: 'no slice above 10 ms; here: none above 100 ms of processor time, so that a garbage collection does not fail the test',
  cases: {
    [`a ranking of ${MANY} vectors gives turns`]: async (t) => {
      const pool = t.items(MANY)
      const component = await t.ready(pool)
      const [positive, negative] = [t.vectors(5), t.vectors(5)]
      await givesTurns('the ranking', () => t.score(component, pool, positive, negative))
    },
  },
}

export const buffersGroup: RelevanceGroup = {
  name: 'buffers',
  rule: 'the caller may change, transfer or shrink a buffer as soon as the call has returned its promise; answers belong to the caller',
  cases: {
    'examples changed or transferred right after the call': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const [positive, negative] = [t.vectors(2), t.vectors(2)]
      const wanted = (await t.score(component, pool, positive, negative)).slice()
      const copyOf = (batch: VectorBatch): VectorBatch => ({ ...batch, data: batch.data.slice() })
      const [changed, moved] = [copyOf(positive), copyOf(negative)]
      const answer = t.score(component, pool, changed, moved)
      changed.data.fill(7)
      structuredClone(moved.data.buffer, { transfer: [moved.data.buffer as ArrayBuffer] })
      sameScores(await answer, wanted, 'scores by examples that were changed after the call')
    },
    'scores belong to the caller': async (t) => {
      const pool = t.items()
      const component = await t.ready(pool)
      const positive = t.vectors(2)
      const first = await t.score(component, pool, positive)
      const kept = first.slice()
      const second = await t.score(component, pool, t.vectors(3))
      sameScores(first, kept, 'scores after another ranking')
      second.fill(0)
      sameScores(await t.score(component, pool, positive), kept, 'scores after another answer was changed')
    },
  },
}
