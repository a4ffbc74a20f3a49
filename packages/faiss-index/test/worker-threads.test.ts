// The addon in worker threads, and in this one at the same time.

import { faissIndex } from '@cbir/faiss-index'
import { expect } from 'vitest'
import { testWorkerThreads } from '../../../tooling/worker-threads.ts'
import { clusteredVectors, itemsOf } from './support/vectors.ts'

testWorkerThreads(new URL('support/worker-program.ts', import.meta.url), 500, async () => {
  const index = await faissIndex({ factory: 'IVF16,Flat', nprobe: 16 })
  expect(await index.build([itemsOf(clusteredVectors(3000, 16))])).toBe(3000)
  await index.dispose()
})
