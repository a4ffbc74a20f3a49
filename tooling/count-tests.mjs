// The true total of a test run: a test that did not run is not a passed one.

import { relative, sep } from 'node:path'

/**
 * One entry of allowed-skips.json: a test file, optionally one test of it by its full name, and why it may be skipped.
 * @typedef {{ file: string, test?: string, reason: string }} AllowedSkip
 */

/**
 * Counts vitest's JSON report. Everything that is neither passed nor allowed to be skipped is failed: a skipped or `todo` test, a file
 * without tests, and a test file that the run never saw.
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { fullName: string, status: string }[] }[] }} report
 * @param {{ workspace: string, testFiles: readonly string[], testedFolders: readonly string[], allowed: readonly AllowedSkip[] }} expected
 *   `testFiles`: every test file there is, `testedFolders`: every package that must have tests, both relative to `workspace`
 * @returns {{ passed: number, allowed: number, problems: string[] }} one problem for each failure
 */
export function countTests(report, { workspace, testFiles, testedFolders, allowed }) {
  let passed = 0
  let skipped = 0
  /** @type {string[]} */
  const problems = []
  const seen = new Set()
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative(workspace, name).replaceAll(sep, '/')
    seen.add(file)
    for (const test of assertionResults) {
      if (test.status === 'passed') passed++
      else if (test.status === 'failed') problems.push(`failed: ${file} > ${test.fullName}`)
      else if (isAllowed(file, test.fullName)) skipped++
      else problems.push(`${test.status}, and not in allowed-skips.json: ${file} > ${test.fullName}`)
    }
    if (assertionResults.length === 0 && !isAllowed(file)) problems.push(`no test ran in ${file} ${message ?? ''}`.trim())
    else if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed'))
      problems.push(`failed: ${file} ${message ?? ''}`.trim())
  }
  for (const file of testFiles) if (!seen.has(file) && !isAllowed(file)) problems.push(`the run never saw ${file}`)
  for (const folder of testedFolders) {
    if (!testFiles.some((file) => file.startsWith(`${folder}/`))) problems.push(`${folder} has no test`)
  }
  return { passed, allowed: skipped, problems }

  /** @param {string} file @param {string} [test] */
  function isAllowed(file, test) {
    return allowed.some((skip) => skip.reason?.trim() && skip.file === file && (skip.test === undefined || skip.test === test))
  }
}
