// The suites of the kit: plugins of all loaders; a loader of each kind that load differently, the others in conformance.long.test.ts; and the pooling.

import * as stft from '@cbir/audio-stft'
import { featureExtractorSuite, pluginSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, type FeatureExtractor, type Tensor } from '@cbir/core'
import { tone } from '../../../tooling/test-sounds.ts'
import { type Config, loaders, testedAlways, testLoader } from './loaders-under-test.ts'

for (const [plugin, config, different, invalid] of loaders) {
  if (testedAlways(plugin)) testLoader(plugin, config, different)
  pluginSuite({ runner, plugin, configs: [config, different], invalid })
}

const registry = createRegistry([stft.statisticsPooling])
const pooling = (config: Config): Promise<FeatureExtractor<Tensor<'f32'>>> =>
  registry.fromConfig({ type: 'statistics-pooling', package: '@cbir/audio-stft', config }, 'feature-extractor')

for (const [config, different] of [
  [{ features: 3 }, { features: 3, statistics: ['std', 'mean'] }],
  [
    { features: 3, statistics: ['mean', 'std', 'min', 'max', 'median'], deltas: 2 },
    { features: 3, deltas: 1 },
  ],
] as const) {
  featureExtractorSuite<Tensor<'f32'>>({
    runner,
    name: `statistics-pooling of ${JSON.stringify(config)}`,
    create: () => pooling(config),
    inputs: (count) => Array.from({ length: count }, (_, i) => ({ dtype: 'f32', shape: [3, 20 + i], data: tone(i, (60 + 3 * i) / 22050) })),
    badInputs: {
      'another number of features': { dtype: 'f32', shape: [4, 5], data: new Float32Array(20) },
      'no frames': { dtype: 'f32', shape: [3, 0], data: new Float32Array(0) },
      'too few numbers': { dtype: 'f32', shape: [3, 5], data: new Float32Array(14) },
      'what is no tensor': 'text' as never,
    },
    spoil: ({ data }) => void data.fill(0),
    different: () => pooling(different),
    fromConfig: (written) => registry.fromConfig(written, 'feature-extractor'),
  })
}

pluginSuite({
  runner,
  plugin: stft.statisticsPooling,
  configs: [{ features: 20 }, { features: 2, statistics: ['max'], deltas: 1 }],
  invalid: { 'no number of features': {}, 'a statistic twice': { features: 2, statistics: ['mean', 'mean'] } },
})
