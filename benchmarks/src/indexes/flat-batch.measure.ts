// Flat, 1000 queries in one call, beside faiss's Flat and the machine's peak of multiply-adds.

import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atLeast, atMost, type Row } from '../row.ts'
import { DIMENSIONS, mnist, ROWS } from './mnist.ts'
import { faissFile, faissPeer, ours, probe } from './peers.ts'

const K = 10
const QUERIES = 1000
const OPERATIONS = 2 * QUERIES * ROWS * DIMENSIONS
const SELF = 1000
/** Millions of steps of the probe: some 100 ms. */
const PROBE_STEPS = 60

export async function measure(): Promise<Row[]> {
  const files = await mnist()
  const file = await faissFile(files, 'Flat')
  const machine = await probe()
  const rows: Row[] = []
  for (const { threads, target, settings } of [
    { threads: 1, target: 1.35, settings: [[1, 1]] },
    {
      threads: 2,
      target: 1.1,
      settings: [
        [2, 1],
        [1, 2],
        [2, 2],
      ],
    },
  ] as const) {
    const host = ours(threads)
    await host.ask('base', files.base, DIMENSIONS)
    await host.ask('queries', files.queries, DIMENSIONS)
    await host.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean' }))
    await host.ask('build', ROWS)
    const peers = settings.map(([openMp, openBlas]) => faissPeer(openMp, openBlas))
    for (const peer of peers) {
      await peer.ask('load', file)
      await peer.ask('queries', files.queries, DIMENSIONS)
    }
    const probed: number[] = []
    const sides = {
      ours: () => host.time('batch', '', 0, QUERIES, K),
      machine: async () => {
        const { ms, gflops } = await machine.ask('fma', threads, PROBE_STEPS)
        probed.push(Number(gflops))
        return Number(ms)
      },
      ...Object.fromEntries(peers.map((peer, i) => [`faiss${i}`, () => peer.time('batch', 0, 0, QUERIES, K)])),
    }
    const times: Record<string, Awaited<ReturnType<typeof alternate<string>>>[string]> = await alternate<string>(sides)
    const faiss = peers.map((peer, i) => ({ name: peer.name, time: times[`faiss${i}`]! })).sort((a, b) => a.time.best - b.time.best)
    const best = faiss[0]!
    const own = times['ours']!
    const peak = Math.max(...probed)
    const rate = (ms: number): string => Math.round((1000 * QUERIES) / ms).toString()
    const how = `MNIST 60k × 784, ${QUERIES} queries in one call, ${threads} thread(s), best of 5; queries a second: ours ${rate(own.best)}, ${faiss.map(({ name, time }) => `${name} ${rate(time.best)}`).join(', ')}`
    rows.push(
      atLeast(`flat.batch.${threads}-thread.over-faiss`, ratio(best.time, own), target, '× faster', `${how}; ${medianRatio(best.time, own)}`),
      atLeast(
        `flat.batch.${threads}-thread.share-of-fma-peak`,
        OPERATIONS / own.best / 1e6 / peak,
        0.75,
        '',
        `2 × queries × rows × dimensions over the time, against ${peak.toFixed(0)} GFLOP/s of 256-bit multiply-adds measured in the same loop with as many threads`,
      ),
    )
    if (threads === 2) {
      const { worst } = await host.ask('self', SELF)
      rows.push(atMost('flat.batch.distance-to-itself', Number(worst), 0, '', `the largest, of ${SELF} stored vectors as queries of one batch`))
    }
    await Promise.all([host, ...peers].map((peer) => peer.stop()))
  }
  await machine.stop()
  return rows
}
