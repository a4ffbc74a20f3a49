// Which interface each kind of component has, for the type system.

import type { Component } from '../component/component.ts'
import type { DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import type { NearestNeighborsIndex } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'

/**
 * The interface behind each kind. A package with a kind of its own adds it:
 * `declare module '@cbir/core' { interface ComponentKinds { 'my-kind': MyKind } }`
 */
export interface ComponentKinds {
  'descriptor-set': DescriptorSet
  'feature-extractor': FeatureExtractor
  'nearest-neighbors-index': NearestNeighborsIndex
  'vector-loader': VectorLoader
}

/** The interface of kind `K`; `Component` for a kind that is not known here. */
export type ComponentOf<K extends string> = K extends keyof ComponentKinds ? ComponentKinds[K] : Component
