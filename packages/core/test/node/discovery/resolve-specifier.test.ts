import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CbirError } from '../../../src/index.ts'
import { resolveSpecifier } from '../../../src/node/discovery/resolve-specifier.ts'
import { type Application, application, type Files, fileUrl } from './application.ts'

const MODULE = 'export const url = import.meta.url'

/** What Node itself does with each specifier when a module in the application's root imports it: the URL, or nothing where it cannot. */
async function byNode(app: Application, specifiers: readonly string[]): Promise<(string | null)[]> {
  app.write({ 'node-asks.mjs': 'export const ask = async (specifier) => { try { return (await import(specifier)).url } catch { return null } }' })
  return app.run(`
    const { ask } = await import(${JSON.stringify(fileUrl(app.root, 'node-asks.mjs'))})
    const answers = []
    for (const specifier of ${JSON.stringify(specifiers)}) answers.push((await ask(specifier)) ?? null)
    return answers`)
}

function byUs(app: Application, specifier: string): string | null {
  try {
    const path = fileURLToPath(resolveSpecifier(specifier, app.root))
    return fileUrl(realpathSync(path))
  } catch (error) {
    if (CbirError.isInstance(error, 'NOT_FOUND')) return null
    throw error
  }
}

async function expectSame(app: Application, specifiers: readonly string[]): Promise<(string | null)[]> {
  const node = await byNode(app, specifiers)
  expect(Object.fromEntries(specifiers.map((specifier) => [specifier, byUs(app, specifier)]))).toEqual(
    Object.fromEntries(specifiers.map((specifier, i) => [specifier, node[i]])),
  )
  return node
}

/** A package of modules at these paths. */
function packageOf(name: string, json: object, paths: readonly string[]): Files {
  const at = `node_modules/${name}`
  return {
    [`${at}/package.json`]: { name, type: 'module', ...json },
    ...Object.fromEntries(paths.map((path) => [`${at}/${path}`, MODULE])),
  }
}

