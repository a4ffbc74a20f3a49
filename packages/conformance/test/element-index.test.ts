// The suite on the reference, and on core's withElements.

import { elementIndexSuite, referenceElementIndex, referenceNearestNeighborsIndex } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { withElements } from '@cbir/core'
import { memoryDescriptorSet } from '@cbir/core/memory'

elementIndexSuite({ runner, name: 'reference element index', create: referenceElementIndex })

elementIndexSuite({
  runner,
  name: 'withElements',
  create: () => withElements(referenceNearestNeighborsIndex({ metric: 'euclidean' }), memoryDescriptorSet()),
})
