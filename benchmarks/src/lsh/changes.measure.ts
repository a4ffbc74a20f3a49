// 1000 updates, and 1000 removals, in an LSH index of 60 000.

import { itq, linearHashIndex, lshIndex, multiIndexHashing } from '@cbir/lsh'
import { atMost, type Row, shown } from '../row.ts'
import { clustered } from './clusters.ts'
import { items } from './float-rows.ts'

const COUNT = 1000
const ROUNDS = 7

export async function measure(): Promise<Row[]> {
  const { name, base, queries } = await clustered()
  const rows: Row[] = []
  const data = queries.data.subarray(0, COUNT * queries.dimensions)
  const vectors = { data, count: COUNT, dimensions: queries.dimensions }
  const fresh = { uids: Array.from({ length: COUNT }, (_, i) => `new ${i}`), vectors }
  const known = { uids: Array.from({ length: COUNT }, (_, i) => String(i * 59)), vectors }
  for (const [kind, make] of Object.entries({ linear: linearHashIndex, 'multi-index': multiIndexHashing })) {
    const index = await lshIndex({ functor: await itq({ bits: 64 }), hashIndex: await make() })
    await index.build(items(base))
    const best = { added: Number.POSITIVE_INFINITY, moved: Number.POSITIVE_INFINITY, removed: Number.POSITIVE_INFINITY }
    const timed = async (what: keyof typeof best, work: () => Promise<unknown>): Promise<void> => {
      const began = performance.now()
      await work()
      best[what] = Math.min(best[what], performance.now() - began)
    }
    for (let round = 0; round < ROUNDS; round++) {
      await timed('added', () => index.update([fresh]))
      await timed('moved', () => index.update([known]))
      await timed('removed', () => index.remove(fresh.uids))
    }
    await index.dispose()
    const how = `${name}, ITQ 64 bits, ${kind} hash index, own stores, one batch of ${COUNT}, best of ${ROUNDS}`
    if (kind === 'linear') {
      rows.push(atMost('lsh.changes.added', best.added, 20, 'ms', `${how}; new uids`))
      rows.push(atMost('lsh.changes.moved', best.moved, 20, 'ms', `${how}; uids that have a vector`))
      rows.push(atMost('lsh.changes.removed', best.removed, 20, 'ms', how))
    } else {
      for (const [what, ms] of Object.entries(best)) rows.push(shown(`lsh.changes.${kind}.${what}`, ms, 'ms', how))
    }
  }
  return rows
}
