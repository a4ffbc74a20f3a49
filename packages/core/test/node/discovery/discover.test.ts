import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CbirError, type Plugin } from '../../../src/index.ts'
import { discover } from '../../../src/node/index.ts'
import { type Application, application, fileUrl, pluginPackage, pluginText } from './application.ts'

const NN = 'nearest-neighbors-index'

interface Told {
  readonly plugins: Readonly<Record<string, string>>
  readonly all: readonly string[]
  readonly skipped: readonly {
    readonly specifier: string
    readonly source: string
    readonly code: string
    readonly reason: string
    readonly cause?: string
  }[]
}

/** The end of a script: what was found, as data. */
const TELL = `
  const tell = ({ plugins, all, skipped }) => ({
    plugins: Object.fromEntries([...plugins].map(([name, plugin]) => [name, plugin.package])),
    all: all.map(({ plugin, source, specifier }) => [source, plugin.package, plugin.name, specifier].join(' ')),
    skipped: skipped.map(({ cause, ...rest }) => ({ ...rest, ...(cause === undefined ? {} : { cause: String(cause) }) })),
  })`

function find(app: Application, options = '{}', env: Readonly<Record<string, string>> = {}, cwd = app.root): Promise<Told> {
  return app.run<Told>(`${TELL}\nreturn tell(await core.discover(${options}))`, { env, cwd })
}

const moduleOf = (...plugins: readonly string[]): string => plugins.map((plugin, i) => `export const p${i} = ${plugin}`).join('\n')

