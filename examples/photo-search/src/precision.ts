// Precision at k: of the k pictures nearest to a picture, how many are of its kind; the mean over all pictures, each asked for in turn.

import { type CallOptions, createDescriptorGenerator, type DescriptorSet, type Metric, rowOf } from '@cbir/core'
import type { FileItem } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import type { Descriptor } from './descriptor.ts'

export interface PrecisionOptions extends CallOptions {
  readonly k: number
  readonly metric: Metric
  /** Where the vectors are kept, and taken from if they are there. */
  readonly store: DescriptorSet
}

export async function precisionOf({ loader, extractor }: Descriptor, pictures: readonly FileItem[], options: PrecisionOptions): Promise<number> {
  const { k, metric, store, signal, onProgress } = options
  const { dimensions } = extractor
  const data = new Float32Array(pictures.length * dimensions)
  const generator = createDescriptorGenerator(loader, extractor)
  let row = 0
  for await (const { descriptors, error } of generator.generate(
    pictures.map((picture) => picture.data),
    { store, signal, onProgress },
  )) {
    if (error) throw error
    data.set(rowOf(descriptors.vectors, 0), row++ * dimensions)
  }

  const vectors = { data, count: pictures.length, dimensions }
  const index = await flatIndex({ metric })
  try {
    await index.build([{ uids: pictures.map(({ id }) => id), vectors }], { signal })
    const neighbours = await index.nearest(vectors, k + 1, { signal })
    const shares = pictures.map(({ id }, i) => {
      const others = neighbours.hits(i).filter(({ uid }) => uid !== id)
      return others.slice(0, k).filter(({ uid }) => kindOf(uid) === kindOf(id)).length / k
    })
    return shares.reduce((sum, share) => sum + share, 0) / shares.length
  } finally {
    await index.dispose()
  }
}

/** The folder that a picture is in. */
function kindOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}