describe('resolveSpecifier finds what Node finds', () => {
  test('in packages of every form', async () => {
    const app = application({
      'package.json': {
        name: 'app',
        type: 'module',
        exports: { '.': './main.mjs', './x': './lib/x.mjs' },
        imports: { '#own': './lib/x.mjs', '#dep': 'sugar', '#f/*': './lib/*.mjs' },
      },
      'main.mjs': MODULE,
      'lib/x.mjs': MODULE,
      ...packageOf('sugar', { exports: './a.mjs' }, ['a.mjs', 'index.js']),
      ...packageOf('array', { exports: ['a.mjs', './b.mjs'] }, ['a.mjs', 'b.mjs']),
      ...packageOf('import-only', { exports: { import: './a.mjs' } }, ['a.mjs']),
      ...packageOf('nested', { exports: { '.': { browser: './c.mjs', node: { require: './c.mjs', import: './a.mjs' }, default: './b.mjs' } } }, [
        'a.mjs',
        'b.mjs',
        'c.mjs',
      ]),
      ...packageOf('falls-through', { exports: { '.': { node: { require: './c.mjs' }, default: './b.mjs' } } }, ['b.mjs', 'c.mjs']),
      ...packageOf('forbidden', { exports: { '.': { node: null, default: './b.mjs' } } }, ['b.mjs']),
      ...packageOf('module-sync', { exports: { 'module-sync': './a.mjs', default: './b.mjs' } }, ['a.mjs', 'b.mjs']),
      ...packageOf('order', { exports: { default: './a.mjs', import: './b.mjs' } }, ['a.mjs', 'b.mjs']),
      ...packageOf(
        'patterns',
        {
          exports: {
            './*': './*.mjs',
            './p/*': './q/*.mjs',
            './p/*.js': './r/*.mjs',
            './p/no/*': null,
            './deep/*/end': './d/*/e.mjs',
            './t/*/*': './t/*.mjs',
          },
        },
        ['a.mjs', 'q/a.mjs', 'r/a.mjs', 'p/no/a.mjs', 'd/x/y/e.mjs', 't/a.mjs'],
      ),
      ...packageOf('mixed', { exports: { '.': './a.mjs', import: './b.mjs' } }, ['a.mjs', 'b.mjs']),
      ...packageOf(
        'escapes',
        { exports: { '.': './../sugar/a.mjs', './n': './node_modules/x.mjs', './e': './%2e%2e/sugar/a.mjs', './abs': '/a.mjs', './bare': 'sugar' } },
        ['a.mjs', 'node_modules/x.mjs'],
      ),
      ...packageOf('empty', { exports: {} }, ['index.js']),
      ...packageOf('null-exports', { exports: null }, ['index.js']),
      ...packageOf('numeric', { exports: { '.': { 0: './a.mjs', default: './b.mjs' } } }, ['a.mjs', 'b.mjs']),
      ...packageOf('main', { main: './lib/main.js' }, ['lib/main.js', 'index.js']),
      ...packageOf('main-bare', { main: 'lib/main' }, ['lib/main.js', 'index.js']),
      ...packageOf('main-directory', { main: 'lib' }, ['lib/index.js', 'index.js']),
      ...packageOf('main-gone', { main: 'gone.js' }, ['index.js']),
      ...packageOf('no-main', {}, ['index.js', 'sub/file.js', 'a b.js']),
      ...packageOf('nothing', {}, ['other.js']),
      ...packageOf('missing-target', { exports: './gone.mjs' }, ['index.js']),
      ...packageOf('directory-target', { exports: './lib' }, ['lib/index.js']),
      ...packageOf('@scope/pkg', { exports: { '.': './a.mjs', './sub': './b.mjs' } }, ['a.mjs', 'b.mjs']),
      'node_modules/bare-directory/index.js': 'exports.url = require("url").pathToFileURL(__filename).href',
    })
    const answers = await expectSame(app, [
      'app',
      'app/x',
      'app/y',
      '#own',
      '#dep',
      '#f/x',
      '#none',
      '#',
      'sugar',
      'sugar/a.mjs',
      'array',
      'import-only',
      'nested',
      'falls-through',
      'forbidden',
      'module-sync',
      'order',
      'patterns',
      'patterns/a',
      'patterns/p/a',
      'patterns/p/a.js',
      'patterns/p/no/a',
      'patterns/p/',
      'patterns/deep/x/y/end',
      'patterns/t/a/a',
      'patterns/../a',
      'patterns/p/../../a',
      'mixed',
      'escapes',
      'escapes/n',
      'escapes/e',
      'escapes/abs',
      'escapes/bare',
      'empty',
      'null-exports',
      'numeric',
      'main',
      'main-bare',
      'main-directory',
      'main-gone',
      'main/lib/main.js',
      'no-main',
      'no-main/sub/file.js',
      'no-main/sub/file',
      'no-main/sub',
      'no-main/a%20b.js',
      'nothing',
      'missing-target',
      'directory-target',
      '@scope/pkg',
      '@scope/pkg/sub',
      '@scope/pkg/none',
      '@scope',
      'bare-directory',
      'absent',
      './lib/x.mjs',
      './lib',
      './gone.mjs',
      '',
      '.',
      '..',
      '@/x',
      '.hidden',
      'a%b',
      'http://localhost:1/x.mjs',
    ])
    expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(25)
  })

  test('above the root, and through symbolic links', async () => {
    const app = application({
      'store/real/node_modules/linked/package.json': { name: 'linked', type: 'module', exports: './a.mjs' },
      'store/real/node_modules/linked/a.mjs': MODULE,
      ...packageOf('above', { exports: './a.mjs' }, ['a.mjs']),
      ...packageOf('both', { exports: './a.mjs' }, ['a.mjs']),
      'inner/package.json': { name: 'inner', type: 'module' },
      'inner/node_modules/both/package.json': { name: 'both', type: 'module', exports: './b.mjs' },
      'inner/node_modules/both/b.mjs': MODULE,
    })
    app.link('node_modules/linked', 'store/real/node_modules/linked')
    const inner: Application = { ...app, root: join(app.root, 'inner') }
    app.write({
      'inner/node-asks.mjs': 'export const ask = async (specifier) => { try { return (await import(specifier)).url } catch { return null } }',
    })
    const specifiers = ['linked', 'above', 'both', '../node_modules/above/a.mjs']
    const asked = await app.run<string[]>(
      `const { ask } = await import(${JSON.stringify(fileUrl(inner.root, 'node-asks.mjs'))}); return Promise.all(${JSON.stringify(specifiers)}.map(ask))`,
    )
    expect(specifiers.map((specifier) => byUs(inner, specifier))).toEqual(asked)
    expect(asked[0]).toContain('store/real')
    expect(asked[2]).toContain('inner/node_modules/both/b.mjs')
  })

  test('for any map of exports', async () => {
    const paths = ['a.mjs', 'b.mjs', 'd/a.mjs', 'd/b.mjs']
    const path = fc.constantFrom('./a.mjs', './b.mjs', './d/a.mjs', './gone.mjs', './d/*', './d/*.mjs', './*.mjs', 'a.mjs', './../x.mjs')
    const condition = fc.constantFrom('node', 'import', 'require', 'default', 'browser', 'module-sync')
    const { target } = fc.letrec<{ target: unknown }>((tie) => ({
      target: fc.oneof(
        { depthSize: 'small', maxDepth: 3 },
        { weight: 5, arbitrary: path },
        { weight: 1, arbitrary: fc.constant(null) },
        fc.dictionary(condition, tie('target'), { maxKeys: 3 }),
        fc.array(tie('target'), { maxLength: 3 }),
      ),
    }))
    const subpath = fc.constantFrom('.', './a', './d/a', './d/*', './*', './d/a*', './*.mjs', './d/*.mjs', './x/')
    const exports = fc.oneof(
      target,
      fc.dictionary(subpath, target, { maxKeys: 5 }),
      fc.dictionary(fc.oneof(subpath, condition), target, { maxKeys: 4 }),
    )
    const seed = Math.floor(Math.random() * 2 ** 31)
    const maps = fc.sample(exports, { numRuns: 300, seed })
    const app = application({
      'package.json': { name: 'app', type: 'module' },
      ...Object.assign({}, ...maps.map((map, i) => packageOf(`p${i}`, { exports: map }, paths))),
    })
    const specifiers = maps.flatMap((_, i) => ['', '/a', '/b', '/d/a', '/d/b', '/a.mjs', '/d/a.mjs', '/d/ab', '/x/'].map((sub) => `p${i}${sub}`))
    const node = await byNode(app, specifiers)
    expect(node.filter((answer) => answer !== null).length).toBeGreaterThan(100)
    const differ = specifiers.flatMap((specifier, i) => {
      const ours = byUs(app, specifier)
      return ours === node[i] ? [] : [{ seed, specifier, exports: maps[Number(/\d+/.exec(specifier)![0])], node: node[i], ours }]
    })
    expect(differ).toEqual([])
  })
})

