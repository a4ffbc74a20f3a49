// Where the tests' real data lie: the one place that knows.

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

const root = process.env['CBIR_TEST_DATA'] ?? resolve(import.meta.dirname, '../../shared/data')

/** Whether the data are there. Tests that need them are skipped without, and CI fails on such a skip. */
export const hasTestData = existsSync(resolve(root, 'README.md'))

if (!hasTestData) console.warn(`Tests on real data are skipped: ${root} does not exist (set CBIR_TEST_DATA).`)

/**
 * The path of a file of the test data.
 * @param {readonly string[]} segments
 */
export function testData(...segments) {
  return resolve(root, ...segments)
}
