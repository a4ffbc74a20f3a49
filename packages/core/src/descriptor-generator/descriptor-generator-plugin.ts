// descriptorGeneratorPlugin: a generator from configuration, its loader and extractor included.

import type { ComponentConfig } from '../component/component.ts'
import { definePlugin, type PluginFactory } from '../config/define-plugin.ts'
import { field, objectSchema } from '../config/object-schema.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'
import { createDescriptorGenerator } from './create-descriptor-generator.ts'
import type { DescriptorGenerator } from './descriptor-generator.ts'

/** The configuration of a generator. */
export interface DescriptorGeneratorConfig {
  readonly loader: ComponentConfig
  readonly extractor: ComponentConfig
}

/** What it is made of in code; there, `createDescriptorGenerator` also checks that the two fit each other. */
export interface DescriptorGeneratorParts {
  readonly loader: VectorLoader
  readonly extractor: FeatureExtractor
}

/** The plugin: `{ loader, extractor }`, both components. */
export const descriptorGeneratorPlugin: PluginFactory<DescriptorGeneratorParts, DescriptorGeneratorConfig, DescriptorGenerator> = definePlugin({
  kind: 'descriptor-generator',
  interfaces: ['DescriptorGenerator'],
  name: 'descriptor-generator',
  package: '@cbir/core',
  components: { loader: 'vector-loader', extractor: 'feature-extractor' },
  configSchema: objectSchema<DescriptorGeneratorConfig>({ loader: field.component(), extractor: field.component() }),
  create: (_config, { loader, extractor }) => createDescriptorGenerator(loader as VectorLoader, extractor as FeatureExtractor),
})
