// The reference loader and extractor as plugins, for what is composed of others by configuration.

import { referenceFeatureExtractor } from '@cbir/conformance'
import { definePlugin, type FeatureExtractor, type Plugin, type VectorLoader } from '@cbir/core'
import { field, objectSchema } from '@cbir/core/define'
import { numberWindows } from './number-windows.ts'

export const windowsPlugin: Plugin = definePlugin<{ window: number }, { window: number }, VectorLoader<readonly number[], readonly number[]>>({
  kind: 'vector-loader',
  interfaces: ['VectorLoader'],
  name: 'reference-loader',
  package: '@cbir/conformance',
  configSchema: objectSchema({ window: field.integer({ min: 1 }) }),
  create: ({ window }) => numberWindows(window),
})

export const extractorPlugin: Plugin = definePlugin<{ dimensions: number }, { dimensions: number }, FeatureExtractor<readonly number[]>>({
  kind: 'feature-extractor',
  interfaces: ['FeatureExtractor'],
  name: 'reference-extractor',
  package: '@cbir/conformance',
  configSchema: objectSchema({ dimensions: field.integer({ min: 1 }) }),
  create: referenceFeatureExtractor,
})

/** Their configurations, as they are written inside another. */
export const written = {
  loader: (window: number) => ({ type: 'reference-loader', package: '@cbir/conformance', config: { window } }),
  extractor: (dimensions: number) => ({ type: 'reference-extractor', package: '@cbir/conformance', config: { dimensions } }),
  vectors: (dimensions: number) => ({ type: 'vector-extractor', package: '@cbir/core', config: { dimensions } }),
}
