// Rows that are proven by tests: runs test files, and counts.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The root of the workspace. */
export const ROOT: string = resolve(import.meta.dirname, '../..')

/** What became of the tests of some files. */
export interface TestRun {
  readonly passed: number
  readonly failed: number
  readonly tests: readonly { readonly title: string; readonly status: string; readonly meta?: Readonly<Record<string, unknown>> }[]
}

/** Runs the tests of these files (paths from the root). `config`: of vitest, where it is not the usual one. */
export async function runTests(files: readonly string[], config = 'vitest.config.ts'): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-bench-'))
  const report = join(folder, 'report.json')
  try {
    await new Promise<void>((done) => {
      const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
      const options = ['run', '--config', config, '--typecheck.enabled=false', '--reporter=json', `--outputFile=${report}`]
      const child = spawn(process.execPath, [vitest, ...options, ...files], { cwd: ROOT, stdio: 'ignore' })
      child.on('close', () => done())
    })
    const { numPassedTests, numTotalTests, testResults } = JSON.parse(await readFile(report, 'utf8')) as Report
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests, tests: testResults.flatMap((file) => file.assertionResults) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What vitest writes, as far as it is read here. */
interface Report {
  readonly numPassedTests: number
  readonly numTotalTests: number
  readonly testResults: readonly { readonly assertionResults: TestRun['tests'] }[]
}
