// Types infer through a whole pipeline: what fits compiles, and what does not is an error.

import {
  createRetrievalPipeline,
  type Encoder,
  encoder,
  type FeatureExtractor,
  type Match,
  type NearestNeighborsIndex,
  type Persistable,
  type Removable,
  type StandardSchema,
  supports,
  type Tensor,
  type Updatable,
  type VectorLoader,
} from '@cbir/core'
import { describe, expectTypeOf, it } from 'vitest'

interface Photo {
  readonly pixels: Uint8Array
}
interface Tokens {
  readonly ids: BigInt64Array
}
interface Caption {
  readonly title: string
  readonly year: number
}

declare const imageLoader: VectorLoader<Photo | string, Tensor<'f32'>>
declare const clipImage: FeatureExtractor<Tensor<'f32'>>
declare const anyTensor: FeatureExtractor<Tensor>
declare const textLoader: VectorLoader<string[], Tokens>
declare const clipText: FeatureExtractor<Tokens>
declare const hnsw: NearestNeighborsIndex & Updatable & Removable & Persistable
declare const annoy: NearestNeighborsIndex
declare const captions: StandardSchema<unknown, Caption>

describe('createRetrievalPipeline', () => {
  it('takes the items of the loader and gives typed matches', () => {
    const photos = createRetrievalPipeline({ loader: imageLoader, extractor: clipImage, index: hnsw, metadata: captions })
    expectTypeOf(photos.build).toBeCallableWith([{ id: 'a', data: 'a.jpg', metadata: { title: 'a', year: 1999 } }])
    expectTypeOf(photos.findSimilar).parameter(0).toEqualTypeOf<Photo | string>()
    expectTypeOf(photos.findSimilar).returns.resolves.toEqualTypeOf<Match<Caption>[]>()
    expectTypeOf(photos.index).toEqualTypeOf<typeof hnsw>()
    void photos.findSimilar('a.jpg', 3, { filter: (caption, id) => (caption?.year ?? 0) > 1990 && id !== 'a' })
    // @ts-expect-error an item is what the loader takes
    void photos.build([{ id: 'a', data: 7 }])
    // @ts-expect-error metadata is what the schema gives
    void photos.build([{ id: 'a', data: 'a.jpg', metadata: { title: 'a' } }])
    // @ts-expect-error a filter sees that metadata
    void photos.findSimilar('a.jpg', 3, { filter: (caption) => caption?.director === 'x' })
  })

  it('offers add, remove and save only where the index can', () => {
    const full = createRetrievalPipeline({ loader: imageLoader, extractor: clipImage, index: hnsw })
    void full.add([{ id: 'x', data: 'a.jpg' }])
    void full.remove(['x'])
    void full.save('directory')
    const plain = createRetrievalPipeline({ loader: imageLoader, extractor: clipImage, index: annoy })
    // @ts-expect-error this index cannot update
    void plain.add([])
    // @ts-expect-error this index cannot remove
    void plain.remove([])
    // @ts-expect-error this index cannot be saved
    void plain.save('directory')
  })

  it('takes queries of the query encoder', () => {
    const crossModal = createRetrievalPipeline({ loader: imageLoader, extractor: clipImage, index: hnsw, query: encoder(textLoader, clipText) })
    expectTypeOf(crossModal.findSimilar).parameter(0).toEqualTypeOf<string[]>()
    expectTypeOf(encoder(textLoader, clipText)).toEqualTypeOf<Encoder<string[]>>()
    // @ts-expect-error a query is text now, not a photo
    void crossModal.findSimilar({ pixels: new Uint8Array() }, 5)
  })

  it('refuses an extractor that does not take what the loader gives', () => {
    createRetrievalPipeline({ loader: imageLoader, extractor: anyTensor, index: hnsw })
    // @ts-expect-error tokens are no tensor
    createRetrievalPipeline({ loader: textLoader, extractor: clipImage, index: hnsw })
    // @ts-expect-error a tensor is no tokens
    encoder(imageLoader, clipText)
  })

  it('supports narrows an index to its ability', () => {
    const index: NearestNeighborsIndex = hnsw
    if (supports(index, 'remove')) void index.remove(['a'])
    // @ts-expect-error not known to remove
    void index.remove(['a'])
  })
})
