// The sides of the comparisons of hash indexes.

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { compiled, sourcesIn } from '../compile.ts'
import { Peer } from '../peer.ts'

/** Our hash indexes in a process of its own, with at most so many threads. */
export function hashIndexHost(threads?: number): Peer {
  const limit: Record<string, string> = threads === undefined ? {} : { CBIR_THREADS: String(threads) }
  return new Peer('our hash indexes', process.execPath, ['--expose-gc', join(import.meta.dirname, 'hash-index-host.js')], limit)
}

/** The linear scan without Node: its sources, compiled as its addon is. */
export async function popcountScan(): Promise<Peer> {
  const require = createRequire(import.meta.url)
  const [lsh, kit] = ['@cbir/lsh', '@cbir/native-kit'].map((name) => join(dirname(require.resolve(`${name}/package.json`)), 'native'))
  const hashIndex = ['code_rows', 'linear_scan', 'linear_search'].map((name) => join(lsh!, 'hash-index', `${name}.cc`))
  const sources = [...hashIndex, ...sourcesIn(join(lsh!, 'hamming'), /\.cc$/), join(kit!, 'src', 'cpu.cc')]
  const flags = ['-O3', '-ffp-contract=off', `-I${lsh}`, `-I${join(kit!, 'include')}`]
  return new Peer('the linear scan', await compiled('popcount_scan.cc', { flags, sources }))
}
