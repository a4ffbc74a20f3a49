// The plan of a query: how many vectors it looks at, how many codes it asks the hash index for, or whether it goes another way.

import type { RowSearchOptions } from '@cbir/core/define'
import type { Calibration } from './calibration.ts'
import type { LshIndexConfig } from './lsh-config.ts'

/** Candidates at least, also where the wanted recall needs fewer: a few neighbours more cost next to nothing. */
const LEAST_CANDIDATES = 64
/** More codes than this share of all are not asked of a hash index: passing over the codes by row is cheaper then. */
const MOST_CODES = 1 / 8
/** Where a filter leaves few rows, codes are asked for so many times more than their share says, as the share differs from place to place. */
const SPREAD = 1.5

export interface SearchPlan {
  /** `scan`: all allowed vectors are compared. `codes`: the candidates are the closest of all allowed codes. `hash index`: those that it gives. */
  readonly way: 'scan' | 'codes' | 'hash index'
  readonly candidates: number
  /** Codes to ask the hash index for. */
  readonly codes: number
}

/** What a plan depends on. */
export interface PlannedRows {
  /** Rows with a vector. */
  readonly rows: number
  /** Different codes. */
  readonly codes: number
  readonly calibration: Calibration | undefined
}

export function planSearch(
  { rows, codes, calibration }: PlannedRows,
  k: number,
  config: Pick<LshIndexConfig, 'candidates' | 'recall' | 'probes'>,
  { allow, tuning, attempt }: RowSearchOptions,
): SearchPlan {
  const allowed = Math.min(rows, allow?.count ?? rows)
  const given = tuning['candidates'] ?? (tuning['recall'] === undefined ? config.candidates : undefined)
  const measured = (): number => calibration?.candidates(k, tuning['recall'] ?? config.recall, allowed) ?? Number.POSITIVE_INFINITY
  const wanted = Math.max(k, given ?? Math.max(LEAST_CANDIDATES, measured()))
  const probes = tuning['probes'] ?? config.probes
  if (attempt > 1 || (wanted >= allowed && probes === 0)) return { way: 'scan', candidates: allowed, codes: 0 }
  const candidates = Math.min(wanted, allowed)
  // What the hash index gave was too little: a filter, or few probes.
  if (attempt === 1) return { way: 'codes', candidates, codes: 0 }
  if (probes > 0) return { way: 'hash index', candidates, codes: Math.min(probes, codes) }
  const share = allowed / rows
  const asked = share < 1 ? (candidates / share) * SPREAD : candidates
  if (share < 1 && asked > codes * MOST_CODES) return { way: 'codes', candidates, codes: 0 }
  return { way: 'hash index', candidates, codes: Math.min(Math.ceil(asked), codes) }
}
