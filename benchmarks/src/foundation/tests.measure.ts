// Rows that are proven by tests: crashes at every operation, a stranger's adapter, mutants. Runs them and counts.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Row } from '../row.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

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

async function runTests(files: readonly string[]): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-bench-'))
  const report = join(folder, 'report.json')
  try {
    await new Promise<void>((done) => {
      const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
      const child = spawn(process.execPath, [vitest, 'run', '--typecheck.enabled=false', '--reporter=json', `--outputFile=${report}`, ...files], {
        cwd: ROOT,
        stdio: 'ignore',
      })
      child.on('close', () => done())
    })
    const { numPassedTests, numTotalTests } = JSON.parse(await readFile(report, 'utf8')) as { numPassedTests: number; numTotalTests: number }
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests }
  } finally {
    await rm(folder, { recursive: true })
  }
}
