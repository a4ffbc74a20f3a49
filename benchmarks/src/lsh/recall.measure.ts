// Recall of the ten nearest by functor, bits and candidates, on clusters and on MNIST.

import type { VectorBatch } from '@cbir/core'
import { lshIndex } from '@cbir/lsh'
import { mnist } from '../indexes/mnist.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { clustered } from './clusters.ts'
import { firstRows, items, readRows } from './float-rows.ts'
import { FUNCTORS } from './functors.ts'
import { exactReach, recallOf } from './recall.ts'

const K = 10
const QUERIES = 2000
const BITS = [64, 128, 256]
const CANDIDATES = [10, 100, 300, 1000]

interface Set {
  readonly id: string
  readonly name: string
  readonly base: VectorBatch
  readonly queries: VectorBatch
}

async function sets(): Promise<Set[]> {
  const clusters = await clustered()
  const files = await mnist()
  return [
    { id: 'clusters', ...clusters },
    {
      id: 'mnist',
      name: 'MNIST 60k × 784',
      base: readRows(files.base, 784),
      queries: firstRows(readRows(files.queries, 784), QUERIES),
    },
  ]
}

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { id, name, base, queries } of await sets()) {
    const reach = await exactReach(base, queries, K)
    for (const [functor, make] of Object.entries(FUNCTORS)) {
      for (const bits of BITS) {
        if (functor === 'itq' && bits > base.dimensions) continue
        const index = await lshIndex({ functor: await make(bits), candidates: K })
        await index.build(items(base))
        const found: number[] = []
        for (const candidates of CANDIDATES) found.push(await recallOf(index, queries, reach, K, { candidates }))
        await index.dispose()
        const how = `${name}, euclidean, ${QUERIES} queries, linear hash index; candidates ${CANDIDATES.join(', ')}`
        const table = found.map((share) => share.toFixed(3)).join('  ')
        rows.push(shown(`lsh.recall.${id}.${functor}.${bits}`, table, 'recall@10', how))
        if (id !== 'clusters' || functor !== 'itq' || bits !== 64) continue
        rows.push(atLeast('lsh.recall.clusters.itq.64.1000', found.at(-1)!, 0.98, 'recall@10', `${name}, 64 bits, 1000 candidates`))
        const few = found[0]!
        rows.push({
          id: 'lsh.recall.clusters.itq.64.10',
          value: few,
          unit: 'recall@10',
          target: '.2 … .4',
          ok: few >= 0.2 && few <= 0.4,
          how: `${name}, 64 bits, 10 candidates: how hard the set was made`,
        })
      }
    }
  }
  return rows
}
