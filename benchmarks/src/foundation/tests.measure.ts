// Rows that are proven by tests: crashes at every operation, a stranger's adapter, mutants. Runs them and counts.

import type { Row } from '../row.ts'
import { runTests } from '../vitest.ts'

const TESTS: readonly (readonly [string, readonly string[], string])[] = [
  [
    'crash.every-operation',
    ['packages/core/test/node/container-crash.test.ts', 'packages/core/test/node/file-descriptor-set-crash.test.ts'],
    'tests that open the simulated disk after every prefix of the recorded operations, with what was not yet fsynced dropped, kept and torn',
  ],
  [
    'stranger.adapter',
    ['tooling/test/stranger.test.ts'],
    "tests with a stranger's plugin of each kind, installed from tarballs by npm and by pnpm, found three ways, proven by conformance",
  ],
  [
    'conformance.mutants',
    ['packages/conformance/test/mutants'],
    'tests of deliberately wrong implementations, each of which must fail exactly its group',
  ],
]

export async function measure(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [id, files, how] of TESTS) {
    const { passed, failed } = await runTests(files)
    rows.push({ id, value: `${passed} passed, ${failed} failed`, unit: '', target: 'all pass', ok: failed === 0 && passed > 0, how })
  }
  return rows
}
