// @cbir/conformance: one test suite per interface of @cbir/core, for adapters of any author, with any test runner.

export type {
  ClassificationElementCase,
  ClassificationElementGroup,
  ClassificationElementSuiteOptions,
} from './classification-element/classification-element-case.ts'
export { classificationElementGroups, classificationElementSuite } from './classification-element/classification-element-suite.ts'
export { type ReferenceClassificationTable, referenceClassificationElement } from './classification-element/reference.ts'
export type { ClassifierGroup, ClassifierSuiteOptions } from './classifier/classifier-case.ts'
export { classifierGroups, classifierSuite } from './classifier/classifier-suite.ts'
export { type FullClassifier, openReferenceClassifier, referenceClassifier } from './classifier/reference.ts'
export {
  type ClassifierCollectionGroup,
  type ClassifierCollectionSuiteOptions,
  classifierCollectionGroups,
  classifierCollectionSuite,
} from './classifier-collection/classifier-collection-suite.ts'
export { referenceClassifierCollection } from './classifier-collection/reference.ts'
export type { DataElementCase, DataElementGroup, DataElementSuiteOptions } from './data-element/data-element-case.ts'
export { dataElementGroups, dataElementSuite } from './data-element/data-element-suite.ts'
export { referenceDataElement } from './data-element/reference.ts'
export type { Content, DataSetCase, DataSetGroup, DataSetSuiteOptions } from './data-set/data-set-case.ts'
export { dataSetGroups, dataSetSuite } from './data-set/data-set-suite.ts'
export { readOnlyReferenceDataSet, referenceDataSet } from './data-set/reference.ts'
export type { DescriptorElementCase, DescriptorElementGroup, DescriptorElementSuiteOptions } from './descriptor-element/descriptor-element-case.ts'
export { descriptorElementGroups, descriptorElementSuite } from './descriptor-element/descriptor-element-suite.ts'
export { referenceDescriptorElement, type VectorPlaces } from './descriptor-element/reference.ts'
export { descriptorGeneratorGroups, descriptorGeneratorSuite } from './descriptor-generator/descriptor-generator-suite.ts'
export type { DescriptorGeneratorCase, DescriptorGeneratorGroup, DescriptorGeneratorSuiteOptions } from './descriptor-generator/generator-case.ts'
export { referenceDescriptorGenerator } from './descriptor-generator/reference.ts'
export { descriptorSetGroups, descriptorSetSuite } from './descriptor-set/descriptor-set-suite.ts'
export { openReferenceDescriptorSet, referenceDescriptorSet } from './descriptor-set/reference.ts'
export type { DescriptorSetCase, DescriptorSetGroup, DescriptorSetSuiteOptions } from './descriptor-set/set-case.ts'
export {
  type ElementIndexCase,
  type ElementIndexGroup,
  type ElementIndexSuiteOptions,
  elementIndexGroups,
  elementIndexSuite,
} from './element-index/element-index-suite.ts'
export { referenceElementIndex } from './element-index/reference.ts'
export type { FeatureExtractorCase, FeatureExtractorGroup, FeatureExtractorSuiteOptions } from './feature-extractor/extractor-case.ts'
export { featureExtractorGroups, featureExtractorSuite } from './feature-extractor/feature-extractor-suite.ts'
export { referenceFeatureExtractor } from './feature-extractor/reference.ts'
export { ConformanceFailure } from './framework/check.ts'
export { type Random, randomFrom } from './framework/random.ts'
export { type CollectedResult, type CollectingRunner, collectingRunner, type TestRunner } from './framework/runner.ts'
export type { Group, SuiteOptions } from './framework/suite.ts'
export type { HashIndexCapabilityName, HashIndexCase, HashIndexGroup, HashIndexSuiteOptions } from './hash-index/hash-index-case.ts'
export { hashIndexGroups, hashIndexSuite } from './hash-index/hash-index-suite.ts'
export { type FullHashIndex, openReferenceHashIndex, referenceHashIndex } from './hash-index/reference.ts'
export { keyValueStoreGroups, keyValueStoreSuite } from './key-value-store/key-value-store-suite.ts'
export { openReferenceKeyValueStore, referenceKeyValueStore } from './key-value-store/reference.ts'
export type { KeyValueStoreCase, KeyValueStoreGroup, KeyValueStoreSuiteOptions } from './key-value-store/store-case.ts'
export type { LshFunctorGroup, LshFunctorSuiteOptions } from './lsh-functor/lsh-functor-case.ts'
export { lshFunctorGroups, lshFunctorSuite } from './lsh-functor/lsh-functor-suite.ts'
export { type FullLshFunctor, openReferenceLshFunctor, type ReferenceLshOptions, referenceLshFunctor } from './lsh-functor/reference.ts'
export { exactDistance, METRIC_NAMES, type MetricName } from './nearest-neighbors-index/exact-distance.ts'
export type { IndexCapabilityName, IndexCase, IndexGroup, NearestNeighborsIndexSuiteOptions } from './nearest-neighbors-index/index-case.ts'
export {
  nearestNeighborsIndexGroup,
  nearestNeighborsIndexGroups,
  nearestNeighborsIndexSuite,
} from './nearest-neighbors-index/nearest-neighbors-index-suite.ts'
export { type FullIndex, openReferenceNearestNeighborsIndex, referenceNearestNeighborsIndex } from './nearest-neighbors-index/reference.ts'
export { type PluginCase, type PluginGroup, type PluginSuiteOptions, pluginGroups, pluginSuite } from './plugin/plugin-suite.ts'
export type { RankRelevancyGroup, RankRelevancySuiteOptions } from './rank-relevancy/rank-relevancy-case.ts'
export { rankRelevancyGroups, rankRelevancySuite } from './rank-relevancy/rank-relevancy-suite.ts'
export { type FullRankRelevancy, referenceRankRelevancy } from './rank-relevancy/reference.ts'
export type {
  RecordingMatcherCapabilityName,
  RecordingMatcherCase,
  RecordingMatcherGroup,
  RecordingMatcherSuiteOptions,
} from './recording-matcher/recording-matcher-case.ts'
export { recordingMatcherGroups, recordingMatcherSuite } from './recording-matcher/recording-matcher-suite.ts'
export { type FullRecordingMatcher, openReferenceRecordingMatcher, referenceRecordingMatcher } from './recording-matcher/reference.ts'
export { referenceRelevancyIndex } from './relevancy-index/reference.ts'
export type { RelevancyIndexGroup, RelevancyIndexSuiteOptions } from './relevancy-index/relevancy-index-case.ts'
export { relevancyIndexGroups, relevancyIndexSuite } from './relevancy-index/relevancy-index-suite.ts'
export type { VectorLoaderCase, VectorLoaderGroup, VectorLoaderSuiteOptions } from './vector-loader/loader-case.ts'
export { referenceVectorLoader } from './vector-loader/reference.ts'
export { vectorLoaderGroups, vectorLoaderSuite } from './vector-loader/vector-loader-suite.ts'
