// librosa's own numbers, where the shared data is there.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { testData } from '../../../../tooling/test-data.ts'

export interface GoldenEntry {
  readonly signal: string
  readonly name: string
  readonly fn: string
  readonly params: Readonly<Record<string, unknown>>
  readonly shape: readonly number[]
  readonly file: string
  readonly f64_maxdiff: number | null
  readonly ref_maxabs: number
  /** Of a long answer, the frames that are in the file. */
  readonly frames?: readonly number[]
}

const folder = (...segments: string[]): string => testData('golden', 'librosa', ...segments)

export function floatsOf(file: string): Float32Array {
  const bytes = readFileSync(folder(file))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

export function goldenEntries(fn: string): GoldenEntry[] {
  const index = JSON.parse(readFileSync(folder('index.json'), 'utf8')) as { entries: GoldenEntry[] }
  return index.entries.filter((entry) => entry.fn === fn)
}

export const goldenSignal = (name: string): Float32Array => floatsOf(`${name}/signal.f32`)

/** What an answer may differ by: four times what librosa itself differs by in double, and at least 1e-5 of its largest value. */
export function expectGolden(entry: GoldenEntry, at: (i: number) => number): void {
  const expected = floatsOf(entry.file)
  const tolerance = Math.max(4 * (entry.f64_maxdiff ?? 0), entry.ref_maxabs === 0 ? 1e-6 : 1e-5 * entry.ref_maxabs)
  let worst = 0
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(at(i) - expected[i]!))
  expect(worst).toBeLessThanOrEqual(tolerance)
}
