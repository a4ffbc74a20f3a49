import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { configWith, describeComponent, field, noConfig, objectSchema } from '../../src/define.ts'
import {
  CbirError,
  type Component,
  type ComponentConfig,
  createRegistry,
  definePlugin,
  type Plugin,
  type PluginFactory,
  type StandardSchema,
} from '../../src/index.ts'

const PACKAGE = '@test/lsh'
const ref = (type: string): ComponentConfig => ({ type, package: PACKAGE, config: {} })

interface ItqConfig {
  readonly bits: number
  readonly seed: number
}
interface LshConfig {
  readonly functor: ComponentConfig
  readonly hashIndex?: ComponentConfig | undefined
  readonly candidates: number
}

/** What was made and disposed, in order. */
let log: string[] = []
beforeEach(() => {
  log = []
})

type Disposable = Component & { dispose(): Promise<void> }
function component(kind: string, name: string, config: object | (() => Readonly<Record<string, unknown>>), packageName = PACKAGE): Disposable {
  log.push(`make ${name}`)
  const described = describeComponent(kind, { name, package: packageName, config: config as Readonly<Record<string, unknown>> })
  return { ...described, dispose: async () => void log.push(`dispose ${name}`) }
}

interface ItqInput {
  readonly bits?: number
  readonly seed?: number
}
const itq: PluginFactory<ItqInput, ItqConfig, Disposable> = definePlugin({
  kind: 'lsh-functor',
  interfaces: ['LshFunctor'],
  name: 'itq',
  package: PACKAGE,
  configSchema: objectSchema<ItqConfig>({ bits: field.integer({ min: 1, default: 64 }), seed: field.integer({ default: 0 }) }),
  create: (config) => component('lsh-functor', 'itq', config),
})
const linear: Plugin = definePlugin({
  kind: 'hash-index',
  interfaces: ['HashIndex'],
  name: 'linear',
  package: PACKAGE,
  configSchema: noConfig,
  create: (config) => component('hash-index', 'linear', config),
})
const lsh: PluginFactory<{ functor: Component; hashIndex?: Component; candidates?: number }, LshConfig, Disposable> = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex'],
  name: 'lsh-index',
  package: PACKAGE,
  components: { functor: 'lsh-functor', hashIndex: 'hash-index' },
  configSchema: objectSchema<LshConfig>({
    functor: field.component({ default: ref('itq') }),
    hashIndex: field.component({ optional: true }),
    candidates: field.integer({ min: 1, default: 1000 }),
  }),
  create: (config, built) => component('nearest-neighbors-index', 'lsh-index', configWith(config, built)),
})
const wrap: Plugin = definePlugin({
  kind: 'nearest-neighbors-index',
  interfaces: ['NearestNeighborsIndex'],
  name: 'wrap',
  package: PACKAGE,
  components: { inner: 'nearest-neighbors-index' },
  configSchema: objectSchema<{ inner: ComponentConfig }>({ inner: field.component() }),
  create: (config, built) => component('nearest-neighbors-index', 'wrap', configWith(config, built)),
})
const registry = createRegistry([itq, linear, lsh, wrap])

