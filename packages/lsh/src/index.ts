// @cbir/lsh: locality-sensitive hashing.

export { type PStableConfig, pStable } from './functor/e2lsh-functor.ts'
export type { FunctorConfig, TrainedLshFunctor } from './functor/functor-config.ts'
export { type ItqConfig, itq } from './functor/itq-functor.ts'
export type { Normalization } from './functor/normalization.ts'
export { type RandomProjectionConfig, randomProjection } from './functor/random-projection-functor.ts'
export { type BallTreeHashIndexConfig, ballTreeHashIndex } from './hash-index/ball-tree-hash-index.ts'
export { linearHashIndex } from './hash-index/linear-hash-index.ts'
export type { ExactHashIndex, HashIndexConfig } from './hash-index/make-hash-index.ts'
export { type MultiIndexHashingConfig, multiIndexHashing } from './hash-index/multi-index-hashing.ts'
export type { LshIndexConfig } from './lsh-index/lsh-config.ts'
export { type LshIndex, type LshIndexOptions, lshIndex } from './lsh-index/lsh-index.ts'