describe('discover', () => {
  test('finds by manifest, by environment and explicitly, and says where', async () => {
    const app = application({
      'package.json': { name: 'app', dependencies: { m: '1' } },
      ...pluginPackage('m', NN, 'by-manifest'),
      'local.mjs': moduleOf(pluginText(NN, 'by-variable', 'local')),
    })
    const told = await find(app, `{ kind: '${NN}', plugins: [${pluginText(NN, 'by-hand', 'hand')}] }`, { NN_INDEX_PATH: './local.mjs' })
    expect(told).toEqual({
      plugins: { 'by-hand': 'hand', 'by-variable': 'local', 'by-manifest': 'm' },
      all: ['explicit hand by-hand ', 'environment local by-variable ./local.mjs', 'manifest m by-manifest m'],
      skipped: [],
    })
  })

  test.each([
    ['CLASSIFIER', 'classifier'],
    ['DESCRIPTOR_GENERATOR', 'descriptor-generator'],
    ['HASH_INDEX', 'hash-index'],
    ['LSH_FUNCTOR', 'lsh-functor'],
    ['NN_INDEX', NN],
    ['RECORDING_MATCHER', 'recording-matcher'],
    ['RELEVANCY_INDEX', 'relevancy-index'],
    ['VECTOR_LOADER', 'vector-loader'],
    ['FEATURE_EXTRACTOR', 'feature-extractor'],
  ])('%s_PATH names modules of its kind, whose helper is %s_CLASS', async (stem, kind) => {
    const other = kind === NN ? 'classifier' : NN
    const app = application({
      'plain.mjs': moduleOf(pluginText(kind, 'plain', 'p'), pluginText(other, 'other', 'p')),
      'helper.mjs': `export const loose = ${pluginText(kind, 'loose', 'p')}\nexport const ${stem}_CLASS = [${pluginText(kind, 'helped', 'p')}]`,
      'nothing.mjs': `export const loose = ${pluginText(kind, 'no', 'p')}\nexport const ${stem}_CLASS = null`,
      'empty.mjs': `export const x = ${pluginText(other, 'no', 'p')}`,
    })
    const env = { [`${stem}_PATH`]: ['./plain.mjs', './helper.mjs', './nothing.mjs', './empty.mjs'].join(delimiter) }
    const told = await find(app, `{ kind: '${kind}' }`, env)
    expect(Object.keys(told.plugins)).toEqual(['plain', 'helped'])
    expect(told.skipped).toMatchObject([{ specifier: './empty.mjs', code: 'UNKNOWN_PLUGIN', reason: expect.stringContaining(`${stem}_PATH`) }])
    expect((await find(app, `{ kind: '${other}' }`, env)).plugins).toEqual({})
  })

  test('CBIR_PLUGINS takes any kind, also one that core does not know', async () => {
    const app = application({
      'a.mjs': moduleOf(pluginText(NN, 'n', 'p'), pluginText('weather-oracle', 'w', 'p')),
      'b.mjs': 'export const x = 1',
      'c.mjs': `export const n = ${pluginText(NN, 'hidden', 'p')}\nexport const c = ${pluginText('classifier', 'shown', 'p')}\nexport const NN_INDEX_CLASS = null`,
    })
    const env = { CBIR_PLUGINS: ['./a.mjs', './b.mjs', './c.mjs'].join(delimiter) }
    const every = await find(app, '{}', env)
    expect(Object.keys(every.plugins)).toEqual(['n', 'w', 'shown'])
    expect(every.skipped).toMatchObject([{ specifier: './b.mjs', code: 'UNKNOWN_PLUGIN' }])
    expect(await find(app, `{ kind: 'weather-oracle' }`, env)).toMatchObject({ plugins: { w: 'p' }, skipped: [] })
  })

  test('specifiers of every form are resolved from the root, which is found above the working directory', async () => {
    const app = application({
      'package.json': { name: 'app' },
      'deep/er/x.txt': '',
      'a b.mjs': moduleOf(pluginText(NN, 'relative', 'p')),
      'u.mjs': moduleOf(pluginText(NN, 'url', 'p')),
      'abs.mjs': moduleOf(pluginText(NN, 'absolute', 'p')),
      'old.cjs': `exports.p = ${pluginText(NN, 'common', 'p')}`,
      ...pluginPackage('@s/pkg', NN, 'package'),
    })
    const data = `data:text/javascript,${encodeURIComponent(moduleOf(pluginText(NN, 'data', 'p')))}`
    const specifiers = ['./a b.mjs', fileUrl(app.root, 'u.mjs'), join(app.root, 'abs.mjs'), './old.cjs', '@s/pkg', data]
    const told = await find(app, '{}', { NN_INDEX_PATH: specifiers.join(delimiter) }, join(app.root, 'deep/er'))
    expect(told.skipped).toEqual([])
    expect(Object.keys(told.plugins)).toEqual(['relative', 'url', 'absolute', 'common', 'package', 'data'])
    for (const root of [`${JSON.stringify(app.root)}`, `new URL(${JSON.stringify(fileUrl(app.root))})`, JSON.stringify(fileUrl(app.root))]) {
      expect((await find(app, `{ root: ${root} }`, { NN_INDEX_PATH: './a b.mjs' }, '/')).plugins).toEqual({ relative: 'p' })
    }
  })

  test('what cannot be loaded is skipped with its reason, and the rest is found', async () => {
    const manifest = (name: string, plugins: unknown): Record<string, unknown> => ({
      [`node_modules/${name}/package.json`]: { name, type: 'module', exports: './index.js', cbir: { apiVersion: 1, plugins } },
      [`node_modules/${name}/index.js`]: moduleOf(pluginText(NN, 'real', name)),
    })
    const app = application({
      'package.json': { dependencies: { throws: '1', 'wrong-name': '1', 'wrong-kind': '1', 'wrong-export': '1', fine: '1' } },
      'throws.mjs': 'throw new RangeError("no such device")',
      'throws-nothing.mjs': 'throw undefined',
      'syntax.mjs': 'export const = 1',
      'needs.mjs': 'import "not-installed"',
      'half.mjs': `export const half = { kind: '${NN}', name: 'half', create() {} }`,
      'future.mjs': moduleOf(`{ ...${pluginText(NN, 'future', 'p')}, apiVersion: 2 }`),
      ...pluginPackage('throws', NN, 'x'),
      'node_modules/throws/index.js': 'throw new Error("broken at import")',
      ...manifest('wrong-name', [{ kind: NN, name: 'unreal', export: '.' }]),
      ...manifest('wrong-kind', [{ kind: 'classifier', name: 'real', export: '.' }]),
      ...manifest('wrong-export', [{ kind: NN, name: 'real', export: './gone' }]),
      ...pluginPackage('fine', NN, 'fine'),
    })
    const specifiers = ['./throws.mjs', './throws-nothing.mjs', './syntax.mjs', './needs.mjs', './gone.mjs', './half.mjs', './future.mjs']
    const told = await find(app, '{}', { CBIR_PLUGINS: specifiers.join(delimiter) })
    expect(told.plugins).toEqual({ fine: 'fine' })
    expect(told.skipped.map(({ specifier, source, code }) => `${source} ${specifier} ${code}`)).toEqual([
      'environment ./throws.mjs LOAD_FAILED',
      'environment ./throws-nothing.mjs LOAD_FAILED',
      'environment ./syntax.mjs LOAD_FAILED',
      'environment ./needs.mjs LOAD_FAILED',
      'environment ./gone.mjs NOT_FOUND',
      'environment ./half.mjs INVALID_ARGUMENT',
      'environment ./future.mjs API_VERSION_MISMATCH',
      'manifest throws LOAD_FAILED',
      'manifest wrong-name UNKNOWN_PLUGIN',
      'manifest wrong-kind UNKNOWN_PLUGIN',
      'manifest wrong-export/gone NOT_FOUND',
    ])
    expect(told.skipped[0]).toMatchObject({ cause: 'RangeError: no such device', reason: expect.stringContaining('no such device') })
    expect(told.skipped[7]?.reason).toContain('broken at import')
    expect(told.skipped[8]?.reason).toContain(`a ${NN} "real"`)
  })

  test('with a kind, modules that a manifest lists for other kinds are not imported', async () => {
    const app = application({
      'package.json': { dependencies: { heavy: '1', wanted: '1' } },
      ...pluginPackage('heavy', 'classifier', 'c'),
      'node_modules/heavy/index.js': 'globalThis.heavyWasImported = true',
      ...pluginPackage('wanted', NN, 'n'),
    })
    const script = `const found = await core.discover({ kind: '${NN}' }); return [[...found.plugins.keys()], globalThis.heavyWasImported ?? false]`
    expect(await app.run(script)).toEqual([['n'], false])
  })

  test('earlier sources win; the same plugin twice counts once; within one source neither gets the name', async () => {
    const app = application({
      'package.json': { dependencies: { m: '1', d1: '1', d2: '1', local: '1' } },
      ...pluginPackage('m', NN, 'shared'),
      ...pluginPackage('d1', NN, 'double'),
      ...pluginPackage('d2', NN, 'double'),
      ...pluginPackage('local', NN, 'same'),
      'env.mjs': moduleOf(pluginText(NN, 'shared', 'env'), pluginText(NN, 'same', 'local')),
    })
    const env = { NN_INDEX_PATH: `./env.mjs${delimiter}${fileUrl(app.root, 'env.mjs')}`, CBIR_PLUGINS: './env.mjs' }
    const told = await find(app, `{ kind: '${NN}' }`, env)
    expect(told.plugins).toEqual({ shared: 'env', same: 'local' })
    expect(told.all).toEqual([
      'environment env shared ./env.mjs',
      'environment local same ./env.mjs',
      'manifest m shared m',
      'manifest d1 double d1',
      'manifest d2 double d2',
    ])
    expect(told.skipped.map(({ specifier, code }) => `${specifier} ${code}`)).toEqual(['d1 DUPLICATE_NAME', 'd2 DUPLICATE_NAME'])
    const registry = await app.run(
      `const registry = await core.discoverRegistry()
       const packageOf = (...name) => { try { return registry.get(...name).package } catch (error) { return error.code } }
       return ['shared', 'same', 'double'].map((name) => packageOf('${NN}', name))
         .concat(['d1', 'd2', 'm'].map((owner) => packageOf('${NN}', owner === 'm' ? 'shared' : 'double', owner)), registry.skipped.length)`,
      { env },
    )
    expect(registry).toEqual(['env', 'local', 'DUPLICATE_NAME', 'd1', 'd2', 'm', 2])
  })

  test('a name that several kinds use is told apart by its kind where no kind was asked for', async () => {
    const app = application({
      'a.mjs': moduleOf(pluginText(NN, 'memory', 'p'), pluginText('classifier', 'memory', 'p'), pluginText(NN, 'other', 'p')),
    })
    const env = { CBIR_PLUGINS: './a.mjs' }
    expect(Object.keys((await find(app, '{}', env)).plugins)).toEqual([`${NN}/memory`, 'classifier/memory', 'other'])
    expect(Object.keys((await find(app, `{ kind: '${NN}' }`, env)).plugins)).toEqual(['memory', 'other'])
  })

  test('subInterface keeps the plugins that have it', async () => {
    const app = application({ 'a.mjs': moduleOf(pluginText(NN, 'plain', 'p'), pluginText(NN, 'rich', 'p', `interfaces: ['Base', 'Removable']`)) })
    const told = await find(app, `{ kind: '${NN}', subInterface: 'Removable' }`, { NN_INDEX_PATH: './a.mjs' })
    expect(told.plugins).toEqual({ rich: 'p' })
    expect(told.all).toHaveLength(1)
  })

  test('what does not work here is reported, and a registry refuses it with the same reason', async () => {
    const app = application({
      'a.mjs': moduleOf(
        pluginText(NN, 'gpu', 'p', `usability: async () => ({ usable: false, reason: 'there is no GPU.' })`),
        pluginText(NN, 'odd', 'p', `usability() { throw new Error('dlopen failed') }`),
        pluginText(NN, 'ok', 'p', 'usability: () => ({ usable: true })'),
      ),
    })
    const env = { NN_INDEX_PATH: './a.mjs' }
    const told = await find(app, `{ kind: '${NN}' }`, env)
    expect(told.plugins).toEqual({ ok: 'p' })
    expect(told.all).toHaveLength(3)
    expect(told.skipped.map(({ code, reason }) => `${code} ${reason}`)).toEqual([
      expect.stringMatching(/^NOT_USABLE .*there is no GPU\.$/),
      expect.stringMatching(/^NOT_USABLE .*dlopen failed$/),
    ])
    const refused = `const registry = await core.discoverRegistry(); try { await registry.fromConfig({ type: 'gpu' }) } catch (error) { return [error.code, error.message] }`
    expect(await app.run(refused, { env })).toEqual(['NOT_USABLE', expect.stringContaining('there is no GPU.')])
  })

  test('without reload things stay as they were imported; with it entry modules and manifests are read anew', async () => {
    const app = application({
      'package.json': { type: 'module', dependencies: { m: '1' } },
      ...pluginPackage('m', NN, 'm1'),
      'entry.mjs': `import { name } from './dep.mjs'\nexport const p = { ...${pluginText(NN, 'x', 'p')}, name: 'e1-' + name }`,
      'dep.mjs': `export const name = 'd1'`,
      'old.cjs': `exports.p = ${pluginText(NN, 'c1', 'p')}`,
    })
    const write = (path: string, content: string): string => `fs.writeFileSync(${JSON.stringify(join(app.root, path))}, ${JSON.stringify(content)})`
    const changed = pluginPackage('m', NN, 'm2')
    const counting = `globalThis.n = (globalThis.n ?? 0) + 1; export const p = { ...${pluginText(NN, 'x', 'p')}, name: 'data' + globalThis.n }`
    const data = `data:text/javascript,${encodeURIComponent(counting)}`
    const told = await app.run<string[][]>(
      `const fs = await import('node:fs')
       const names = async (reload) => [...(await core.discover({ reload })).plugins.keys()].sort()
       const first = await names(false)
       ${write('entry.mjs', `import { name } from './dep.mjs'\nexport const p = { ...${pluginText(NN, 'x', 'p')}, name: 'e2-' + name }`)}
       ${write('dep.mjs', `export const name = 'd2'`)}
       ${write('old.cjs', `exports.p = ${pluginText(NN, 'c2', 'p')}`)}
       ${Object.entries(changed)
         .map(([path, content]) => write(path, typeof content === 'string' ? content : JSON.stringify(content)))
         .join('\n')}
       return [first, await names(false), await names(true), await names(false)]`,
      { env: { NN_INDEX_PATH: ['./entry.mjs', './old.cjs', data].join(delimiter) } },
    )
    expect(told[0]).toEqual(['c1', 'data1', 'e1-d1', 'm1'])
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(['c2', 'data2', 'e2-d1', 'm2'])
  })

  test('one discovery imports a module once, even when it reloads', async () => {
    const app = application({
      'a.mjs': `globalThis.imports = (globalThis.imports ?? 0) + 1\n${moduleOf(pluginText(NN, 'n', 'p'), pluginText('classifier', 'c', 'p'))}`,
    })
    const env = { NN_INDEX_PATH: './a.mjs', CLASSIFIER_PATH: './a.mjs', CBIR_PLUGINS: './a.mjs' }
    expect(await app.run('await core.discover({ reload: true }); return globalThis.imports', { env })).toBe(1)
  })

  test('an abort ends the wait for a module that never finishes', async () => {
    const app = application({ 'never.mjs': 'await new Promise((resolve) => setTimeout(resolve, 600_000).unref())' })
    const script = `
      const controller = new AbortController()
      const found = core.discover({ signal: controller.signal })
      setTimeout(() => controller.abort('enough'), 20)
      try { await found } catch (error) { return [error.code, error.cause] }`
    expect(await app.run(script, { env: { CBIR_PLUGINS: './never.mjs' } })).toEqual(['ABORTED', 'enough'])
  })
})

describe('wrong arguments', () => {
  test('a root that is no directory, and an explicit plugin that is none', async () => {
    const { root } = application({ file: '' })
    await expect(discover({ root: join(root, 'gone'), env: {} })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(discover({ root: join(root, 'file'), env: {} })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const error: unknown = await discover({ root, env: {}, plugins: [{ kind: 'x' } as unknown as Plugin] }).catch((thrown: unknown) => thrown)
    expect(CbirError.isInstance(error, 'INVALID_ARGUMENT')).toBe(true)
  })

  test('an aborted signal', async () => {
    await expect(discover({ root: application().root, env: {}, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
