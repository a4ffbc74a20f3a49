// The suites of the kit, for every descriptor: as it is, and with other options.

import { featureExtractorSuite, pluginSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, type FeatureExtractor, type Plugin, type Tensor } from '@cbir/core'
import { colourHistogram, colourMoments, hog, imageDescriptor, localBinaryPatterns, perceptualHash } from '@cbir/image-descriptors'
import { scene } from './pictures.ts'

type Config = Readonly<Record<string, unknown>>

const descriptors: readonly (readonly [plugin: Plugin, other: Config, invalid: Config])[] = [
  [colourHistogram, { space: 'lab', bins: [3, 4, 5], soft: false, grid: [2, 3] }, { bins: [0, 4, 4] }],
  [colourMoments, { space: 'hsv', grid: [3, 2] }, { space: 'luv' }],
  [hog, { window: [32, 48], block: 3, orientations: 6, signed: true }, { window: [60, 64] }],
  [localBinaryPatterns, { rings: [{ radius: 1.5, points: 12 }], mapping: 'u2', grid: [2, 2] }, { rings: [] }],
  [perceptualHash, { size: 5 }, { size: 1 }],
  [imageDescriptor, { weights: { layout: 0, shape: 2 } }, { weights: { colour: 0, layout: 0, texture: 0, shape: 0 } }],
]

for (const [plugin, other, invalid] of descriptors) {
  const registry = createRegistry([plugin])
  const make = (config: Config): Promise<FeatureExtractor<Tensor<'u8'>>> =>
    registry.fromConfig({ type: plugin.name, package: plugin.package, config }, 'feature-extractor')

  for (const [config, different] of [
    [{}, other],
    [other, {}],
  ] as const) {
    featureExtractorSuite<Tensor<'u8'>>({
      runner,
      name: `${plugin.name} of ${JSON.stringify(config)}`,
      create: () => make(config),
      inputs: (count) => Array.from({ length: count }, (_, i) => scene(i, 60 + i, 80)),
      badInputs: {
        'a float tensor': { dtype: 'f32', shape: [2, 2, 3], data: new Float32Array(12) } as never,
        'channels first': { dtype: 'u8', shape: [3, 8, 8], data: new Uint8Array(192) },
        'too few bytes': { dtype: 'u8', shape: [2, 2, 3], data: new Uint8Array(11) },
        'what is no tensor': 'text' as never,
      },
      spoil: ({ data }) => void data.fill(0),
      different: () => make(different),
      fromConfig: (written) => registry.fromConfig(written, 'feature-extractor'),
    })
  }

  pluginSuite({ runner, plugin, configs: [{}, other], invalid: { 'what does not fit': invalid } })
}
