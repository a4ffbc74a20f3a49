// The small checks bite: each mistake, made on purpose, is found and named; what is right passes.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareErrorDocs } from '../checks/error-docs.mjs'
import { fileProblems } from '../checks/hygiene.mjs'
import { builtBinaries, moduleProblems } from '../checks/packed-binaries.mjs'
import { check as checkSkeletons } from '../checks/skeletons.mjs'

describe('documented error codes', () => {
  const codes = ['EMPTY', 'IO_FAILED']
  const markdown = '# Errors\n\n## EMPTY\nNothing.\n\n## IO_FAILED\nThe disk.\n'

  test('equal lists pass', () => expect(compareErrorDocs(codes, markdown)).toEqual([]))
  test.each([
    ['a missing heading', '## EMPTY\nNothing.\n', '"## IO_FAILED"'],
    ['a heading too many', `${markdown}## GONE\nOld.\n`, '"## GONE"'],
    ['a heading twice', `${markdown}## EMPTY\nAgain.\n`, 'twice'],
    ['a heading without text', '## EMPTY\n\n## IO_FAILED\nThe disk.\n', 'says nothing'],
  ])('%s is found', (_, text, expected) => expect(compareErrorDocs(codes, text).join()).toContain(expected))
  test('an empty list of codes is no success', () => expect(compareErrorDocs([], '')).toHaveLength(1))
})

describe('repository hygiene', () => {
  const problems = (file: string, text = 'x\n', size: number = text.length): string[] => fileProblems(file, size, Buffer.from(text))

  test('a source file passes', () => expect(problems('packages/core/src/index.ts', 'export const a = 1 // see docs/work/plan.md\n')).toEqual([]))
  test.each(['packages/core/dist/index.js', 'a.tsbuildinfo', 'cbir-core-0.1.0.tgz', 'prebuilds/linux-x64/a.node', '.turbo/x'])(
    '%s is generated',
    (file) => expect(problems(file).join()).toContain('generated'),
  )
  test('a binary file is found', () => expect(problems('a.bin', 'PNG\0').join()).toContain('binary'))
  test('a huge file is found', () => expect(problems('a.json', '{}', 2_000_000).join()).toContain('2000000 bytes'))
  // Put together here, so that this file does not hold what is looked for.
  test.each([['', 'work', 'x'].join('/'), ['', 'tmp', 'x'].join('/'), ['', 'home', 'anna', 'x'].join('/')])(
    'the path %s is found, with its line',
    (path) => expect(problems('a.md', `one\ntwo ${path}\n`)[0]).toMatch(/^a\.md:2 names a path of one machine/),
  )
  test("a registry's host is found", () =>
    expect(problems('a.md', `from ${['registry', 'example', 'org'].join('.')}`).join()).toContain("a registry's host"))
})

describe('packed WebAssembly', () => {
  const empty = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  /** A type () → (), and an import of a function `a.b` of that type. */
  const asking = [...empty, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0]
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cbir-packed-'))
    mkdirSync(join(folder, 'package/prebuilds'), { recursive: true })
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const problems = (bytes: readonly number[], built: readonly string[]): readonly string[] => {
    writeFileSync(join(folder, 'package/prebuilds/a.wasm'), Uint8Array.from(bytes))
    return moduleProblems('@cbir/a', folder, built, ['package/index.js', 'package/prebuilds/a.wasm'])
  }

  test('what a package builds is read from its command', () => {
    expect(builtBinaries('')).toEqual({ addon: false, modules: [] })
    expect(builtBinaries('node ../../tooling/wasm.mjs native/a.cc prebuilds/a.wasm')).toEqual({ addon: false, modules: ['prebuilds/a.wasm'] })
    expect(builtBinaries('node ../../tooling/native.mjs . && node ../../tooling/wasm.mjs native/a.cc prebuilds/a_b.wasm')).toEqual({
      addon: true,
      modules: ['prebuilds/a_b.wasm'],
    })
  })
  test('a module that is built passes', () => expect(problems(empty, ['prebuilds/a.wasm'])).toEqual([]))
  test.each([
    ['that nothing builds', empty, [], 'does not make it'],
    ['that is no module', [1, 2, 3], ['prebuilds/a.wasm'], 'no WebAssembly'],
    ['that asks for functions', asking, ['prebuilds/a.wasm'], 'of its host'],
    ['that is left out', empty, ['prebuilds/a.wasm', 'prebuilds/b.wasm'], 'not in the tarball'],
  ])('one %s is found', (_, bytes, built, expected) => expect(problems(bytes, built).join()).toContain(expected))
})

