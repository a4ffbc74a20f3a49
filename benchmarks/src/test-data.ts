// The test data, whose place run.mjs hands down.

import { join } from 'node:path'

/** The path of a file of the test data. */
export function testData(...segments: string[]): string {
  const root = process.env['CBIR_TEST_DATA']
  if (!root) throw new Error('CBIR_TEST_DATA is not set. Run the benchmarks with `npx pnpm bench`.')
  return join(root, ...segments)
}