async function failure(work: Promise<unknown> | (() => unknown)): Promise<CbirError> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    if (CbirError.isInstance(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
const paths = (error: CbirError): string[] => (error.details.issues as { path: string }[]).map((issue) => issue.path)
const variant = (plugin: Plugin, change: Partial<Plugin>): Plugin => ({ ...plugin, ...change }) as Plugin

describe('a registry of plugins', () => {
  test('lists and finds them', () => {
    expect(registry.plugins().map((plugin) => plugin.name)).toEqual(['itq', 'linear', 'lsh-index', 'wrap'])
    expect(registry.plugins('hash-index')).toEqual([linear])
    expect(registry.get('lsh-functor', 'itq')).toBe(itq)
    expect(registry.get('lsh-functor', 'itq', PACKAGE)).toBe(itq)
  })

  test.each([
    [['lsh-functor', 'iqt'], 'Did you mean "itq"?'],
    [['hash-index', 'itq'], 'There is a lsh-functor "itq" of @test/lsh.'],
    [['lsh-functor', 'itq', '@other/lsh'], 'There is a lsh-functor "itq" of @test/lsh.'],
    [['hash-index', 'something-else'], 'There is "linear".'],
    [['classifier', 'svm'], 'There is no classifier at all'],
  ] as const)('an unknown name %j says what there is', async (name, hint) => {
    const error = await failure(() => registry.get(...(name as readonly [string, string])))
    expect(error.code).toBe('UNKNOWN_PLUGIN')
    expect(error.message).toContain(hint)
  })

  test('of two packages with one name neither gets it, and the package reaches either', async () => {
    const other = variant(itq, { package: '@other/lsh' })
    const both = createRegistry([itq, other, lsh])
    const error = await failure(() => both.get('lsh-functor', 'itq'))
    expect(error).toMatchObject({ code: 'DUPLICATE_NAME', details: { packages: [PACKAGE, '@other/lsh'] } })
    expect(both.get('lsh-functor', 'itq', '@other/lsh')).toBe(other)
    expect((await failure(both.parse({ type: 'lsh-index', config: { functor: { type: 'itq' } } }))).code).toBe('DUPLICATE_NAME')
    expect(await both.parse({ type: 'lsh-index', config: { functor: { type: 'itq', package: '@other/lsh' } } })).toMatchObject({
      config: { functor: { package: '@other/lsh', config: { bits: 64 } } },
    })
    expect(both.describe().map((plugin) => plugin.shortName)).toEqual([false, false, true])
  })

  test('the same plugin twice counts once', () => {
    const again = createRegistry([itq, itq, variant(itq, {})])
    expect(again.plugins()).toEqual([itq])
    expect(again.get('lsh-functor', 'itq')).toBe(itq)
  })

  test('one name under two kinds needs the kind', async () => {
    const twice = createRegistry([itq, variant(linear, { name: 'itq' })])
    expect((await failure(twice.parse({ type: 'itq' }))).code).toBe('DUPLICATE_NAME')
    expect(await twice.parse({ type: 'itq' }, 'hash-index')).toEqual({ type: 'itq', package: PACKAGE, config: {} })
  })

  test('a plugin of another version and a malformed one are refused, with what is missing', async () => {
    expect((await failure(() => createRegistry([variant(itq, { apiVersion: 2 as 1 })]))).code).toBe('API_VERSION_MISMATCH')
    const error = await failure(() => createRegistry([itq, { kind: 'x', name: 'y' } as unknown as Plugin]))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.message).toContain('Plugin 1 of the registry ("y")')
    for (const missing of ['package', 'interfaces', 'configSchema', 'create', 'apiVersion']) expect(error.message).toContain(missing)
    for (const missing of ['kind must', 'name must', 'components']) expect(error.message).not.toContain(missing)
    expect((await failure(() => createRegistry([null as unknown as Plugin]))).code).toBe('INVALID_ARGUMENT')
    expect((await failure(() => createRegistry([variant(lsh, { components: { functor: 1 as unknown as string } })]))).message).toContain('components')
  })
})

describe('parse', () => {
  test('fills defaults and packages in at every depth', async () => {
    expect(
      await registry.parse({ type: 'wrap', config: { inner: { type: 'lsh-index', config: { functor: { type: 'itq', config: { bits: 32 } } } } } }),
    ).toEqual({
      type: 'wrap',
      package: PACKAGE,
      config: {
        inner: {
          type: 'lsh-index',
          package: PACKAGE,
          config: { functor: { type: 'itq', package: PACKAGE, config: { bits: 32, seed: 0 } }, candidates: 1000 },
        },
      },
    })
  })

  test('components of a default are filled in too', async () => {
    expect(await registry.defaultConfig('nearest-neighbors-index', 'lsh-index')).toMatchObject({
      config: { functor: { config: { bits: 64, seed: 0 } } },
    })
    expect(await failure(registry.defaultConfig('nearest-neighbors-index', 'wrap'))).toMatchObject({ code: 'INVALID_CONFIG' })
  })

  test('leaves the input as it is and shares nothing with it', async () => {
    const input = { type: 'lsh-index', config: { functor: { type: 'itq', config: { bits: 8 } } } }
    const before = structuredClone(input)
    const parsed = await registry.parse(input)
    ;(parsed.config.functor as { config: { bits: number } }).config.bits = 9
    expect(input).toEqual(before)
  })

  test('gives every problem with its whole path', async () => {
    const error = await failure(
      registry.parse({
        type: 'wrap',
        config: {
          inner: {
            type: 'lsh-index',
            config: { functor: { type: 'itq', config: { bits: 0, sed: 1 } }, candidates: -1, hashIndex: { type: 'linaer' } },
          },
        },
      }),
    )
    expect(error.code).toBe('INVALID_CONFIG')
    expect(paths(error)).toEqual([
      'inner.config.functor.config.sed',
      'inner.config.functor.config.bits',
      'inner.config.hashIndex.type',
      'inner.config.candidates',
    ])
    expect(error.message).toContain('inner.config.functor.config.bits: expected an integer of at least 1, got 0')
    expect(error.message).toContain('Did you mean "linear"?')
  })

  test('an unknown or ambiguous name that is all that is wrong keeps its code', async () => {
    const error = await failure(registry.parse({ type: 'lsh-index', config: { functor: { type: 'pca' } } }))
    expect(error.code).toBe('UNKNOWN_PLUGIN')
    expect(paths(error)).toEqual(['functor.type'])
    expect((await failure(registry.parse({ type: 'nope' }))).code).toBe('UNKNOWN_PLUGIN')
  })

  test('a component of the wrong kind is refused', async () => {
    const error = await failure(registry.parse({ type: 'lsh-index', config: { functor: { type: 'linear' } } }))
    expect(error.code).toBe('UNKNOWN_PLUGIN')
    expect(error.message).toContain('There is a hash-index "linear"')
    expect((await failure(registry.parse({ type: 'itq' }, 'hash-index'))).code).toBe('UNKNOWN_PLUGIN')
  })

  test.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['text', 'itq', ''],
    ['no type', {}, 'type'],
    ['an empty type', { type: '' }, 'type'],
    ['a package that is no text', { type: 'itq', package: 1 }, 'package'],
    ['a misspelt key', { type: 'itq', confg: {} }, 'confg'],
    ['a config that is no object', { type: 'itq', config: [] }, ''],
    ['a live component', describeComponent('lsh-functor', 'mine'), ''],
    ['a function inside', { type: 'lsh-index', config: { functor: { type: 'itq', config: { f: () => 0 } } } }, 'functor.config.f'],
    ['NaN', { type: 'itq', config: { bits: Number.NaN } }, 'bits'],
    ['a live component inside', { type: 'lsh-index', config: { functor: 5 } }, 'functor'],
  ])('refuses %s', async (_, config, path) => {
    const error = await failure(registry.parse(config as ComponentConfig))
    expect(error.code).toBe('INVALID_CONFIG')
    expect(paths(error)).toEqual([path])
  })

  test('refuses what contains itself and what never ends', async () => {
    const config: Record<string, unknown> = {}
    config.inner = { type: 'wrap', config }
    expect(paths(await failure(registry.parse({ type: 'wrap', config })))).toEqual(['inner.config'])
    let nested: ComponentConfig = { type: 'lsh-index', package: PACKAGE, config: {} }
    for (let i = 0; i < 40; i++) nested = { type: 'wrap', package: PACKAGE, config: { inner: nested } }
    expect((await failure(registry.parse(nested))).message).toContain('nested more than 32 deep')
    const endless = variant(wrap, {
      configSchema: objectSchema<{ inner: ComponentConfig }>({ inner: field.component({ default: ref('wrap') }) }),
    })
    expect((await failure(createRegistry([endless]).parse({ type: 'wrap' }))).code).toBe('INVALID_CONFIG')
  })

  test('a schema that breaks the rules is named', async () => {
    const schema = (validate: () => unknown): StandardSchema => ({ '~standard': { version: 1, vendor: 'test', validate: validate as () => never } })
    const of = (validate: () => unknown): Promise<CbirError> =>
      failure(createRegistry([variant(itq, { configSchema: schema(validate) })]).parse({ type: 'itq' }))
    const throwing = (): never => {
      throw new Error('oops')
    }
    for (const validate of [throwing, () => ({ value: 5 }), () => ({ value: { date: new Date() } })]) {
      const error = await of(validate)
      expect(error.code).toBe('ADAPTER_FAULT')
      expect(error.message).toContain('"itq" (@test/lsh)')
    }
  })

  test('takes schemas that validate asynchronously', async () => {
    const later = variant(itq, { configSchema: { '~standard': { version: 1, vendor: 'test', validate: async () => ({ value: { bits: 1 } }) } } })
    expect((await createRegistry([later]).parse({ type: 'itq' })).config).toEqual({ bits: 1 })
  })
})

