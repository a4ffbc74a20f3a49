// What the configurations of the descriptors share.

/** A configuration with every default filled in. */
export type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** The name of this package in every component's configuration. */
export const PACKAGE = '@cbir/image-descriptors'

/** Longest vector that a configuration may ask for; beyond it a mistyped number would fill the memory. */
export const MAX_DIMENSIONS = 65_536
