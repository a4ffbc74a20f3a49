// The suite on the plugins of core.

import { pluginSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { vectorExtractorPlugin } from '@cbir/core'
import { memoryDataSet, memoryDescriptorSet, memoryHashIndex, memoryKeyValueStore } from '@cbir/core/memory'

for (const plugin of [memoryDescriptorSet, memoryDataSet, memoryKeyValueStore]) pluginSuite({ runner, plugin, configs: [{}] })

pluginSuite({
  runner,
  plugin: vectorExtractorPlugin,
  configs: [{ dimensions: 3 }],
  invalid: { 'no dimensions': {}, 'dimensions of 0': { dimensions: 0 } },
})

pluginSuite({ runner, plugin: memoryHashIndex, configs: [{}] })
