// The loader says exactly what is missing.

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { addonProblem, loadAddon } from '@cbir/native-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addon, packageRoot } from './support/test-addon.ts'

const platform = `${process.platform}-${process.arch}`
let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'native-kit-'))
})
afterAll(() => rm(directory, { recursive: true }))

/** A package named `@somebody/adapter` with these files in its prebuilds. */
async function packageWith(name: string, write?: (prebuilds: string) => Promise<void>): Promise<URL> {
  const folder = join(directory, name)
  const prebuilds = join(folder, 'prebuilds', platform)
  await mkdir(prebuilds, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: '@somebody/adapter' }))
  await write?.(prebuilds)
  return pathToFileURL(`${folder}/`)
}

describe('loadAddon', () => {
  test('gives the same addon each time', () => {
    expect(loadAddon(packageRoot)).toBe(addon)
    expect(addonProblem(packageRoot)).toBeUndefined()
    expect(addon.threads).toBeGreaterThan(0)
  })

  test('where there is no binary for the platform, NOT_USABLE names package, platform and folder', async () => {
    const root = await packageWith('empty')
    expect(() => loadAddon(root)).toThrow(expect.objectContaining({ code: 'NOT_USABLE', details: { platform, package: '@somebody/adapter' } }))
    expect(addonProblem(root)).toMatch(new RegExp(`@somebody/adapter has no binary for ${platform} .*prebuilds/${platform}.*node-gyp`))
  })

  test('a binary that is cut off is NOT_USABLE with the reason, not a crash', async () => {
    const root = await packageWith('cut', (prebuilds) =>
      writeFile(join(prebuilds, 'adapter.napi.glibc.node'), Buffer.from('\x7fELF and nothing more')),
    )
    expect(() => loadAddon(root)).toThrow(
      expect.objectContaining({ code: 'NOT_USABLE', message: expect.stringMatching(/cannot be loaded: .+Node 20\.19/) }),
    )
  })
})

describe('CBIR_CPU', () => {
  const runWith = async (cpu: string): Promise<string> => {
    const folder = fileURLToPath(packageRoot)
    const program = `
      const load = require('node:module').createRequire(${JSON.stringify(`${folder}/x.js`)})
      try {
        console.log(load(load('node-gyp-build').path(${JSON.stringify(folder)})).instructionSet)
      } catch (error) {
        console.log(error.code, error.message)
      }`
    return (await promisify(execFile)(process.execPath, ['-e', program], { env: { ...process.env, CBIR_CPU: cpu } })).stdout.trim()
  }

  test('chooses the plain kernels', async () => {
    expect(await runWith('plain')).toBe('plain')
  })

  test('of a set that does not exist is INVALID_CONFIG', async () => {
    expect(await runWith('altivec')).toMatch(/^INVALID_CONFIG .*altivec/)
  })

  test('is INVALID_CONFIG through the loader too', async () => {
    const folder = join(directory, 'copy')
    await cp(fileURLToPath(new URL('prebuilds', packageRoot)), join(folder, 'prebuilds'), { recursive: true })
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: '@somebody/copy' }))
    const before = process.env.CBIR_CPU
    process.env.CBIR_CPU = 'altivec'
    try {
      expect(() => loadAddon(pathToFileURL(`${folder}/`))).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
    } finally {
      if (before === undefined) delete process.env.CBIR_CPU
      else process.env.CBIR_CPU = before
    }
  })
})
