// What holds for every descriptor: shapes, finiteness, configuration, errors, abort, and turns of the event loop.

import type { FeatureExtractor, Tensor } from '@cbir/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as descriptors from '../src/index.ts'
import { anyPicture, largestDifference, picture, plain, scene } from './pictures.ts'

const { colourHistogram, colourMoments, hog, imageDescriptor, localBinaryPatterns, perceptualHash } = descriptors

const cases: [string, () => FeatureExtractor<Tensor<'u8'>>, number][] = [
  ['colour-histogram', () => colourHistogram(), 256],
  ['colour-histogram', () => colourHistogram({ space: 'lab', bins: [3, 4, 5], soft: false, grid: [2, 3] }), 360],
  ['colour-moments', () => colourMoments(), 9],
  ['colour-moments', () => colourMoments({ space: 'hsv', grid: [3, 2] }), 54],
  ['hog', () => hog(), 1764],
  ['hog', () => hog({ window: [32, 48], block: 3, orientations: 6, signed: true }), 2 * 4 * 9 * 6],
  ['local-binary-patterns', () => localBinaryPatterns(), 28],
  ['local-binary-patterns', () => localBinaryPatterns({ rings: [{ radius: 1.5, points: 12 }], mapping: 'u2', grid: [2, 2] }), 4 * 135],
  ['perceptual-hash', () => perceptualHash(), 64],
  ['perceptual-hash', () => perceptualHash({ size: 5 }), 25],
  ['image-descriptor', () => imageDescriptor(), 1210],
  ['image-descriptor', () => imageDescriptor({ weights: { layout: 0, shape: 2 } }), 634],
]

const plugins = [colourHistogram, colourMoments, hog, localBinaryPatterns, perceptualHash, imageDescriptor]

