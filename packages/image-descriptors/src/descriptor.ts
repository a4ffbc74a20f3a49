// Descriptor: one computation over a picture in small steps, and the feature extractor that runs it without blocking.

import { defineFeatureExtractor, type FeatureExtractor, type Tensor } from '@cbir/core'
import { TimeSlice, throwIfAborted } from '@cbir/core/define'
import { PACKAGE } from './config.ts'
import { type CheckedInput, checkInput, type Picture, toRgb } from './picture.ts'
import type { Steps } from './steps.ts'

export interface Descriptor {
  readonly dimensions: number
  /** Writes the vector of a picture into `out`, which holds `dimensions` zeros. */
  describe(picture: Picture, out: Float32Array): Steps
}

/** Pictures a call likes best: batching saves nothing here, and few pictures at a time keep the copies small. */
const BATCH = 8

/** Inputs of together so many bytes (2 to 3 ms of copying) are copied before a call gives out its promise. */
const COPIED_AT_ONCE = 8 * 2 ** 20

/**
 * The feature extractor of a descriptor. `version` counts the changes of the algorithm that change its numbers: it is part of the
 * fingerprint, so vectors of an older version are computed again and never mixed with new ones.
 *
 * The caller may change its inputs as soon as it has the promise if they have together at most 8 MiB; larger ones, whose copying would hold up the
 * event loop, must stay as they are until it resolves.
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
        const pictures = privateCopies(inputs.map(checkInput))
        const data = new Float32Array(pictures.length * dimensions)
        const slice = new TimeSlice()
        for (const [i, picture] of pictures.entries()) {
          for (const _ of describeInput(descriptor, picture, data.subarray(i * dimensions, (i + 1) * dimensions))) {
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

function privateCopies(inputs: readonly CheckedInput[]): readonly CheckedInput[] {
  const bytes = inputs.reduce((sum, { data }) => sum + data.length, 0)
  return bytes > COPIED_AT_ONCE ? inputs : inputs.map((input) => ({ ...input, data: new Uint8Array(input.data) }))
}

function* describeInput(descriptor: Descriptor, input: CheckedInput, out: Float32Array): Steps {
  yield* descriptor.describe(yield* toRgb(input), out)
}
