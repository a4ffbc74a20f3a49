// @cbir/conformance: one test suite per interface of @cbir/core, for adapters of any author, with any test runner.

export { ConformanceFailure } from './framework/check.ts'
export { type Random, randomFrom } from './framework/random.ts'
export { type CollectedResult, type CollectingRunner, collectingRunner, type TestRunner } from './framework/runner.ts'
export type { Group, SuiteOptions } from './framework/suite.ts'
export { exactDistance, METRIC_NAMES, type MetricName } from './nearest-neighbors-index/exact-distance.ts'
export type { IndexCapabilityName, IndexCase, IndexGroup, NearestNeighborsIndexSuiteOptions } from './nearest-neighbors-index/index-case.ts'
export {
  nearestNeighborsIndexGroup,
  nearestNeighborsIndexGroups,
  nearestNeighborsIndexSuite,
} from './nearest-neighbors-index/nearest-neighbors-index-suite.ts'
export { type FullIndex, openReferenceNearestNeighborsIndex, referenceNearestNeighborsIndex } from './nearest-neighbors-index/reference.ts'
