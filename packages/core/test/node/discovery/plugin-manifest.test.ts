import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Manifests, readManifests } from '../../../src/node/discovery/plugin-manifest.ts'
import { application, pluginPackage } from './application.ts'

const NN = 'nearest-neighbors-index'
const specifiers = (read: Manifests): string[] => read.entries.map((entry) => entry.specifier)
const codes = (read: Manifests): (readonly [string, string])[] => read.problems.map(({ specifier, error }) => [specifier, error.code] as const)
const withManifest = (name: string, cbir: unknown): Record<string, unknown> => ({ [`node_modules/${name}/package.json`]: { name, cbir } })

describe('readManifests', () => {
  test('reads the direct dependencies of every sort, and nothing else', async () => {
    const app = application({
      'package.json': {
        dependencies: { a: '1', none: '1', '@s/multi': '1' },
        devDependencies: { dev: '1', 'dev-gone': '1' },
        optionalDependencies: { opt: '1', 'opt-gone': '1' },
        peerDependencies: { peer: '1' },
      },
      ...pluginPackage('a', NN, 'a'),
      ...pluginPackage('dev', NN, 'd'),
      ...pluginPackage('opt', NN, 'o'),
      ...pluginPackage('peer', NN, 'p'),
      ...pluginPackage('transitive', NN, 't'),
      ...withManifest('none', undefined),
      ...withManifest('@s/multi', {
        apiVersion: 1,
        plugins: [
          { kind: NN, name: 'x', export: './sub/x' },
          { kind: 'classifier', name: 'y' },
        ],
      }),
    })
    const read = await readManifests(app.root, false)
    expect(specifiers(read)).toEqual(['a', '@s/multi/sub/x', '@s/multi', 'opt', 'dev', 'peer'])
    expect(read.entries[2]).toEqual({ kind: 'classifier', name: 'y', specifier: '@s/multi' })
    expect(read.problems).toEqual([])
  })

  test('follows symbolic links, and looks above the root', async () => {
    const app = application({
      'package.json': { dependencies: { linked: '1' } },
      ...Object.fromEntries(
        Object.entries(pluginPackage('linked', NN, 'l')).map(([path, content]) => [path.replace('node_modules', 'node_modules/.store'), content]),
      ),
      ...pluginPackage('hoisted', NN, 'h'),
      'packages/one/package.json': { dependencies: { hoisted: '1', linked: '1' } },
    })
    app.link('node_modules/linked', 'node_modules/.store/linked')
    expect(specifiers(await readManifests(app.root, false))).toEqual(['linked'])
    expect(specifiers(await readManifests(join(app.root, 'packages/one'), false))).toEqual(['hoisted', 'linked'])
  })

  test('says what is wrong with which package, and goes on', async () => {
    const app = application({
      'package.json': { dependencies: { gone: '1', text: '1', list: '1', old: '1', entry: '1', broken: '1', good: '1' } },
      ...withManifest('text', 'yes'),
      ...withManifest('list', { apiVersion: 1, plugins: {} }),
      ...withManifest('old', { apiVersion: 2, plugins: [] }),
      ...withManifest('entry', { apiVersion: 1, plugins: [null, { kind: NN }, { kind: NN, name: 'x', export: 'x' }, { kind: NN, name: 'ok' }] }),
      'node_modules/broken/package.json': '{ "name"',
      ...pluginPackage('good', NN, 'good'),
    })
    const read = await readManifests(app.root, false)
    expect(specifiers(read)).toEqual(['entry', 'good'])
    expect(codes(read)).toEqual([
      ['gone', 'NOT_FOUND'],
      ['text', 'INVALID_ARGUMENT'],
      ['list', 'INVALID_ARGUMENT'],
      ['old', 'API_VERSION_MISMATCH'],
      ['entry', 'INVALID_ARGUMENT'],
      ['entry', 'INVALID_ARGUMENT'],
      ['entry', 'INVALID_ARGUMENT'],
      ['broken', 'CORRUPT_DATA'],
    ])
  })

  test('an application without a package.json has none, and a broken one is named', async () => {
    expect(await readManifests(application().root, false)).toEqual({ entries: [], problems: [] })
    const { root } = application({ 'package.json': '[]' })
    expect(codes(await readManifests(root, false))).toEqual([[join(root, 'package.json'), 'CORRUPT_DATA']])
  })

  test('a byte order mark is no error', async () => {
    const { root } = application({ 'package.json': `\uFEFF${JSON.stringify({ dependencies: { a: '1' } })}`, ...pluginPackage('a', NN, 'a') })
    expect(specifiers(await readManifests(root, false))).toEqual(['a'])
  })

  test('is read once, and again when asked', async () => {
    const app = application({ 'package.json': { dependencies: { a: '1' } }, ...pluginPackage('a', NN, 'a') })
    const first = await readManifests(app.root, false)
    app.write({ 'package.json': { dependencies: { a: '1', b: '1' } }, ...pluginPackage('b', NN, 'b') })
    expect(await readManifests(app.root, false)).toBe(first)
    expect(specifiers(await readManifests(app.root, true))).toEqual(['a', 'b'])
    expect(specifiers(await readManifests(app.root, false))).toEqual(['a', 'b'])
  })
})
