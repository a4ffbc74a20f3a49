// The suites run under node:test as they are: bundled, and run by plain node.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'

const directory = await mkdtemp(join(tmpdir(), 'cbir-node-test-'))
afterAll(() => rm(directory, { recursive: true }))

async function runUnderNode(name: string, index: string): Promise<{ code: number; output: string }> {
  const outfile = join(directory, `${name}.mjs`)
  const contents = `
    import { describe, test } from 'node:test'
    import { nearestNeighborsIndexGroup, nearestNeighborsIndexGroups, referenceNearestNeighborsIndex } from '@cbir/conformance'
    for (const group of nearestNeighborsIndexGroups.filter(({ name }) => name === 'k' || name === 'metrics')) {
      nearestNeighborsIndexGroup(group, {
        runner: { group: describe, test },
        create: () => ${index},
        capabilities: ['update', 'remove', 'range', 'exact'],
        metric: 'euclidean',
        seed: 42,
      })
    }`
  await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@cbir/source'],
    logLevel: 'silent',
  })
  return new Promise((resolve) => {
    // Without what the runner of this test has put there: node:test reports otherwise when it believes itself inside another one.
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
    execFile(process.execPath, ['--test', '--test-reporter=tap', outfile], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr })
    })
  })
}

describe('node:test', () => {
  test('a right index passes', async () => {
    const { code, output } = await runUnderNode('right', `referenceNearestNeighborsIndex({ metric: 'euclidean' })`)
    expect(output).toMatch(/^# pass [1-9]/m)
    expect(output).toMatch(/^# fail 0/m)
    expect(code).toBe(0)
  })

  test('a wrong one fails, with the rule and the seed', async () => {
    const { code, output } = await runUnderNode('wrong', `referenceNearestNeighborsIndex({ metric: 'manhattan' })`)
    expect(code).not.toBe(0)
    expect(output).toMatch(/^# fail [1-9]/m)
    expect(output).toContain('rule "metrics"')
    expect(output).toContain('repeat with seed: 42')
  })
})
