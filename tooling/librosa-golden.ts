// The golden set of librosa: its entries, signals and values, and how near an answer must come.

import { readFileSync } from 'node:fs'
import { testData } from './test-data.ts'

export interface GoldenEntry {
  readonly signal: string
  readonly name: string
  /** librosa's function. */
  readonly fn: string
  readonly params: Readonly<Record<string, unknown>>
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'complex64'
  readonly file: string
  readonly f64_maxdiff: number | null
  readonly ref_maxabs: number
  /** The columns of the whole answer that were kept; absent where all were. */
  readonly frames?: readonly number[]
  readonly tempo?: number
  readonly estimate_tuning?: number
}

interface Index {
  readonly signals: Readonly<Record<string, { readonly sr: number; readonly file: string }>>
  readonly entries: readonly GoldenEntry[]
}

export function readFloats(...path: string[]): Float32Array {
  const bytes = readFileSync(testData('golden', 'librosa', ...path))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

export function readGoldenSet(): Index {
  return JSON.parse(readFileSync(testData('golden', 'librosa', 'index.json'), 'utf8'))
}

/** How far an answer may be off: four times what the precision of librosa's input decides, or 1e-5 of its largest value (1e-6 where that is 0). */
export function toleranceOf({ f64_maxdiff, ref_maxabs }: GoldenEntry): number {
  const relative = ref_maxabs === 0 ? 1e-6 : 1e-5 * ref_maxabs
  return Math.max(4 * (f64_maxdiff ?? 0), relative)
}