describe('resolveSpecifier', () => {
  test('a path is a path, whatever characters are in it', () => {
    const app = application({ 'a#b?c 50%.mjs': MODULE })
    const url = fileUrl(app.root, 'a#b?c 50%.mjs')
    expect(resolveSpecifier('./a#b?c 50%.mjs', app.root)).toBe(url)
    expect(resolveSpecifier(join(app.root, 'a#b?c 50%.mjs'), join(app.root, '..'))).toBe(url)
    expect(resolveSpecifier(url, app.root)).toBe(url)
  })

  test('data and built-in modules are taken as they are', () => {
    const { root } = application()
    expect(resolveSpecifier('data:text/javascript,export{}', root)).toBe('data:text/javascript,export{}')
    expect(resolveSpecifier('node:fs', root)).toBe('node:fs')
    expect(resolveSpecifier('fs', root)).toBe('node:fs')
  })

  test('a drive letter is no URL scheme', () => {
    const { root } = application()
    expect(() => resolveSpecifier('Q:\\plugins\\a.mjs', root)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining('there is no file') }),
    )
    expect(() => resolveSpecifier('Q:/plugins/a.mjs', root)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('there is no file') }),
    )
  })

  test.each([
    ['absent', 'no package "absent"'],
    ['./absent.mjs', 'there is no file'],
    ['.', 'is a directory'],
    ['https://example.com/x.mjs', 'are not imported from "https:" URLs'],
    ['closed/inner.js', 'do not give "./inner.js"'],
    ['wrong', 'must begin with "./"'],
  ])('%s says why it is not found', (specifier, why) => {
    const app = application({
      ...packageOf('closed', { exports: './a.mjs' }, ['a.mjs', 'inner.js']),
      ...packageOf('wrong', { exports: 'a.mjs' }, ['a.mjs']),
    })
    expect(() => resolveSpecifier(specifier, app.root)).toThrow(expect.objectContaining({ code: 'NOT_FOUND', message: expect.stringContaining(why) }))
  })

  test('a package.json that is no JSON is named', () => {
    const app = application({ 'node_modules/bad/package.json': '{' })
    expect(() => resolveSpecifier('bad', app.root)).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA', message: expect.stringContaining('package.json') }),
    )
  })
})
