// One query through the LSH index, awaited, beside NumPy's brute force in the same run.

import { itq, linearHashIndex, lshIndex, multiIndexHashing } from '@cbir/lsh'
import { alternate, medianRatio, ratio } from '../alternate.ts'
import { pythonPeer } from '../python-peer.ts'
import { atMost, type Row, shown } from '../row.ts'
import { clustered, DIMENSIONS } from './clusters.ts'
import { items, oneRow } from './float-rows.ts'
import { exactReach, recallOf } from './recall.ts'

const K = 10
const BITS = 64
const CANDIDATES = 1000
const QUERIES = 20
const BLOCKS = 20
/** CPU-milliseconds of SMQTK's LSH index for a query that looks at 1000 codes, as it was measured once; it is not run here. */
const SMQTK_MS = 120

export async function measure(): Promise<Row[]> {
  const { name, files, base, queries } = await clustered()
  const reach = await exactReach(base, queries, K)
  const numpy = pythonPeer('NumPy', 'brute_force_peer.py')
  const rows: Row[] = []
  try {
    const { numpy: version } = await numpy.ask('version')
    await numpy.ask('base', files.base, DIMENSIONS)
    await numpy.ask('queries', files.queries, DIMENSIONS)
    for (const [kind, make] of Object.entries({ linear: linearHashIndex, 'multi-index': multiIndexHashing })) {
      const index = await lshIndex({ functor: await itq({ bits: BITS }), hashIndex: await make(), candidates: CANDIDATES })
      await index.build(items(base))
      const times = await alternate(
        {
          ours: async (block) => {
            const began = performance.now()
            for (let i = 0; i < QUERIES; i++) await index.nearest(oneRow(queries, block * QUERIES + i), K)
            return performance.now() - began
          },
          numpy: (block) => numpy.time('one', block * QUERIES, QUERIES, K),
        },
        { blocks: BLOCKS, rounds: 7 },
      )
      const found = await recallOf(index, queries, reach, K, { candidates: CANDIDATES })
      const each = times.ours.best / (QUERIES * BLOCKS)
      const theirs = times.numpy.best / (QUERIES * BLOCKS)
      const how =
        `${name}, euclidean, ITQ ${BITS} bits, ${kind} hash index, ${CANDIDATES} candidates re-ranked, k ${K}, recall ${found.toFixed(3)}; ` +
        `${(1000 * each).toFixed(0)} µs a query awaited, NumPy ${version} (one thread, norms made before) ${(1000 * theirs).toFixed(0)} µs; ` +
        `${QUERIES * BLOCKS} queries in ${BLOCKS} turns, each the best of 7; ${medianRatio(times.ours, times.numpy)}`
      if (kind === 'linear') {
        rows.push(atMost('lsh.query.64.1000', ratio(times.ours, times.numpy), 0.25, "of NumPy's time", how))
        rows.push(shown('lsh.query.64.1000.microseconds', 1000 * each, 'µs', how))
        rows.push(
          shown(
            'lsh.query.64.1000.smqtk',
            SMQTK_MS / each,
            '× SMQTK',
            `against ${SMQTK_MS} CPU-ms that SMQTK was once measured to take; not run here`,
          ),
        )
      } else {
        rows.push(shown(`lsh.query.64.1000.${kind}`, ratio(times.ours, times.numpy), "of NumPy's time", how))
      }
      await index.dispose()
    }
  } finally {
    await numpy.stop()
  }
  return rows
}