const written = fc.letrec<{ index: object }>((tie) => ({
  index: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      type: fc.constant('lsh-index'),
      config: fc.record(
        {
          functor: fc.record(
            {
              type: fc.constant('itq'),
              package: fc.constant(PACKAGE),
              config: fc.record({ bits: fc.integer({ min: 1 }), seed: fc.integer() }, { requiredKeys: [] }),
            },
            { requiredKeys: ['type'] },
          ),
          hashIndex: fc.record({ type: fc.constant('linear') }),
          candidates: fc.integer({ min: 1 }),
        },
        { requiredKeys: [] },
      ),
    }),
    fc.record({ type: fc.constant('wrap'), config: fc.record({ inner: tie('index') }) }),
  ),
})).index

describe('the law', () => {
  test('toConfig(await fromConfig(c)) is parse(c), and parsing again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (config) => {
        const parsed = await registry.parse(config as ComponentConfig)
        expect(await registry.parse(parsed)).toEqual(parsed)
        const made = await registry.fromConfig(config as ComponentConfig)
        expect(made.toConfig()).toEqual(parsed)
        expect((await registry.fromConfig(made.toConfig())).toConfig()).toEqual(parsed)
      }),
    )
  })

  test('holds for what was made in code', async () => {
    const live = lsh({ functor: itq({ bits: 12 }) })
    expect(live.toConfig()).toEqual(await registry.parse({ type: 'lsh-index', config: { functor: { type: 'itq', config: { bits: 12 } } } }))
    const bare = lsh({ functor: describeComponent('lsh-functor', 'mine') })
    expect((await failure(() => bare.toConfig())).code).toBe('NOT_SERIALIZABLE')
    expect((await failure(() => lsh({ functor: ref('itq') as unknown as Component }))).code).toBe('INVALID_CONFIG')
  })
})

