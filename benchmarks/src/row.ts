// One figure of a benchmark.

export interface Row {
  readonly id: string
  readonly value: number | string | boolean | null
  readonly unit: string
  /** What it must be at least or at most, in words; empty where it is only printed. */
  readonly target: string
  /** Whether the target is reached; absent where there is none. */
  readonly ok?: boolean
  /** How it was measured: data, configuration, versions of peers. */
  readonly how: string
}

/** What a file `<name>.measure.ts` exports. */
export type Measure = () => Promise<Row[]>

export function atLeast(id: string, value: number, target: number, unit: string, how: string): Row {
  return { id, value, unit, target: `≥ ${target}`, ok: value >= target, how }
}

export function atMost(id: string, value: number, target: number, unit: string, how: string): Row {
  return { id, value, unit, target: `≤ ${Number(target.toPrecision(5))}`, ok: value <= target, how }
}

export function shown(id: string, value: number | string, unit: string, how: string): Row {
  return { id, value, unit, target: '', how }
}
