// supports: whether a component has an ability, at run time and for the type system.

import type { Classifier, ClassifierCapability, ClassifierMethods } from '../classifier/classifier.ts'
import type { HashIndex, HashIndexCapability, HashIndexMethods } from '../hash-index/hash-index.ts'
import type { LshFunctor, LshFunctorCapability, LshFunctorMethods } from '../lsh-functor/lsh-functor.ts'
import type { CapabilityMethods, IndexCapability, NearestNeighborsIndex } from '../nearest-neighbors-index/nearest-neighbors-index.ts'
import type { RankRelevancy, RankRelevancyCapability, RankRelevancyMethods } from '../rank-relevancy/rank-relevancy.ts'
import type { RecordingMatcher, RecordingMatcherCapability, RecordingMatcherMethods } from '../recording-matcher/recording-matcher.ts'

/**
 * Whether this instance has an ability, and to the type system that it has its methods.
 * @example if (supports(index, 'remove')) await index.remove(['a'])
 */
export function supports<I extends NearestNeighborsIndex, C extends IndexCapability>(index: I, capability: C): index is I & CapabilityMethods[C]
export function supports<I extends HashIndex, C extends HashIndexCapability>(index: I, capability: C): index is I & HashIndexMethods[C]
export function supports<F extends LshFunctor, C extends LshFunctorCapability>(functor: F, capability: C): functor is F & LshFunctorMethods[C]
export function supports<T extends Classifier, C extends ClassifierCapability>(classifier: T, capability: C): classifier is T & ClassifierMethods[C]
export function supports<R extends RankRelevancy, C extends RankRelevancyCapability>(ranker: R, capability: C): ranker is R & RankRelevancyMethods[C]
export function supports<M extends RecordingMatcher, C extends RecordingMatcherCapability>(
  matcher: M,
  capability: C,
): matcher is M & RecordingMatcherMethods[C]
export function supports(component: { readonly capabilities: ReadonlySet<string> }, capability: string): boolean {
  return component.capabilities.has(capability)
}
