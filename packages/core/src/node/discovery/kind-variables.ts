// The environment variables that name plugins, and the helper export that goes with each.

/** A kind of component that has its own variable. */
export interface KindVariable {
  readonly kind: string
  /** Specifiers of modules that offer plugins of this kind. */
  readonly variable: string
  /** The export by which a module says what it offers of this kind. */
  readonly helper: string
}

/** Specifiers of modules that offer plugins of any kind. */
export const ANY_KIND_VARIABLE = 'CBIR_PLUGINS'

const STEMS: readonly (readonly [kind: string, stem: string])[] = [
  ['classifier', 'CLASSIFIER'],
  ['descriptor-generator', 'DESCRIPTOR_GENERATOR'],
  ['feature-extractor', 'FEATURE_EXTRACTOR'],
  ['hash-index', 'HASH_INDEX'],
  ['lsh-functor', 'LSH_FUNCTOR'],
  ['nearest-neighbors-index', 'NN_INDEX'],
  ['recording-matcher', 'RECORDING_MATCHER'],
  ['relevancy-index', 'RELEVANCY_INDEX'],
  ['vector-loader', 'VECTOR_LOADER'],
]

/** One entry a kind; the names are SMQTK's, and in their form those of the kinds that SMQTK does not have. */
export const KIND_VARIABLES: readonly KindVariable[] = STEMS.map(([kind, stem]) => ({ kind, variable: `${stem}_PATH`, helper: `${stem}_CLASS` }))
