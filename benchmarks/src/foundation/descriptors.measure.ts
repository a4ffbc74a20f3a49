// The classic descriptors on Caltech 2k.

import type { FeatureExtractor, Metric, Tensor } from '@cbir/core'
import { colourHistogram, colourMoments, hog, imageDescriptor, localBinaryPatterns, perceptualHash } from '@cbir/image-descriptors'
import { imageLoader } from '@cbir/image-loader'
import { type Row, shown } from '../row.ts'
import { caltechPhotos, scoreDescriptor } from './caltech.ts'

const DESCRIPTORS: readonly (readonly [string, Metric, () => FeatureExtractor<Tensor<'u8'>>])[] = [
  ['image-descriptor', 'cosine', () => imageDescriptor()],
  ['colour-histogram', 'histogram-intersection', () => colourHistogram()],
  ['colour-moments', 'euclidean', () => colourMoments()],
  ['hog', 'euclidean', () => hog()],
  ['local-binary-patterns', 'histogram-intersection', () => localBinaryPatterns()],
  ['perceptual-hash', 'hamming', () => perceptualHash()],
]

export async function measure(): Promise<Row[]> {
  const photos = await caltechPhotos()
  const rows: Row[] = []
  for (const [name, metric, make] of DESCRIPTORS) {
    const extractor = make()
    const began = performance.now()
    const { map, p1, p5, p10 } = await scoreDescriptor(photos, imageLoader({ preset: 'descriptor' }), extractor, metric)
    const seconds = (performance.now() - began) / 1000
    const how = `Caltech 2k, ${extractor.dimensions} dimensions, ${metric}, leave one out; ${seconds.toFixed(0)} s with loading and ranking`
    rows.push(
      shown(`${name}.map`, map, '', how),
      shown(`${name}.p@1`, p1, '', how),
      shown(`${name}.p@5`, p5, '', how),
      shown(`${name}.p@10`, p10, '', how),
    )
  }
  return rows
}
