// @cbir/core/define: what an adapter is built with: the `define…` of every kind, their drivers, and the tools that core uses itself.

export {
  type ClassifierDriver,
  type DefinedClassifier,
  defineClassifier,
  openClassifier,
  type TrainingClass,
} from './classifier/define-classifier.ts'
export { describeComponent } from './component/describe-component.ts'
export { type ElementFactory, elementFactory } from './component/element-factory.ts'
export { type ModelDirectory, type ModelDriver, type ModelStorage, type PersistableModel, TrainedModel } from './component/trained-model.ts'
export { abortable, abortError, onAbort, throwIfAborted } from './concurrency/abort.ts'
export { applyBatches } from './concurrency/apply-batches.ts'
export { type Guard, guardCalls } from './concurrency/guard.ts'
export { inSlices } from './concurrency/in-slices.ts'
export { Lifetime } from './concurrency/lifetime.ts'
export { type MapOptions, mapOrdered } from './concurrency/map-ordered.ts'
export { ReadWriteLock } from './concurrency/read-write-lock.ts'
export { Semaphore } from './concurrency/semaphore.ts'
export { SLICE_MS, TimeSlice, yieldTurn } from './concurrency/time-slice.ts'
export { configWith } from './config/component-field.ts'
export { definePlugin, type PluginDefinition, type PluginFactory } from './config/define-plugin.ts'
export {
  type Field,
  type FieldOptions,
  type Fields,
  field,
  type NumberFieldOptions,
  noConfig,
  objectSchema,
  type Parsed,
  type StringFieldOptions,
} from './config/object-schema.ts'
export { resolveSecret, type SecretReference } from './config/secret.ts'
export { type DataSetDriver, defineDataSet } from './data-set/define-data-set.ts'
export { noVectorError, takeVector } from './descriptor-element/take-vector.ts'
export { type DescriptorPage, type DescriptorSetDriver, defineDescriptorSet } from './descriptor-set/define-descriptor-set.ts'
export { nearNames } from './errors/near-names.ts'
export { readOnlyError } from './errors/read-only.ts'
export { withDetails } from './errors/with-details.ts'
export { callForeign, toCbirError } from './errors/wrap-error.ts'
export { defineFeatureExtractor, type FeatureExtractorDriver } from './feature-extractor/define-feature-extractor.ts'
export {
  type DefinedHashIndex,
  defineHashIndex,
  type HashIndexDirectory,
  type HashIndexStorage,
  openHashIndex,
} from './hash-index/define-hash-index.ts'
export type { HashIndexDriver } from './hash-index/hash-index-driver.ts'
export { linearScan, type ScannedCodes } from './hash-index/memory-hash-index.ts'
export { defineKeyValueStore, type KeyPage, type KeyValueStoreDriver } from './key-value-store/define-key-value-store.ts'
export { type DefinedLshFunctor, defineLshFunctor, type LshFunctorDriver, openLshFunctor } from './lsh-functor/define-lsh-functor.ts'
export { adoptRows, type HeldRows } from './nearest-neighbors-index/adopt-rows.ts'
export {
  type DefinedIndex,
  defineNearestNeighborsIndex,
  type IndexDirectory,
  type IndexStorage,
  openNearestNeighborsIndex,
} from './nearest-neighbors-index/define-nearest-neighbors-index.ts'
export type {
  AppendOptions,
  DenseRowsDriver,
  RowBitmap,
  RowNames,
  RowNeighbours,
  RowSearchOptions,
  SavedShape,
  TuningParameter,
  WriteOptions,
} from './nearest-neighbors-index/dense-rows-driver.ts'
export { makeNeighbours } from './nearest-neighbors-index/neighbours.ts'
export { originsFit } from './nearest-neighbors-index/origin.ts'
export { RowSet } from './nearest-neighbors-index/row-set.ts'
export { readVectors, writeVectors } from './nearest-neighbors-index/vector-file.ts'
export { type DefinedRankRelevancy, defineRankRelevancy, type RankRelevancyDriver, type RowFeedback } from './rank-relevancy/define-rank-relevancy.ts'
export {
  type DefinedRecordingMatcher,
  defineRecordingMatcher,
  openRecordingMatcher,
  type RecordingMatcherDirectory,
  type RecordingMatcherStorage,
} from './recording-matcher/define-recording-matcher.ts'
export type { RecordingMatcherDriver, RowMatch, SoundReader } from './recording-matcher/recording-matcher-driver.ts'
export { defineRelevancyIndex, type RelevancyIndexDriver } from './relevancy-index/define-relevancy-index.ts'
export type { Examples } from './relevancy-index/examples.ts'
export { defineVectorLoader, type VectorLoaderDriver } from './vector-loader/define-vector-loader.ts'
export { checkPositiveInteger } from './vectors/check-number.ts'
export { checkUids, copyUids } from './vectors/check-uids.ts'
export { allFinite, notFiniteError } from './vectors/finite.ts'
export { ItemsReader } from './vectors/items-reader.ts'
export { checkDimensions, checkFinite, copyBatch } from './vectors/private-copy.ts'
export { pull } from './vectors/pull.ts'
export { ScratchMemory, scratchMemory } from './vectors/scratch-memory.ts'
export { checkUid, duplicateUidError, unknownUidError } from './vectors/uids.ts'
