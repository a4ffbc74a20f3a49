// Which interface each kind of component has, for the type system.

import type { ClassificationElement } from '../classification-element/classification-element.ts'
import type { Classifier } from '../classifier/classifier.ts'
import type { Component, KnownKind } from '../component/component.ts'
import type { DataElement } from '../data-element/data-element.ts'
import type { DataSet } from '../data-set/data-set.ts'
import type { DescriptorElement } from '../descriptor-element/descriptor-element.ts'
import type { DescriptorGenerator } from '../descriptor-generator/descriptor-generator.ts'
import type { DescriptorSet } from '../descriptor-set/descriptor-set.ts'
import type { FeatureExtractor } from '../feature-extractor/feature-extractor.ts'
import type { HashIndex } from '../hash-index/hash-index.ts'
import type { KeyValueStore } from '../key-value-store/key-value-store.ts'
import type { LshFunctor } from '../lsh-functor/lsh-functor.ts'
import type { NearestNeighborsIndex } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { RankRelevancy } from '../rank-relevancy/rank-relevancy.ts'
import type { RecordingMatcher } from '../recording-matcher/recording-matcher.ts'
import type { RelevancyIndex } from '../relevancy-index/relevancy-index.ts'
import type { VectorLoader } from '../vector-loader/vector-loader.ts'

/** The interface behind each kind that core knows. */
interface Known extends Record<KnownKind, Component> {
  'classification-element': ClassificationElement
  classifier: Classifier
  'data-element': DataElement
  'data-set': DataSet
  'descriptor-element': DescriptorElement
  'descriptor-generator': DescriptorGenerator
  'descriptor-set': DescriptorSet
  'feature-extractor': FeatureExtractor
  'hash-index': HashIndex
  'key-value-store': KeyValueStore
  'lsh-functor': LshFunctor
  'nearest-neighbors-index': NearestNeighborsIndex
  'rank-relevancy': RankRelevancy
  'recording-matcher': RecordingMatcher
  'relevancy-index': RelevancyIndex
  'vector-loader': VectorLoader
}

/**
 * The interface behind each kind. A package with a kind of its own adds it:
 * `declare module '@cbir/core' { interface ComponentKinds { 'my-kind': MyKind } }`
 */
export interface ComponentKinds extends Known {}

/** The interface of kind `K`; `Component` for a kind that is not known here. */
export type ComponentOf<K extends string> = K extends keyof ComponentKinds ? ComponentKinds[K] : Component
