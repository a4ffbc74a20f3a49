// Multi-index hashing against the linear scan, exact ten nearest among 1M codes of 64 bits, by how far the tenth is.

import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { hashIndexHost } from './hash-index-peers.ts'

const CODES = 1_000_000
const K = 10
const QUERIES = 20
const ROUNDS = 11
const RADII = [1, 2, 4, 6, 8, 10, 11, 12, 13, 14]
/** The tenth within so many bits must be found so many times faster. */
const NEAR = 8
const TARGET = 2
const SIGMAS = [0.3, 0.5]

export async function measure(): Promise<Row[]> {
  const host = hashIndexHost(1)
  const rows: Row[] = []
  async function compare(name: string, from: number, data: string, target: boolean): Promise<void> {
    const times = await alternate(
      {
        linear: () => host.time('one', 'linear', from, QUERIES, K),
        multi: () => host.time('one', 'multi-index', from, QUERIES, K),
      },
      { rounds: ROUNDS },
    )
    const { farthest } = await host.ask('one', 'linear', from, QUERIES, K)
    const micros = (ms: number): string => ((1000 * ms) / QUERIES).toFixed(1)
    const how = `${data}; the tenth at ${farthest} bits (median); ${QUERIES} queries, one after the other, one thread, best of ${ROUNDS} turns: a query ${micros(times.multi.best)} µs, the linear scan ${micros(times.linear.best)} µs; ${medianRatio(times.linear, times.multi)}`
    const faster = ratio(times.linear, times.multi)
    rows.push(
      target ? atLeast(name, faster, TARGET, '× the scan', how) : shown(name, faster, '× the scan', `${how}${faster < 1 ? '; it loses' : ''}`),
    )
  }

  // Codes are unique, so the tenth cannot be nearer than 1.
  await host.ask('planted', CODES, QUERIES, K, ...RADII)
  for (const kind of ['linear', 'multi-index']) await host.ask('build', kind)
  for (const [i, radius] of RADII.entries()) {
    const target = radius <= NEAR
    await compare(
      `multi-index.planted-${radius}`,
      i * QUERIES,
      `1M random codes of 64 bits, ten of them planted within ${radius} bits of a query`,
      target,
    )
  }
  await host.ask('uniform', CODES, 64, QUERIES)
  for (const kind of ['linear', 'multi-index']) await host.ask('build', kind)
  await compare('multi-index.uniform', 0, '1M random codes of 64 bits, random queries', false)
  for (const sigma of SIGMAS) {
    await host.ask('clustered', CODES, sigma, QUERIES)
    for (const kind of ['linear', 'multi-index']) await host.ask('build', kind)
    await compare(
      `multi-index.clustered-${sigma}`,
      0,
      `1M signs of 64 projections of 600 gaussian clusters, σ ${sigma}, queries from the same`,
      false,
    )
  }
  await host.stop()
  return rows
}
