// The plan of a search: along the graph, or through all allowed rows; and how much work it is.

import type { RowSearchOptions } from '@cbir/core/define'

/**
 * Nodes that a search along the graph compares: `65 · ef^0.7 · share^-0.75`, where `share` of the rows is allowed, as it walks past the others too.
 * Fitted over 60 000 × 784, M 16: 330, 860 and 2270 at ef 10, 40 and 160 with all rows allowed; 3 to 7 times as many with a tenth, 14 to 50 times
 * with a hundredth.
 */
const COMPARED = 65
const WITH_EF = 0.7
const WITH_SHARE = -0.75
/** Time to scan a row, in that to compare a node: in double precision, so that the scan is exact, but in the order of memory. */
const SCANNED_ROW = 1.3
/** Time to compare a node by its codes, in that by its vector. */
const CODED_NODE = 0.4

/** Keeping the candidates sorted takes this times ef², in times to compare a node: nothing, until thousands are kept. */
const BEAM = 1 / 1500

export interface SearchPlan {
  /** Candidates to keep. */
  readonly ef: number
  /** Whether each allowed row is compared, and no link followed: exact. */
  readonly scan: boolean
  /** Work of one query: the time of about so many numbers, compared along the graph. */
  readonly numbers: number
}

export interface SearchedRows {
  readonly rows: number
  readonly dimensions: number
}

/** How to find `k` neighbours. What came out too short is scanned for. */
export function planSearch({ rows, dimensions }: SearchedRows, k: number, efSearch: number, codes: boolean, options: RowSearchOptions): SearchPlan {
  const ef = Math.max(k, options.tuning['efSearch'] ?? efSearch)
  const allowed = options.allow?.count ?? rows
  const nodes = Math.min(rows, COMPARED * ef ** WITH_EF * (allowed / rows) ** WITH_SHARE)
  const compared = nodes * (codes ? CODED_NODE : 1) + ef * ef * BEAM
  const scanned = allowed * SCANNED_ROW
  const scan = options.attempt > 0 || scanned <= compared
  return { ef, scan, numbers: (scan ? scanned : compared) * dimensions }
}