describe('package skeletons', () => {
  let workspace = ''
  const manifest = {
    name: '@cbir/a',
    description: 'A.',
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=20.19' },
    exports: { '.': { '@cbir/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist'],
    scripts: { build: 'tsc -b' },
    cbir: { apiVersion: 1, plugins: [{ kind: 'feature-extractor', name: 'a', export: '.' }] },
    peerDependencies: { '@cbir/core': '*' },
  }
  const readme = `# @cbir/a\nA.\n${['What it does', 'Install', 'Example', 'Configuration', 'Errors', 'Performance', 'Limits'].map((heading) => `\n## ${heading}\nx\n`).join('')}`
  const plugin = "export const a = { kind: 'feature-extractor', name: 'a', configSchema: {}, create() {} }\n"

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(workspace, file)), { recursive: true })
    writeFileSync(join(workspace, file), text)
  }
  function writeManifest(changes: Record<string, unknown>): void {
    write('packages/a/package.json', JSON.stringify({ ...manifest, ...changes }))
  }

  beforeEach(() => {
    workspace = mkdtempSync(join(tmpdir(), 'cbir-skeleton-'))
    write('tsconfig.json', '{ "references": [{ "path": "packages/a" }] }')
    write('packages/a/tsconfig.json', '{}')
    write('packages/a/README.md', readme)
    write('packages/a/dist/index.js', plugin)
    writeManifest({})
  })
  afterEach(() => rmSync(workspace, { recursive: true }))

  test('a whole package passes', async () => expect(await checkSkeletons(workspace)).toEqual([]))

  test.each<[string, Record<string, unknown>, string]>([
    ['an install script', { scripts: { postinstall: 'node fetch.js' } }, 'postinstall'],
    ['another licence', { license: 'MIT' }, 'license'],
    ['no files', { files: undefined }, 'files'],
    ['core as a dependency', { dependencies: { '@cbir/core': '*' } }, 'a peer'],
    ['no peer', { peerDependencies: {} }, 'peerDependencies'],
    [
      'an entry without default',
      { exports: { '.': { '@cbir/source': './src/index.ts', types: './dist/index.d.ts', import: './dist/index.js' } } },
      'default',
    ],
    [
      'a plugin that does not exist',
      { cbir: { apiVersion: 1, plugins: [...manifest.cbir.plugins, { kind: 'classifier', name: 'b', export: '.' }] } },
      'announces classifier "b"',
    ],
    ['a plugin that is not announced', { cbir: { apiVersion: 1, plugins: [] } }, 'exports feature-extractor "a"'],
  ])('%s is found', async (_, changes, expected) => {
    writeManifest(changes)
    expect((await checkSkeletons(workspace)).join()).toContain(expected)
  })

  test('a README with other headings is found', async () => {
    write('packages/a/README.md', readme.replace('## Limits', '## Caveats'))
    expect((await checkSkeletons(workspace)).join()).toContain('Caveats')
  })
  test('a heading inside a code block is none', async () => {
    write('packages/a/README.md', readme.replace('## Limits\n', '## Limits\n```sh\n## not a heading\n```\n'))
    expect(await checkSkeletons(workspace)).toEqual([])
  })
  test('a missing project reference is found', async () => {
    write('tsconfig.json', '{ "references": [] }')
    expect((await checkSkeletons(workspace)).join()).toContain('tsconfig.json does not refer')
  })
  test('a package that was not built is found', async () => {
    rmSync(join(workspace, 'packages/a/dist'), { recursive: true })
    expect((await checkSkeletons(workspace)).join()).toContain('was not built')
  })
  test('an empty workspace is no success', async () => {
    rmSync(join(workspace, 'packages'), { recursive: true })
    expect(await checkSkeletons(workspace)).toHaveLength(1)
  })
})
