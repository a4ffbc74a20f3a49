// A loader of windows as plain arrays of numbers, which the reference extractor takes.

import { referenceVectorLoader } from '@cbir/conformance'
import type { VectorLoader } from '@cbir/core'

export function numberWindows(window: number): VectorLoader<readonly number[], readonly number[]> {
  const windows = referenceVectorLoader({ window })
  const { contentUuid, load, release: _, ...rest } = windows
  return {
    ...rest,
    ...(contentUuid ? { contentUuid } : {}),
    async *load(...call) {
      for await (const { value, ...place } of load(...call)) yield { ...place, value: [...value] }
    },
  }
}
