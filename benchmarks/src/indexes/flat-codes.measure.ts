// Flat with int8 codes and a certificate, on rotated data, beside our own float scan.

import { alternate, medianRatio, ratio } from '../alternate.ts'
import { atLeast, type Row, shown } from '../row.ts'
import { foundIds } from './found-ids.ts'
import { DIMENSIONS, ROWS, rotatedMnist } from './mnist.ts'
import { ours } from './peers.ts'

const K = 10
const QUERIES = 5
const BLOCKS = 20
const COMPARED = 1000

export async function measure(): Promise<Row[]> {
  const files = await rotatedMnist()
  const rows: Row[] = []
  for (const threads of [1, undefined]) {
    const hosts = { float32: ours(threads), float16: ours(threads), int8: ours(threads) }
    for (const [storage, host] of Object.entries(hosts)) {
      await host.ask('base', files.base, DIMENSIONS)
      await host.ask('queries', files.queries, DIMENSIONS)
      await host.ask('create', 'flat-index', JSON.stringify({ metric: 'euclidean', ...(storage === 'float32' ? {} : { storage }) }))
      await host.ask('build', ROWS)
    }
    const one = (storage: keyof typeof hosts) => (block: number) => hosts[storage].time('one', '', block * QUERIES, QUERIES, K)
    const times = await alternate({ float32: one('float32'), float16: one('float16'), int8: one('int8') }, { blocks: BLOCKS })
    const queries = QUERIES * BLOCKS
    const name = threads === undefined ? 'all-cores' : `${threads}-thread`
    const each = (ms: number): string => (ms / queries).toFixed(2)
    const how = `MNIST 60k × 784 rotated, one query awaited, ${name}, ${queries} in ${BLOCKS} turns, each the best of 5; ms a query: float32 ${each(times.float32.best)}, float16 ${each(times.float16.best)}, int8 ${each(times.int8.best)}`
    rows.push(
      atLeast(`flat.int8.${name}`, ratio(times.float32, times.int8), 2.8, '× the float scan', `${how}; ${medianRatio(times.float32, times.int8)}`),
      shown(`flat.float16.${name}`, ratio(times.float32, times.float16), '× the float scan', how),
    )
    if (threads === undefined) {
      const find = (storage: keyof typeof hosts): Promise<Int32Array> =>
        foundIds((output) => hosts[storage].ask('find', '', 0, COMPARED, K, output, ''))
      const [exact, half, byte] = [await find('float32'), await find('float16'), await find('int8')]
      const of = `the top 10 of ${COMPARED} queries, in order, as the float scan gives them`
      rows.push(atLeast('flat.int8.identical', 100 * identical(exact, byte), 100, '%', of))
      rows.push(atLeast('flat.float16.identical', 100 * identical(exact, half), 100, '%', of))
    }
    await Promise.all(Object.values(hosts).map((host) => host.stop()))
  }
  return rows
}

function identical(a: Int32Array, b: Int32Array): number {
  let same = 0
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) same++
  return same / a.length
}
