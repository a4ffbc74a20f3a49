// The plan of a search: along the graph, or through all allowed rows; and how much work it is.

import type { RowSearchOptions } from '@cbir/core/define'

/**
 * Nodes that a search along the graph compares for each of the `ef` it keeps, all rows allowed. Measured over 60 000 × 784, M 16: 30 at ef 10, 20 at
 * 40, 14 at 160. Where only a share of the rows is allowed, it walks past the others too: about as many times more as one row of all is allowed.
 */
const COMPARED_PER_EF = 20
/** A row that is scanned takes so much less time than a node that the search comes to: rows lie in order, nodes anywhere. */
const SCAN_ADVANTAGE = 0.7
/** Numbers of a vector that take as long as one number of a code. */
const CODE_NUMBERS = 0.25

export interface SearchPlan {
  /** Candidates to keep. */
  readonly ef: number
  /** Whether each allowed row is compared, and no link followed: exact. */
  readonly scan: boolean
  /** Work of one query: about so many numbers are compared. */
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
  const compared = Math.min(rows, (COMPARED_PER_EF * ef * rows) / allowed)
  const perNode = codes ? CODE_NUMBERS : 1
  if (options.attempt > 0 || allowed * SCAN_ADVANTAGE <= compared * perNode) return { ef, scan: true, numbers: allowed * dimensions }
  return { ef, scan: false, numbers: compared * dimensions * perNode }
}
