// Descriptor: one computation over a picture in small steps, and the feature extractor that runs it without blocking.

import { defineFeatureExtractor, type FeatureExtractor, type Tensor, TimeSlice, throwIfAborted } from '@cbir/core'
import { PACKAGE } from './config.ts'
import { type Picture, takePicture } from './picture.ts'

/** Work that can pause at each `yield`; between two of them lies at most about a millisecond. */
export type Steps<Result = void> = Generator<void, Result, void>

export interface Descriptor {
  readonly dimensions: number
  /** Writes the vector of a picture into `out`, which holds `dimensions` zeros. */
  describe(picture: Picture, out: Float32Array): Steps
}

/** Longest run of pixels that a descriptor treats between two `yield`s. */
export const SPAN = 4096

/** Pictures a call likes best: batching saves nothing here, and few pictures at a time keep the copies small. */
const BATCH = 8

/**
 * The feature extractor of a descriptor. `version` counts the changes of the algorithm that change its numbers: it is part of the
 * fingerprint, so vectors of an older version are computed again and never mixed with new ones.
 */
export function extractorOf(
  name: string,
  version: number,
  config: Readonly<Record<string, unknown>>,
  descriptor: Descriptor,
): FeatureExtractor<Tensor<'u8'>> {
  const { dimensions } = descriptor
  return defineFeatureExtractor<Tensor<'u8'>>(
    { name, package: PACKAGE, config },
    {
      dimensions,
      fingerprint: `v${version}:${JSON.stringify(config)}`,
      batchSize: BATCH,
      async extract(inputs, { signal, onProgress }) {
        const pictures = inputs.map(takePicture)
        const data = new Float32Array(pictures.length * dimensions)
        const slice = new TimeSlice()
        for (const [i, picture] of pictures.entries()) {
          for (const _ of descriptor.describe(picture, data.subarray(i * dimensions, (i + 1) * dimensions))) {
            if (!slice.due()) continue
            await slice.pause()
            throwIfAborted(signal)
          }
          onProgress?.({ done: i + 1, total: pictures.length })
        }
        return { data, count: pictures.length, dimensions }
      },
    },
  )
}
