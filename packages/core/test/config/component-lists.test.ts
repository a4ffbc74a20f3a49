import { describe, expect, test } from 'vitest'
import { configWith, describeComponent, field, noConfig, objectSchema } from '../../src/define.ts'
import {
  CbirError,
  type Component,
  type ComponentConfig,
  chain,
  chainPlugin,
  createDescriptorGenerator,
  createRegistry,
  definePlugin,
  defineVectorLoader,
  descriptorGeneratorPlugin,
  type FeatureExtractor,
  type Plugin,
  type VectorLoader,
  vectorExtractor,
  vectorExtractorPlugin,
} from '../../src/index.ts'

const PACKAGE = '@test/lists'
let log: string[] = []

const member: Plugin = definePlugin<{ name?: string; fails?: boolean }, { name: string; fails: boolean }, Component>({
  kind: 'classifier',
  interfaces: [],
  name: 'member',
  package: PACKAGE,
  configSchema: objectSchema<{ name: string; fails: boolean }>({ name: field.string({ default: 'x' }), fails: field.boolean({ default: false }) }),
  create(config) {
    if (config.fails) throw new CbirError('NOT_FOUND', 'no model')
    log.push(`make ${config.name}`)
    const component = describeComponent('classifier', { name: 'member', package: PACKAGE, config })
    return { ...component, dispose: async () => void log.push(`dispose ${config.name}`) } as Component
  },
})
interface BandConfig {
  readonly members: readonly ComponentConfig[]
}
const band = definePlugin<{ members?: readonly Component[] }, BandConfig, Component & { readonly size: number; dispose?(): Promise<void> }>({
  kind: 'classifier',
  interfaces: [],
  name: 'band',
  package: PACKAGE,
  components: { members: 'classifier[]' },
  configSchema: objectSchema<BandConfig>({
    members: field.array(field.component(), { default: [{ type: 'member', package: PACKAGE, config: {} }] }),
  }),
  create: (config, built, lists) => ({
    ...describeComponent('classifier', { name: 'band', package: PACKAGE, config: configWith(config, built, lists) }),
    size: lists.members?.length ?? 0,
  }),
})
const registry = createRegistry([member, band])
const one = (name: string): ComponentConfig => ({ type: 'member', package: PACKAGE, config: { name, fails: false } })

describe('a field that holds a list of components', () => {
  test('is parsed, built in order, written back and disposed', async () => {
    log = []
    const written = { type: 'band', config: { members: [{ type: 'member', config: { name: 'a' } }, { type: 'band' }] } }
    const parsed = await registry.parse(written)
    expect(parsed.config.members).toEqual([one('a'), { type: 'band', package: PACKAGE, config: { members: [one('x')] } }])
    expect(await registry.parse(parsed)).toEqual(parsed)
    const made = (await registry.fromConfig(written)) as Component & { size: number; dispose(): Promise<void> }
    expect(made.size).toBe(2)
    expect(made.toConfig()).toEqual(parsed)
    await made.dispose()
    expect(log).toEqual(['make a', 'make x', 'dispose x', 'dispose a'])
  })

  test('may be empty, and its default is filled in', async () => {
    const empty = await registry.parse({ type: 'band', config: { members: [] } })
    expect(empty.config.members).toEqual([])
    expect((await registry.fromConfig(empty)).toConfig()).toEqual(empty)
    expect((await registry.defaultConfig('classifier', 'band')).config.members).toEqual([one('x')])
  })

  test('problems name the place in the list', async () => {
    const members = [{ type: 'member' }, { type: 'membre' }, { type: 'member', config: { name: 5 } }, 7]
    const error: unknown = await registry.parse({ type: 'band', config: { members } }).catch((thrown: unknown) => thrown)
    const paths = ((error as CbirError).details.issues as { path: string }[]).map((issue) => issue.path)
    expect(paths).toEqual(['members[1].type', 'members[2].config.name', 'members[3]'])
    await expect(registry.parse({ type: 'band', config: { members: { type: 'member' } } })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: expect.stringContaining('members: expected an array of components, got Object'),
    })
  })

  test('a failure on the way disposes what was made', async () => {
    log = []
    const members = [
      { type: 'member', config: { name: 'a' } },
      { type: 'member', config: { fails: true } },
    ]
    await expect(registry.fromConfig({ type: 'band', config: { members } })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      details: { path: 'members[1]' },
    })
    expect(log).toEqual(['make a', 'dispose a'])
  })

  test('takes live components in code', () => {
    const live = band({ members: [band({ members: [] })] })
    expect(live.size).toBe(1)
    expect(() => band({ members: [describeComponent('hash-index', 'x')] })).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
  })
})

describe("core's own components that hold others", () => {
  const loaderPlugin = definePlugin<Record<string, never>, Record<string, never>, VectorLoader<Float32Array, Float32Array>>({
    kind: 'vector-loader',
    interfaces: ['VectorLoader'],
    name: 'as-it-is',
    package: PACKAGE,
    configSchema: noConfig,
    create: (config) =>
      defineVectorLoader<Float32Array, Float32Array>(
        { name: 'as-it-is', package: PACKAGE, config },
        {
          fingerprint: '1',
          load: async function* (value) {
            yield { value }
          },
        },
      ),
  })
  const all = createRegistry([loaderPlugin, chainPlugin, vectorExtractorPlugin, descriptorGeneratorPlugin])

  test('a generator and a chain are made again from what they say of themselves', async () => {
    const generator = createDescriptorGenerator(loaderPlugin(), chain(vectorExtractor(3), vectorExtractor(3)))
    const config = generator.toConfig()
    expect(await all.parse(config)).toEqual(config)
    const again = await all.fromConfig(config, 'descriptor-generator')
    expect(again.toConfig()).toEqual(config)
    expect(again.name).toBe('descriptor-generator')
    expect(await again.producer()).toBe(await generator.producer())
    expect((await again.encode(Float32Array.of(1, 2, 3))).vectors.data).toEqual(Float32Array.of(1, 2, 3))
  })

  test('a chain of one is refused', async () => {
    const extractors = [{ type: 'vector-extractor', config: { dimensions: 2 } }]
    await expect(all.fromConfig({ type: 'chain', config: { extractors } })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(() => chainPlugin({ extractors: [] as FeatureExtractor[] })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
