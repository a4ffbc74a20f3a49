// The suite on the reference, and on rankers made with core's defineRankRelevancy: both must pass before they can judge others.

import { rankRelevancySuite, referenceRankRelevancy } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { type DefinedRankRelevancy, defineRankRelevancy } from '@cbir/core/define'
import { scoresByMeans } from './support/closest-example.ts'
import { onlyOptions } from './support/model-tools.ts'

const identity = { name: 'by-means', package: 'test', config: {} }

const asking = (): DefinedRankRelevancy =>
  defineRankRelevancy(identity, {
    rank: (examples, pool) => scoresByMeans(pool, examples),
    async rankWithFeedback(examples, pool) {
      const scores = await scoresByMeans(pool, examples)
      const rows = [...scores.keys()].sort((a, b) => Math.abs(scores[a]! - 0.5) - Math.abs(scores[b]! - 0.5))
      return { scores, rows: rows.slice(0, 10) }
    },
  })

const plain = (): DefinedRankRelevancy => defineRankRelevancy(identity, { rank: (examples, pool) => scoresByMeans(pool, examples) })

for (const [name, create] of Object.entries({ reference: referenceRankRelevancy, 'made with defineRankRelevancy': asking })) {
  for (const histograms of [false, true]) {
    rankRelevancySuite({
      runner,
      name: `ranker, ${name}${histograms ? ', histograms' : ''}`,
      create,
      capabilities: ['feedback'],
      histograms,
      fromConfig({ config }) {
        onlyOptions(config)
        return create()
      },
    })
  }
}

rankRelevancySuite({ runner, name: 'ranker without feedback', create: plain, capabilities: [] })
