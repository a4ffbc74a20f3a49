// Group `buffers`: what is passed in may be changed or transferred as soon as the call has given its promise.

import type { VectorBatch } from '@cbir/core'
import { type ModelGroup, sameAnswers } from '../model-case.ts'

const copyOf = (batch: VectorBatch): VectorBatch => ({ ...batch, data: batch.data.slice() })

/** Gives `batches` through one buffer that is filled anew for every batch. */
function* reusing(batches: readonly VectorBatch[]): Generator<VectorBatch> {
  const data = new Float32Array(Math.max(...batches.map((batch) => batch.data.length)))
  for (const batch of batches) {
    data.set(batch.data)
    yield { ...batch, data: data.subarray(0, batch.data.length) }
    data.fill(3)
  }
}

export const buffersGroup: ModelGroup = {
  name: 'buffers',
  rule: 'the caller may change, transfer or shrink a buffer as soon as the call has returned its promise; a source may reuse its buffer for its next batch',
  cases: {
    'vectors changed right after the question': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(3)
      const wanted = (await t.ask(component, vectors)).slice()
      const passed = copyOf(vectors)
      const answer = t.ask(component, passed)
      passed.data.fill(7)
      sameAnswers(await answer, wanted, 'the answer for vectors that were changed after the call')
    },
    'vectors transferred right after the question': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(3)
      const wanted = (await t.ask(component, vectors)).slice()
      const passed = copyOf(vectors)
      const answer = t.ask(component, passed)
      structuredClone(passed.data.buffer, { transfer: [passed.data.buffer as ArrayBuffer] })
      sameAnswers(await answer, wanted, 'the answer for vectors that were transferred after the call')
    },
    'training vectors changed right after the call': async (t) => {
      if (!t.trains) return
      const component = await t.make()
      const passed = copyOf(t.examplesOfTheCase())
      const taught = t.teach(component, [passed])
      passed.data.fill(7)
      await taught
      await t.agree(component, await t.trained(), 'what was learnt from vectors that were changed after the call')
    },
    'a source that reuses its buffer': async (t) => {
      if (!t.trains) return
      const batches = [t.vectors(t.rows), t.vectors(t.rows - 3)]
      const [one, other] = [await t.make(), await t.make()]
      await t.teach(one, batches)
      await t.teach(other, reusing(batches))
      await t.agree(other, one, 'what was learnt from a source that reuses its buffer')
    },
    'answers belong to the caller': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(4)
      const first = await t.ask(component, vectors)
      const kept = first.slice()
      const second = await t.ask(component, t.vectors(4))
      sameAnswers(first, kept, 'an answer after another question')
      second.fill(0)
      sameAnswers(await t.ask(component, vectors), kept, 'the answer after another one was changed')
    },
  },
}
