// A stranger's adapter: the packed packages, installed outside the workspace, find and prove plugins that nobody here has seen.

import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KnownKind } from '../../packages/core/src/index.ts'
import { root, run } from '../run.mjs'

const THEIRS = join(import.meta.dirname, 'stranger')
const MINUTES = 60_000

interface Found {
  readonly names: readonly string[]
  readonly sources: readonly string[]
  readonly skipped: readonly { readonly specifier: string; readonly source: string; readonly code: string; readonly reason: string }[]
  readonly explicit: readonly string[]
  readonly lawBroken: readonly string[]
}

const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'cbir-stranger-'))), 'a folder')
const tarballs: Record<string, string> = {}
const manifest: readonly { kind: KnownKind; name: string }[] = JSON.parse(readFileSync(join(THEIRS, 'plugins/package.json'), 'utf8')).cbir.plugins
const promised: readonly string[] = manifest.map(({ kind, name }) => `${kind} ${name}`).sort()

/** Every kind that core knows; the compiler holds the list against core's. */
const KINDS: Readonly<Record<KnownKind, true>> = {
  'classification-element': true,
  classifier: true,
  'data-element': true,
  'data-set': true,
  'descriptor-element': true,
  'descriptor-generator': true,
  'descriptor-set': true,
  'feature-extractor': true,
  'hash-index': true,
  'key-value-store': true,
  'lsh-functor': true,
  'nearest-neighbors-index': true,
  'rank-relevancy': true,
  'recording-matcher': true,
  'relevancy-index': true,
  'vector-loader': true,
}

/** Runs one of the workspace's tools; a failure shows what it printed. */
async function tool(command: string, args: readonly string[], cwd?: string): Promise<void> {
  const { code, log } = await run(command, args, cwd === undefined ? {} : { cwd })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with code ${code}\n${log}`)
}

beforeAll(async () => {
  mkdirSync(folder)
  await tool('tsc', ['-b', 'packages/core', 'packages/conformance'])
  const packages = { '@cbir/core': join(root, 'packages/core'), '@cbir/conformance': join(root, 'packages/conformance') }
  for (const name of ['plugins', 'broken']) cpSync(join(THEIRS, name), join(folder, name), { recursive: true })
  const directories = { ...packages, '@stranger/plugins': join(folder, 'plugins'), '@stranger/broken': join(folder, 'broken') }
  for (const [name, directory] of Object.entries(directories)) {
    const tarball = join(folder, `${name.replaceAll(/\W+/g, '-').slice(1)}.tgz`)
    await tool('pnpm', ['pack', '--out', tarball], directory)
    tarballs[name] = tarball
  }
}, 5 * MINUTES)

afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

/** Runs a script of the application; gives the exit code and both streams. */
function node(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string; err: string }> {
  const { PATH = '', SystemRoot = '', TEMP = '', TMPDIR = '' } = process.env
  const options = { cwd, env: { PATH, SystemRoot, TEMP, TMPDIR, ...env }, maxBuffer: 1 << 27 }
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], options, (error, out, err) => resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }))
  })
}

async function find(cwd: string, script: string, env: Readonly<Record<string, string>> = {}): Promise<Found> {
  const { code, out, err } = await node([script], cwd, env)
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as Found
}

// Offline and with empty caches: nothing comes from anywhere but the tarballs.
const INSTALL: Readonly<Record<string, readonly string[]>> = {
  npm: ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--cache', join(folder, 'npm-cache')],
  pnpm: ['install', '--ignore-scripts', '--offline', '--store-dir', join(folder, 'pnpm-store')],
}

test('the stranger has a plugin of every kind', () => {
  expect(manifest.map((plugin) => plugin.kind).sort()).toEqual(Object.keys(KINDS).sort())
})

describe.each(Object.entries(INSTALL))('installed by %s', (manager, install) => {
  const app = join(folder, `app by ${manager}`)

  beforeAll(async () => {
    cpSync(join(THEIRS, 'app'), app, { recursive: true })
    const dependencies = Object.fromEntries(Object.entries(tarballs).map(([name, tarball]) => [name, `file:${tarball}`]))
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'their-app', version: '1.0.0', private: true, type: 'module', dependencies }))
    // An application that declares nothing: its modules come from the directory above, its plugins from its environment.
    mkdirSync(join(app, 'bare'))
    writeFileSync(join(app, 'bare/package.json'), JSON.stringify({ name: 'bare', private: true, type: 'module' }))
    await tool(manager, install, app)
  }, 5 * MINUTES)

  test('the packages are whole, and no script of theirs was run', () => {
    const packageFolder = join(app, 'node_modules/@stranger/plugins')
    expect(readdirSync(packageFolder)).toContain('search.js')
    expect(existsSync(join(packageFolder, 'script-was-run'))).toBe(false)
  })

  test('plugins of every kind are found by manifest, and the broken one is skipped with its reason', async () => {
    const found = await find(app, 'find.js')
    expect([...found.names].sort()).toEqual(promised)
    expect(found.sources).toEqual(['manifest'])
    expect(found.skipped).toEqual([
      {
        specifier: '@stranger/broken',
        source: 'manifest',
        code: 'LOAD_FAILED',
        reason: expect.stringContaining('the oracle has no build for this machine'),
      },
    ])
    expect(found.lawBroken).toEqual([])
  })

  test('they are found explicitly', async () => {
    const found = await find(join(app, 'bare'), '../find.js')
    expect(found.names).toEqual([])
    expect(found.skipped).toEqual([])
    expect([...found.explicit].sort()).toEqual(promised)
    expect(found.lawBroken).toEqual([])
  })

  test('they are found by environment variable, and the broken one is skipped with its reason', async () => {
    const separator = process.platform === 'win32' ? ';' : ':'
    const env = {
      CLASSIFIER_PATH: '@stranger/plugins/learning',
      DESCRIPTOR_GENERATOR_PATH: '@stranger/plugins',
      FEATURE_EXTRACTOR_PATH: '@stranger/plugins',
      HASH_INDEX_PATH: '@stranger/plugins/search',
      LSH_FUNCTOR_PATH: '@stranger/plugins/learning',
      NN_INDEX_PATH: '@stranger/plugins/search',
      RECORDING_MATCHER_PATH: '@stranger/plugins/sounds',
      RELEVANCY_INDEX_PATH: '@stranger/plugins/learning',
      VECTOR_LOADER_PATH: '@stranger/plugins',
      // The kinds without a variable of their own.
      CBIR_PLUGINS: ['@stranger/plugins', '@stranger/broken', '@stranger/plugins/learning'].join(separator),
    }
    const found = await find(join(app, 'bare'), '../find.js', env)
    expect([...found.names].sort()).toEqual(promised)
    expect(found.sources).toEqual(['environment'])
    expect(found.skipped).toMatchObject([{ specifier: '@stranger/broken', source: 'environment', code: 'LOAD_FAILED' }])
    expect(found.lawBroken).toEqual([])
  })

  test(
    'their conformance run is green',
    async () => {
      const { code, out } = await node(['--test', '--test-reporter=tap', 'conformance.test.js'], app)
      const failed = out.split('\n').filter((line) => /^\s*not ok/.test(line))
      expect(failed).toEqual([])
      expect(code).toBe(0)
      expect(Number(/^# pass (\d+)$/m.exec(out)?.[1])).toBeGreaterThan(100)
      expect(out).toMatch(/^# (skipped|todo) 0$/m)
    },
    5 * MINUTES,
  )
})