describe.each(cases)('%s', (name, make, dimensions) => {
  const extractor = make()

  test('is a feature extractor of fixed dimensions', () => {
    expect(extractor.kind).toBe('feature-extractor')
    expect(extractor.name).toBe(name)
    expect(extractor.dimensions).toBe(dimensions)
  })

  test('gives one finite row for a picture of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPicture(), { minLength: 1, maxLength: 3 }), async (pictures) => {
        const batch = await extractor.extract(pictures)
        expect(batch.count).toBe(pictures.length)
        expect(batch.data.length).toBe(pictures.length * dimensions)
        expect(batch.data.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 20 },
    )
  })

  test('takes single pixels, lines and plain pictures', async () => {
    const odd = [plain(1, 1, [9, 200, 30]), plain(1, 300, [0, 0, 0]), plain(400, 1, [255, 255, 255]), scene(1, 500, 3), scene(2, 2, 700)]
    const batch = await extractor.extract(odd)
    expect(batch.data.every(Number.isFinite)).toBe(true)
  })

  test('sees grey as equal channels, with the channel axis or without', async () => {
    const grey = Uint8Array.from({ length: 20 * 15 }, (_, i) => (i * 37) % 256)
    const rgb = picture(20, 15, (x, y) => [grey[y * 15 + x]!, grey[y * 15 + x]!, grey[y * 15 + x]!])
    const { data } = await extractor.extract([rgb, { dtype: 'u8', shape: [20, 15, 1], data: grey }, { dtype: 'u8', shape: [20, 15], data: grey }])
    expect(data.slice(dimensions, 2 * dimensions)).toEqual(data.slice(0, dimensions))
    expect(data.slice(2 * dimensions)).toEqual(data.slice(0, dimensions))
  })

  test('gives each picture the same row whatever stands beside it', async () => {
    const [a, b] = [scene(1), scene(2, 41, 33)]
    const both = await extractor.extract([a, b])
    const alone = await extractor.extract([b])
    expect(both.data.slice(dimensions)).toEqual(alone.data)
    expect(largestDifference(both.data.slice(0, dimensions), alone.data)).toBeGreaterThan(0)
  })

  test('has read its input when the call returns its promise', async () => {
    const source = scene(3)
    const expected = await extractor.extract([source])
    const changing = { ...source, data: source.data.slice() }
    const pending = extractor.extract([scene(1, 300, 300), changing])
    changing.data.fill(0)
    expect((await pending).data.slice(dimensions)).toEqual(expected.data)
  })

  test('aborts between steps, and names the reason', async () => {
    const controller = new AbortController()
    const large = scene(1, 900, 900)
    const pending = extractor.extract([large, large, large, large, large, large], { signal: controller.signal })
    setImmediate(() => controller.abort('enough'))
    await expect(pending).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' })
  })

  test('lets the event loop turn within one large picture', async () => {
    let turns = 0
    let over = false
    const count = (): void => {
      turns++
      if (!over) setImmediate(count)
    }
    setImmediate(count)
    await extractor.extract([scene(1, 1500, 1500)])
    over = true
    expect(turns).toBeGreaterThan(1)
  })

  test('reports progress', async () => {
    const seen: unknown[] = []
    await extractor.extract([scene(1), scene(2)], { onProgress: (progress) => seen.push(progress) })
    expect(seen).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ])
  })

  test('comes back from its configuration with the same fingerprint', async () => {
    const { type, package: from, config } = extractor.toConfig()
    expect([type, from]).toEqual([name, '@cbir/image-descriptors'])
    const plugin = plugins.find((one) => one.name === type) as unknown as (config: unknown) => FeatureExtractor<Tensor<'u8'>>
    const again = plugin(config)
    expect(again.toConfig().config).toEqual(config)
    expect(again.fingerprint).toBe(extractor.fingerprint)
    expect(extractor.fingerprint).toMatch(new RegExp(`^${name}:v\\d+:`))
  })

  test.each([
    ['a float tensor', { dtype: 'f32', shape: [2, 2, 3], data: new Float32Array(12) }],
    ['channels first', { dtype: 'u8', shape: [3, 8, 8], data: new Uint8Array(192) }],
    ['four channels', { dtype: 'u8', shape: [2, 2, 4], data: new Uint8Array(16) }],
    ['a batch axis', { dtype: 'u8', shape: [1, 2, 2, 3], data: new Uint8Array(12) }],
    ['no pixels', { dtype: 'u8', shape: [0, 2, 3], data: new Uint8Array(0) }],
    ['too few bytes', { dtype: 'u8', shape: [2, 2, 3], data: new Uint8Array(11) }],
    ['a plain array', { dtype: 'u8', shape: [1, 1, 3], data: [1, 2, 3] }],
    ['nothing', undefined],
    ['no shape', { dtype: 'u8', data: new Uint8Array(3) }],
  ])('refuses %s and says which input it was', async (_, wrong) => {
    const pending = extractor.extract([scene(1), wrong as Tensor<'u8'>])
    await expect(pending).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { input: 1 } })
  })
})

test('different configurations have different fingerprints', () => {
  const fingerprints = cases.map(([, make]) => make().fingerprint)
  expect(new Set(fingerprints).size).toBe(cases.length)
})

test('the manifest lists every plugin', async () => {
  const manifest = (await import('../package.json', { with: { type: 'json' } })).default
  expect(manifest.cbir.plugins.map(({ name }) => name).sort()).toEqual(plugins.map(({ name }) => name).sort())
  expect(manifest.cbir.plugins.every(({ kind }) => kind === 'feature-extractor')).toBe(true)
})

test.each([
  ['a misspelt option', () => colourHistogram({ bin: [1, 1, 1] } as never)],
  ['no bins', () => colourHistogram({ bins: [0, 4, 4] })],
  ['too many numbers', () => colourHistogram({ bins: [256, 256, 4] })],
  ['an unknown space', () => colourMoments({ space: 'luv' as never })],
  ['a window that cells do not fill', () => hog({ window: [60, 64] })],
  ['a window smaller than a block', () => hog({ window: [8, 64] })],
  ['points that a quarter turn does not keep', () => localBinaryPatterns({ rings: [{ radius: 1, points: 6 }] })],
  ['no rings', () => localBinaryPatterns({ rings: [] })],
  ['a hash of one bit', () => perceptualHash({ size: 1 })],
  ['no part at all', () => imageDescriptor({ weights: { colour: 0, layout: 0, texture: 0, shape: 0 } })],
  ['a negative weight', () => imageDescriptor({ weights: { colour: -1 } })],
])('refuses %s', (_, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_CONFIG' }))
})