describe('fromConfig', () => {
  test('makes the inner components first, and disposing the result disposes them after it, once', async () => {
    const made = (await registry.fromConfig({
      type: 'wrap',
      config: { inner: { type: 'lsh-index', config: { hashIndex: { type: 'linear' } } } },
    })) as Disposable
    expect(log).toEqual(['make itq', 'make linear', 'make lsh-index', 'make wrap'])
    log = []
    await Promise.all([made.dispose(), made.dispose()])
    expect(log).toEqual(['dispose wrap', 'dispose lsh-index', 'dispose linear', 'dispose itq'])
  })

  test('an inner component that cannot be disposed does not spare the others, and is heard of', async () => {
    const stuck = variant(linear, {
      create: () => ({ ...component('hash-index', 'linear', {}), dispose: () => Promise.reject(new Error('stuck')) }) as Component,
    })
    const made = (await createRegistry([itq, stuck, lsh]).fromConfig({ type: 'lsh-index', config: { hashIndex: { type: 'linear' } } })) as Disposable
    log = []
    await expect(made.dispose()).rejects.toThrow('stuck')
    expect(log).toEqual(['dispose lsh-index', 'dispose itq'])
  })

  test('a failure on the way disposes what was made', async () => {
    const broken = variant(linear, {
      create: () => {
        throw new TypeError('no memory')
      },
    })
    const error = await failure(
      createRegistry([itq, broken, lsh, wrap]).fromConfig({
        type: 'wrap',
        config: { inner: { type: 'lsh-index', config: { hashIndex: { type: 'linear' } } } },
      }),
    )
    expect(error).toMatchObject({ code: 'ADAPTER_FAULT', cause: expect.any(TypeError), details: { path: 'inner.config.hashIndex' } })
    expect(error.message).toContain('inner.config.hashIndex')
    expect(log).toEqual(['make itq', 'dispose itq'])
  })

  test('an error of the plugin itself keeps its code', async () => {
    const broken = variant(itq, { create: () => Promise.reject(new CbirError('CORRUPT_DATA', 'bad file')) })
    expect((await failure(createRegistry([broken]).fromConfig({ type: 'itq' }))).code).toBe('CORRUPT_DATA')
    expect(await failure(createRegistry([broken, lsh]).fromConfig({ type: 'lsh-index' }))).toMatchObject({
      code: 'CORRUPT_DATA',
      details: { path: 'functor' },
    })
  })

  test('what cannot be used here is refused with the reason, before anything is made', async () => {
    const unusable = variant(linear, { usability: async () => ({ usable: false, reason: 'there is no GPU. Install one.' }) })
    const config = { type: 'lsh-index', config: { hashIndex: { type: 'linear' } } }
    const error = await failure(createRegistry([itq, unusable, lsh]).fromConfig(config))
    expect(error).toMatchObject({ code: 'NOT_USABLE', details: { path: 'hashIndex' } })
    expect(error.message).toContain('there is no GPU. Install one.')
    expect(log).toEqual([])
    const throwing = variant(linear, { usability: () => Promise.reject(new Error('dlopen')) })
    expect((await failure(createRegistry([itq, throwing, lsh]).fromConfig(config))).message).toContain('dlopen')
  })

  test('what create gives must be a component of the kind and version', async () => {
    for (const [made, code] of [
      [{}, 'ADAPTER_FAULT'],
      [undefined, 'ADAPTER_FAULT'],
      [component('hash-index', 'itq', {}), 'ADAPTER_FAULT'],
      [{ ...component('lsh-functor', 'itq', {}), apiVersion: 2 }, 'API_VERSION_MISMATCH'],
    ] as const) {
      log = []
      expect((await failure(createRegistry([variant(itq, { create: () => made as Component })]).fromConfig({ type: 'itq' }))).code).toBe(code)
      if (made && 'dispose' in made) expect(log).toEqual(['dispose itq'])
    }
  })

  test('a frozen component cannot own others', async () => {
    const frozen = variant(lsh, { create: (_, built) => Object.freeze(component('nearest-neighbors-index', 'lsh-index', configWith({}, built))) })
    expect((await failure(createRegistry([itq, frozen]).fromConfig({ type: 'lsh-index' }))).code).toBe('ADAPTER_FAULT')
    expect(log.at(-1)).toBe('dispose itq')
  })

  test('an abort disposes what was made', async () => {
    const controller = new AbortController()
    const aborting = variant(linear, {
      create: () => {
        controller.abort('enough')
        return component('hash-index', 'linear', {})
      },
    })
    const error = await failure(
      createRegistry([itq, aborting, lsh]).fromConfig({ type: 'lsh-index', config: { hashIndex: { type: 'linear' } } }, undefined, {
        signal: controller.signal,
      }),
    )
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    expect(log).toEqual(['make itq', 'make linear', 'dispose linear', 'dispose itq'])
  })
})

test('describe is JSON, with the JSON Schema where the schema has one', () => {
  const plain = variant(linear, { name: 'plain', configSchema: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } } })
  const description = createRegistry([lsh, plain]).describe()
  expect(JSON.parse(JSON.stringify(description))).toEqual(description)
  expect(description[0]).toMatchObject({
    kind: 'nearest-neighbors-index',
    name: 'lsh-index',
    package: PACKAGE,
    apiVersion: 1,
    interfaces: ['NearestNeighborsIndex'],
    components: { functor: 'lsh-functor', hashIndex: 'hash-index' },
    shortName: true,
    configSchema: { properties: { candidates: { type: 'integer', minimum: 1, default: 1000 } } },
  })
  expect(description[1]).not.toHaveProperty('configSchema')
})
