// @cbir/core: interfaces, vectors, metrics, errors, configuration and pipelines. No dependency, no Node module: it runs in a browser.

export type * from './classification-element/classification-element.ts'
export { classificationsEqual, confidenceOf, maxLabel, takeConfidences } from './classification-element/confidences.ts'
export {
  memoryClassificationElement,
  memoryClassificationElementFactory,
  memoryClassificationElementPlugin,
} from './classification-element/memory-classification-element.ts'
export type * from './classifier/classifier.ts'
export { type ClassifierCollection, createClassifierCollection } from './classifier/classifier-collection.ts'
export { type ClassifyElementsOptions, classifyElement, classifyElements } from './classifier/classify-elements.ts'
export {
  type ClassifierDriver,
  type DefinedClassifier,
  defineClassifier,
  openClassifier,
  type TrainingClass,
} from './classifier/define-classifier.ts'
export type { CallOptions, Progress } from './component/call-options.ts'
export { API_VERSION, type Component, type ComponentConfig, type Identity, type KnownKind } from './component/component.ts'
export { describeComponent } from './component/describe-component.ts'
export type * from './component/directory-container.ts'
export { type ElementConfig, elementConfigSchema } from './component/element-config.ts'
export { type ElementFactory, elementFactory } from './component/element-factory.ts'
export { supports } from './component/supports.ts'
export { type ModelDirectory, type ModelDriver, type ModelStorage, type PersistableModel, TrainedModel } from './component/trained-model.ts'
export { abortable, abortError, onAbort, throwIfAborted } from './concurrency/abort.ts'
export { applyBatches } from './concurrency/apply-batches.ts'
export { type Guard, guardCalls } from './concurrency/guard.ts'
export { inSlices } from './concurrency/in-slices.ts'
export { Lifetime } from './concurrency/lifetime.ts'
export { type MapOptions, mapOrdered } from './concurrency/map-ordered.ts'
export { ReadWriteLock } from './concurrency/read-write-lock.ts'
export { SLICE_MS, TimeSlice, yieldTurn } from './concurrency/time-slice.ts'
export { configWith } from './config/component-field.ts'
export type { ComponentKinds, ComponentOf } from './config/component-kinds.ts'
export { definePlugin, type PluginDefinition, type PluginFactory } from './config/define-plugin.ts'
export { isComponent } from './config/is-component.ts'
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
export type * from './config/plugin.ts'
export { createRegistry, type PluginDescription, type Registry, type WrittenConfig } from './config/registry.ts'
export { resolveSecret, type SecretReference } from './config/secret.ts'
export type { JsonSchema, JsonSchemaConverter, SchemaIssue, SchemaResult, StandardSchema } from './config/standard-schema.ts'
export { fromBase64, toBase64 } from './data-element/base64.ts'
export { contentTypeOf, contentTypeOfName } from './data-element/content-type-of-name.ts'
export type { DataElement, DigestAlgorithm } from './data-element/data-element.ts'
export { type DataUrlContent, dataUrlElement, parseDataUrl } from './data-element/data-url.ts'
export { digestOf } from './data-element/digest.ts'
export {
  type MemoryDataElementConfig,
  type MemoryDataElementOptions,
  memoryDataElement,
  memoryDataElementPlugin,
} from './data-element/memory-data-element.ts'
export { SNIFF_BYTES, sniffContentType } from './data-element/sniff-content-type.ts'
export type { DataSet } from './data-set/data-set.ts'
export { type DataSetDriver, defineDataSet } from './data-set/define-data-set.ts'
export { memoryDataSet } from './data-set/memory-data-set.ts'
export { addElement, getElement, hasElement } from './data-set/single-element.ts'
export type * from './descriptor-element/descriptor-element.ts'
export { descriptorsEqual, itemsOfElements } from './descriptor-element/element-vectors.ts'
export {
  memoryDescriptorElement,
  memoryDescriptorElementFactory,
  memoryDescriptorElementPlugin,
} from './descriptor-element/memory-descriptor-element.ts'
export { noVectorError, takeVector } from './descriptor-element/take-vector.ts'
export { createDescriptorGenerator, encoder } from './descriptor-generator/create-descriptor-generator.ts'
export type * from './descriptor-generator/descriptor-generator.ts'
export {
  type DescriptorGeneratorConfig,
  type DescriptorGeneratorParts,
  descriptorGeneratorPlugin,
} from './descriptor-generator/descriptor-generator-plugin.ts'
export { type DescriptorPage, type DescriptorSetDriver, defineDescriptorSet } from './descriptor-set/define-descriptor-set.ts'
export type * from './descriptor-set/descriptor-set.ts'
export { descriptorSetElement, descriptorSetElementFactory } from './descriptor-set/descriptor-set-element.ts'
export { memoryDescriptorSet } from './descriptor-set/memory-descriptor-set.ts'
export { addVector, getVector, hasVector, removeVector } from './descriptor-set/single-vector.ts'
export { CbirError, type CbirErrorOptions } from './errors/cbir-error.ts'
export { ERROR_CODES, type ErrorCode } from './errors/error-codes.ts'
export { nearNames } from './errors/near-names.ts'
export { readOnlyError } from './errors/read-only.ts'
export { withDetails } from './errors/with-details.ts'
export { callForeign, toCbirError } from './errors/wrap-error.ts'
export { type ChainConfig, chain, chainPlugin } from './feature-extractor/chain.ts'
export { defineFeatureExtractor, type FeatureExtractorDriver } from './feature-extractor/define-feature-extractor.ts'
export type { FeatureExtractor } from './feature-extractor/feature-extractor.ts'
export { type VectorExtractorConfig, vectorExtractor, vectorExtractorPlugin } from './feature-extractor/vector-extractor.ts'
export {
  type DefinedHashIndex,
  defineHashIndex,
  type HashIndexDirectory,
  type HashIndexStorage,
  openHashIndex,
} from './hash-index/define-hash-index.ts'
export type * from './hash-index/hash-index.ts'
export type { HashIndexDriver } from './hash-index/hash-index-driver.ts'
export { type MemoryHashIndex, memoryHashIndex } from './hash-index/memory-hash-index.ts'
export { defineKeyValueStore, type KeyPage, type KeyValueStoreDriver } from './key-value-store/define-key-value-store.ts'
export type * from './key-value-store/key-value-store.ts'
export { memoryKeyValueStore } from './key-value-store/memory-key-value-store.ts'
export { addValue, getValue, hasKey, removeKey, valuesOf } from './key-value-store/single-value.ts'
export { type DefinedLshFunctor, defineLshFunctor, type LshFunctorDriver, openLshFunctor } from './lsh-functor/define-lsh-functor.ts'
export type * from './lsh-functor/lsh-functor.ts'
export { type CoordinateSum, distance, METRIC_NAMES, METRICS, type Metric, type MetricDefinition } from './metrics/metric.ts'
export {
  type DefinedIndex,
  defineNearestNeighborsIndex,
  type IndexDirectory,
  type IndexStorage,
  openNearestNeighborsIndex,
} from './nearest-neighbors-index/define-nearest-neighbors-index.ts'
export type { DenseRowsDriver, RowBitmap, RowNeighbours, RowSearchOptions, TuningParameter } from './nearest-neighbors-index/dense-rows-driver.ts'
export type * from './nearest-neighbors-index/nearest-neighbors-index.ts'
export { makeNeighbours } from './nearest-neighbors-index/neighbours.ts'
export { originsFit } from './nearest-neighbors-index/origin.ts'
export { type ElementIndex, type ElementNeighbours, itemsOf, withElements } from './nearest-neighbors-index/with-elements.ts'
export { createRetrievalPipeline, type PipelineComponents } from './pipeline/create-retrieval-pipeline.ts'
export type * from './pipeline/retrieval-pipeline.ts'
export { type DefinedRankRelevancy, defineRankRelevancy, type RankRelevancyDriver, type RowFeedback } from './rank-relevancy/define-rank-relevancy.ts'
export type * from './rank-relevancy/rank-relevancy.ts'
export { defineRelevancyIndex, type RelevancyIndexDriver } from './relevancy-index/define-relevancy-index.ts'
export type { Examples } from './relevancy-index/examples.ts'
export type * from './relevancy-index/relevancy-index.ts'
export { defineVectorLoader, type VectorLoaderDriver } from './vector-loader/define-vector-loader.ts'
export { type FitOptions, functionVectorLoader } from './vector-loader/function-vector-loader.ts'
export type { Part, VectorLoader } from './vector-loader/vector-loader.ts'
export { type BitBatch, bitBatch, bitBatchOf, bitStride, bitsOf, checkBitBatch } from './vectors/bit-batch.ts'
export { checkPositiveInteger } from './vectors/check-number.ts'
export { checkUids, copyUids } from './vectors/check-uids.ts'
export { allFinite, notFiniteError } from './vectors/finite.ts'
export { ItemsReader } from './vectors/items-reader.ts'
export { checkDimensions, checkFinite, copyBatch } from './vectors/private-copy.ts'
export { pull } from './vectors/pull.ts'
export { isSource, iteratorOf, type Source } from './vectors/source.ts'
export type { Tensor, TensorData, TensorType } from './vectors/tensor.ts'
export { checkUid, duplicateUidError, unknownUidError } from './vectors/uids.ts'
export { checkBatchShape, describeType, type Items, rowOf, type VectorBatch, vectorBatch, vectorBatchOf } from './vectors/vector-batch.ts'
