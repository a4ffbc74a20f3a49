// LshRows: what an LSH index holds at one time.

import type { Calibration } from './calibration.ts'
import type { CodeRows } from './code-rows.ts'
import type { VectorRows } from './rerank-engine.ts'

/**
 * Where content is in its life.
 *
 * - `building`: it has vectors in memory, and nobody searches it.
 * - `shared`: the hash index holds its codes, and the stores, where there are any, its vectors and uids.
 * - `apart`: the hash index and the stores hold another content, or are about to; it has all in memory and answers by itself.
 */
export type Phase = 'building' | 'shared' | 'apart'

export interface LshRows {
  readonly dimensions: number
  phase: Phase
  /** Undefined: they are in the descriptor set. */
  vectors: VectorRows | undefined
  readonly codes: CodeRows
  /** The name of each row, kept where a store of somebody else's goes by names. Rows that were freed may keep an old one. */
  readonly uids: string[] | undefined
  calibration: Calibration | undefined
}
