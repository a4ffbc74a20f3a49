// The suite on the reference, and on an index made with core's defineRelevancyIndex: both must pass before they can judge others.

import { referenceRelevancyIndex, relevancyIndexSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { type RelevancyIndex, type VectorBatch, vectorBatch } from '@cbir/core'
import { defineRelevancyIndex } from '@cbir/core/define'
import { scoresByMeans } from './support/closest-example.ts'
import { onlyOptions } from './support/model-tools.ts'

function byMeans(): RelevancyIndex {
  return defineRelevancyIndex<{ readonly dimensions: number; batches: VectorBatch[] }>(
    { name: 'by-means', package: 'test', config: {} },
    {
      open: (dimensions) => ({ dimensions, batches: [] }),
      append: ({ batches }, batch) => void batches.push({ ...batch, data: batch.data.slice() }),
      finish(state) {
        const data = new Float32Array(state.batches.reduce((sum, batch) => sum + batch.data.length, 0))
        let at = 0
        for (const batch of state.batches) {
          data.set(batch.data, at)
          at += batch.data.length
        }
        state.batches = [vectorBatch(data, state.dimensions)]
      },
      rank: ({ batches }, examples) => scoresByMeans(batches[0]!, examples),
    },
  )
}

for (const [name, create] of Object.entries({ reference: referenceRelevancyIndex, 'made with defineRelevancyIndex': byMeans })) {
  for (const histograms of [false, true]) {
    relevancyIndexSuite({
      runner,
      name: `relevancy index, ${name}${histograms ? ', histograms' : ''}`,
      create,
      histograms,
      fromConfig({ config }) {
        onlyOptions(config)
        return create()
      },
    })
  }
}
