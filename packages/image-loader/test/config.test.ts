import { CbirError, createRegistry } from '@cbir/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImageLoaderConfig, imageLoader, PRESETS } from '../src/index.ts'

const size = fc.record({ width: fc.integer({ min: 1, max: 500 }), height: fc.integer({ min: 1, max: 500 }) })
const rgb = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255))
const number = fc.double({ min: -300, max: 300, noNaN: true })

/** Configurations that are valid: any subset of fields, values that fit together. */
const configs: fc.Arbitrary<ImageLoaderConfig> = fc
  .record(
    {
      orient: fc.boolean(),
      colourProfile: fc.constantFrom('apply' as const, 'ignore' as const),
      background: rgb,
      resize: fc.oneof(
        fc.constant(null),
        fc.record({ shorterSide: fc.integer({ min: 1, max: 500 }) }),
        fc.record({ exact: size }),
        fc.record({ inside: size }),
        fc.record({ letterbox: size }),
      ),
      kernel: fc.constantFrom('nearest' as const, 'linear' as const, 'cubic' as const, 'mitchell' as const, 'lanczos2' as const, 'lanczos3' as const),
      fastShrinkOnLoad: fc.boolean(),
      padColour: rgb,
      channels: fc.constantFrom('rgb' as const, 'bgr' as const),
      scale: number,
      mean: fc.oneof(number, fc.tuple(number, number, number)),
      std: fc.double({ min: 0.01, max: 300, noNaN: true }),
      layout: fc.constantFrom('nchw' as const, 'nhwc' as const),
      failOn: fc.constantFrom('none' as const, 'truncated' as const, 'error' as const, 'warning' as const),
      limitInputPixels: fc.integer({ min: 1, max: 1e9 }),
      concurrency: fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max: 9 })),
    },
    { requiredKeys: [] },
  )
  .map((config) => ({ ...config, dtype: 'f32' as const }))

function issuesOf(config: unknown): { path: string; message: string }[] {
  try {
    imageLoader(config as ImageLoaderConfig)
  } catch (error) {
    if (CbirError.isInstance(error, 'INVALID_CONFIG')) return error.details['issues'] as { path: string; message: string }[]
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('the configuration', () => {
  it('has a full form that parses to itself and is what toConfig gives', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { config: full, ...rest } = imageLoader(config).toConfig()
        expect(rest).toEqual({ type: 'image-loader', package: '@cbir/image-loader' })
        expect(imageLoader(full as ImageLoaderConfig).toConfig().config).toEqual(full)
        expect(JSON.parse(JSON.stringify(full))).toEqual(full)
      }),
    )
  })

  it('comes back through a registry as it was parsed', async () => {
    const registry = createRegistry([imageLoader])
    for (const config of [{}, ...Object.keys(PRESETS).map((preset) => ({ preset }))]) {
      const wire = { type: 'image-loader', package: '@cbir/image-loader', config }
      const parsed = await registry.parse(wire)
      const loader = await registry.fromConfig(wire)
      expect(loader.toConfig()).toEqual(parsed)
      expect(await registry.parse(parsed)).toEqual(parsed)
    }
  })

  it.each(Object.keys(PRESETS) as (keyof typeof PRESETS)[])('expands the preset %s, without its name', (preset) => {
    const full = imageLoader({ preset }).toConfig().config
    expect(full).toMatchObject(PRESETS[preset])
    expect(full).not.toHaveProperty('preset')
    expect(imageLoader(full as ImageLoaderConfig).toConfig().config).toEqual(full)
  })

  it('lets fields win over the preset, and an undefined field counts as absent', () => {
    const full = imageLoader({ preset: 'caffe-227', kernel: 'lanczos3', layout: undefined, crop: null }).toConfig().config
    expect(full).toMatchObject({ kernel: 'lanczos3', layout: 'nchw', crop: null, resize: { shorterSide: 256 } })
  })

  it('spreads one number over all channels', () => {
    expect(imageLoader({ dtype: 'f32', mean: 5, std: 2 }).toConfig().config).toMatchObject({ mean: [5, 5, 5], std: [2, 2, 2] })
    expect(imageLoader({ dtype: 'f32', channels: 'grey', mean: 5 }).toConfig().config).toMatchObject({ mean: [5], std: [1] })
  })

  it.each([
    ['an unknown field', { sise: 3 }, ''],
    ['an unknown preset', { preset: 'imagenet' }, 'preset'],
    ['two ways of resizing', { resize: { shorterSide: 3, inside: { width: 3, height: 3 } } }, 'resize'],
    ['no way of resizing', { resize: {} }, 'resize'],
    ['a size of nothing', { resize: { exact: { width: 0, height: 3 } } }, 'resize.exact.width'],
    ['crop beside letterbox', { resize: { letterbox: { width: 3, height: 3 } }, crop: { width: 2, height: 2 } }, 'crop'],
    ['an exact size that must not enlarge', { resize: { exact: { width: 3, height: 3 } }, enlarge: false }, 'enlarge'],
    ['scaled bytes', { dtype: 'u8', scale: 1 / 255 }, 'dtype'],
    ['a preset of floats as bytes', { preset: 'imagenet-224', dtype: 'u8' }, 'dtype'],
    ['three means for one channel', { preset: 'caffe-227', channels: 'grey' }, 'mean'],
    ['one mean in a list for three channels', { dtype: 'f32', mean: [1] }, 'mean'],
    ['a standard deviation of 0', { dtype: 'f32', std: [1, 0, 1] }, 'std'],
    ['a colour out of range', { padColour: [0, 256, 0] }, 'padColour[1]'],
    ['NaN', { dtype: 'f32', mean: Number.NaN }, 'mean'],
    ['no configuration at all', null, ''],
  ])('refuses %s, and says where', (_, config, path) => {
    const paths = issuesOf(config).map((issue) => issue.path.replace(/\.(\d+)/g, '[$1]'))
    expect(paths).toContain(path)
  })
})

describe('the fingerprint', () => {
  it('changes with whatever changes the numbers', () => {
    const of = (config: ImageLoaderConfig): string => imageLoader(config).fingerprint
    const base = of({})
    expect(of({})).toBe(base)
    for (const config of [
      { kernel: 'cubic' },
      { orient: false },
      { layout: 'nchw' },
      { padColour: [1, 0, 0] },
      { dtype: 'f32' },
      { failOn: 'none' },
    ] as const) {
      expect(of(config)).not.toBe(base)
    }
    expect(base).toContain('libvips-')
  })

  it('does not change with what only bounds the work', () => {
    expect(imageLoader({ concurrency: 1, limitInputPixels: 1000 }).fingerprint).toBe(imageLoader({}).fingerprint)
  })

  it('is the same for a preset and for its fields', () => {
    const full = imageLoader({ preset: 'clip-224' })
    expect(imageLoader(full.toConfig().config as ImageLoaderConfig).fingerprint).toBe(full.fingerprint)
  })
})

describe('the plugin', () => {
  it('says what it is', () => {
    const { kind, name, apiVersion } = imageLoader
    expect({ kind, name, apiVersion, package: imageLoader.package }).toEqual({
      kind: 'vector-loader',
      name: 'image-loader',
      apiVersion: 1,
      package: '@cbir/image-loader',
    })
  })
})
