// Everything that must hold: `npm test`, then the checks. The last line is `N passed, N failed`; each test and each check counts.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as coreSize from './checks/core-size.mjs'
import * as errorDocs from './checks/error-docs.mjs'
import * as hygiene from './checks/hygiene.mjs'
import * as layers from './checks/layers.mjs'
import * as lint from './checks/lint.mjs'
import * as newerNode from './checks/newer-node.mjs'
import * as packedBinaries from './checks/packed-binaries.mjs'
import * as packedExports from './checks/packed-exports.mjs'
import * as packedTypes from './checks/packed-types.mjs'
import * as skeletons from './checks/skeletons.mjs'
import * as testTypes from './checks/test-types.mjs'
import { countTests } from './count-tests.mjs'
import { mustRun, root, run, StepError } from './run.mjs'
import { packagesIn, readJson } from './workspace.mjs'

/** @type {{ name: string, check: () => Promise<string[]> }[]} what `check` gives are the problems; none is a pass */
const checks = [lint, layers, skeletons, errorDocs, hygiene, testTypes, coreSize, packedBinaries, packedExports, packedTypes, newerNode]

/** A test that blocks its thread can only be stopped from outside. Milliseconds; `npm test` is to take less than half. */
const testLimit = 20 * 60_000

const report = join(root, 'node_modules', '.cache', 'test-report.json')

let passed = 0
let failed = 0
try {
  await runTests()
  for (const { name, check } of checks) await runCheck(name, check)
} catch (error) {
  console.error(error instanceof StepError ? `${error.log}\n${error.message}` : error)
  failed++
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Runs `npm test` and counts. Throws where it did not come to its tests. */
async function runTests() {
  rmSync(report, { force: true })
  const { code } = await run('npm', ['test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], {
    show: true,
    limit: testLimit,
  })
  if (!existsSync(report))
    throw new StepError(`npm test ended with code ${code} before its tests were done; they may take ${testLimit / 60_000} minutes.`, '')
  const counted = countTests(readJson(report), {
    workspace: root,
    testFiles: await testFiles(),
    testedFolders: [...packagesIn('packages'), ...packagesIn('examples')].map(({ folder }) => folder),
    allowed: JSON.parse(readFileSync(join(root, 'tooling', 'allowed-skips.json'), 'utf8')),
  })
  passed += counted.passed
  failed += counted.problems.length
  for (const problem of counted.problems) console.log(`✗ ${problem}`)
  if (counted.allowed > 0) console.log(`${counted.allowed} tests were skipped, as allowed-skips.json says.`)
  // An error outside of any test, such as a rejection that nobody handled.
  if (code !== 0 && counted.problems.length === 0) {
    failed++
    console.log(`✗ npm test ended with code ${code} though no test failed`)
  }
}

/** The test files that every run must see; long ones are run apart. */
async function testFiles() {
  const list = await mustRun('git', ['ls-files', '-co', '--exclude-standard', '--', '*.test.ts', '*.test-d.ts'])
  return list.split('\n').filter((file) => file !== '' && !file.endsWith('.long.test.ts'))
}

/** @param {string} name @param {() => Promise<string[]>} check */
async function runCheck(name, check) {
  const began = performance.now()
  const problems = await check().catch((error) => [error instanceof StepError ? `${error.log}\n${error.message}` : String(error?.stack ?? error)])
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  for (const problem of problems) console.log(problem.trimEnd().replace(/^/gm, '    '))
  if (problems.length === 0) passed++
  else failed++
}
