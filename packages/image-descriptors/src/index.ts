// @cbir/image-descriptors: classic descriptors of pictures that need no model.

export { type ColourHistogramConfig, colourHistogram } from './colour-histogram.ts'
export { type ColourMomentsConfig, colourMoments } from './colour-moments.ts'
export type { ColourSpace } from './colour-space.ts'
export type { Filled } from './config.ts'
export { type HogConfig, hog } from './hog.ts'
export { type ImageDescriptorConfig, type ImageDescriptorWeights, imageDescriptor } from './image-descriptor.ts'
export type { LbpRing } from './lbp-codes.ts'
export { type LocalBinaryPatternsConfig, localBinaryPatterns } from './local-binary-patterns.ts'
export { hashBits, type PerceptualHashConfig, perceptualHash } from './perceptual-hash.ts'
