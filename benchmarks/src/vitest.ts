// Rows that are proven by tests: runs test files, and counts.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The root of the workspace. */
export const ROOT: string = resolve(import.meta.dirname, '../..')

/** Runs the tests of these files (paths from the root). `config`: of vitest, where it is not the usual one. */
export async function runTests(files: readonly string[], config = 'vitest.config.ts'): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'cbir-bench-'))
  const report = join(folder, 'report.json')
  try {
    await new Promise<void>((done) => {
      const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
      const options = ['run', '--config', config, '--typecheck.enabled=false', '--reporter=json', `--outputFile=${report}`]
      const child = spawn(process.execPath, [vitest, ...options, ...files], { cwd: ROOT, stdio: 'ignore' })
      child.on('close', () => done())
    })
    const { numPassedTests, numTotalTests } = JSON.parse(await readFile(report, 'utf8')) as { numPassedTests: number; numTotalTests: number }
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests }
  } finally {
    await rm(folder, { recursive: true })
  }
}
