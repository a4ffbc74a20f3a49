// Raw pixels: a 16 × 16 thumbnail as a vector. What a search must beat to be worth its name.

import { defineFeatureExtractor, type Tensor } from '@cbir/core'
import { imageLoader } from '@cbir/image-loader'
import type { Descriptor } from './descriptor.ts'

const SIDE = 16
const DIMENSIONS = SIDE * SIDE * 3

export function rawPixels(): Descriptor {
  return {
    loader: imageLoader({ resize: { exact: { width: SIDE, height: SIDE } }, dtype: 'f32', scale: 1 / 255 }),
    extractor: defineFeatureExtractor<Tensor<'f32'>>('raw-pixels', {
      dimensions: DIMENSIONS,
      fingerprint: 'v1',
      extract(thumbnails) {
        const data = new Float32Array(thumbnails.length * DIMENSIONS)
        for (const [i, thumbnail] of thumbnails.entries()) data.set(thumbnail.data, i * DIMENSIONS)
        return { data, count: thumbnails.length, dimensions: DIMENSIONS }
      },
    }),
  }
}
