// The counters: what did not run is failed, unless it is listed with a reason.

import { expect, test } from 'vitest'
import { countTests } from '../count-tests.mjs'

const file = 'packages/a/test/a.test.ts'

function count(
  tests: readonly [name: string, status: string][],
  overrides: Partial<Parameters<typeof countTests>[1]> = {},
  status = 'passed',
): ReturnType<typeof countTests> {
  const assertionResults = tests.map(([fullName, outcome]) => ({ fullName, status: outcome }))
  const report = { testResults: [{ name: `/repo/${file}`, status, assertionResults }] }
  return countTests(report, { workspace: '/repo', testFiles: [file], testedFolders: ['packages/a'], allowed: [], ...overrides })
}

test('passed tests are counted, failed ones are named', () => {
  const { passed, problems } = count([
    ['adds', 'passed'],
    ['removes', 'passed'],
    ['saves', 'failed'],
  ])
  expect(passed).toBe(2)
  expect(problems).toEqual([`failed: ${file} > saves`])
})

test.each(['skipped', 'pending', 'todo'])('a %s test is failed', (status) => {
  const { passed, problems } = count([
    ['adds', 'passed'],
    ['saves', status],
  ])
  expect(passed).toBe(1)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain('saves')
})

test('a skip listed with its reason is neither passed nor failed', () => {
  const saves: [string, string][] = [['saves', 'skipped']]
  expect(count(saves, { allowed: [{ file, test: 'saves', reason: 'needs a GPU' }] })).toEqual({ passed: 0, allowed: 1, problems: [] })
  expect(count(saves, { allowed: [{ file, reason: 'needs a GPU' }] }).problems).toEqual([])
})

test('a listed skip without a reason, or of another test, does not count', () => {
  const saves: [string, string][] = [['saves', 'skipped']]
  expect(count(saves, { allowed: [{ file, test: 'saves', reason: ' ' }] }).problems).toHaveLength(1)
  expect(count(saves, { allowed: [{ file, test: 'adds', reason: 'needs a GPU' }] }).problems).toHaveLength(1)
})

test('a file that gave no test is failed', () => {
  expect(count([], {}, 'failed').problems).toEqual([`no test ran in ${file}`])
  expect(count([], {}, 'passed').problems).toEqual([`no test ran in ${file}`])
})

test('a file that failed beside its tests is failed', () => {
  expect(count([['adds', 'passed']], {}, 'failed').problems).toEqual([`failed: ${file}`])
})

test('a test file that the run never saw is failed', () => {
  const unseen = 'packages/a/src/b.test.ts'
  expect(count([['adds', 'passed']], { testFiles: [file, unseen] }).problems).toEqual([`the run never saw ${unseen}`])
})

test('a package without any test is failed', () => {
  expect(count([['adds', 'passed']], { testedFolders: ['packages/a', 'packages/b'] }).problems).toEqual(['packages/b has no test'])
})
