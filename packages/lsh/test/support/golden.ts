// SMQTK's golden data, and how many of its numbers ours agree with: tests demand all of them, the benchmark reads the counts from the report.

import { readFileSync } from 'node:fs'
import { expect, type TestContext } from 'vitest'
import { hasTestData, testData } from '../../../../tooling/test-data.ts'

/** The data, as far as a test reads them; nothing where they are not there. */
export function readGolden<T>(): T {
  return (hasTestData ? JSON.parse(readFileSync(testData('golden', 'smqtk', 'golden.json'), 'utf8')) : {}) as T
}

/** What the report says of some comparisons. */
export interface GoldenTally {
  readonly id: string
  readonly right: number
  readonly total: number
  /** What was compared. */
  readonly what: string
}

/** Every one of these comparisons must be right, and there must be some. The test goes on, so that all are counted. */
export function tally({ meta }: TestContext['task'], id: string, results: readonly boolean[], what: string): void {
  const right = results.filter(Boolean).length
  const known = (meta as { golden?: readonly GoldenTally[] }).golden ?? []
  Object.assign(meta, { golden: [...known, { id, right, total: results.length, what }] })
  expect.soft(results.length, `${id}: comparisons`).toBeGreaterThan(0)
  expect.soft(right, `${id}: ${what}`).toBe(results.length)
}

/** Whether two numbers agree to so many decimals. */
export function near(a: number, b: number, decimals: number): boolean {
  return Math.abs(a - b) < 10 ** -decimals / 2
}
