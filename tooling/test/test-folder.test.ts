// Where the tests keep their temporary files: chosen, given up again, and swept.

import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, expect, test } from 'vitest'
import chooseFolder, { diskFolder } from '../test-folder.ts'

const { TMPDIR, CBIR_TEST_DISK } = process.env
const set = (name: string, value: string | undefined): void => {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
/** Of a machine without a folder in memory, or one that has no room there. */
const [memory, hasMemory] = ['/dev/shm', process.platform === 'linux' && existsSync('/dev/shm')]

beforeEach(() => {
  set('CBIR_TEST_DISK', undefined)
  set('TMPDIR', CBIR_TEST_DISK ?? TMPDIR)
})
afterEach(() => {
  set('CBIR_TEST_DISK', CBIR_TEST_DISK)
  set('TMPDIR', TMPDIR)
})

test('the folder for temporary folders is there until the end, and the one on the disk is still known', () => {
  const before = tmpdir()
  const end = chooseFolder()
  const chosen = tmpdir()
  expect(existsSync(chosen)).toBe(true)
  expect(diskFolder()).toBe(before)
  expect(chosen === before).toBe(end === undefined)
  if (end) expect(hasMemory && chosen.startsWith(memory)).toBe(true)
  end?.()
  if (end) expect(existsSync(chosen)).toBe(false)
})

test('a folder that was chosen by hand is the one for all', () => {
  const own = mkdtempSync(`${tmpdir()}/chosen-by-hand-`)
  set('CBIR_TEST_DISK', own)
  expect(chooseFolder()).toBeUndefined()
  expect([tmpdir(), diskFolder()]).toEqual([own, own])
  rmSync(own, { recursive: true })
})

test('what a killed run left in memory is removed, an hour later', () => {
  if (!hasMemory) return expect(chooseFolder()).toBeUndefined()
  const { pid } = spawnSync(process.execPath, ['--version'])
  const [old, young, ours] = [pid, pid, process.pid].map((of) => mkdtempSync(`${memory}/cbir-tests-${of}-`)) as [string, string, string]
  const hours = Date.now() / 1000 - 7200
  for (const folder of [old, ours]) utimesSync(folder, hours, hours)
  chooseFolder()?.()
  expect([old, young, ours].map((folder) => existsSync(folder))).toEqual([false, true, true])
  for (const folder of [young, ours]) rmSync(folder, { recursive: true })
})
