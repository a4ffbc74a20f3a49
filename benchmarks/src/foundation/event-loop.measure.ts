// The event loop while photos are indexed, beside an idle control in the same run.

import { setTimeout as delay } from 'node:timers/promises'
import { createRetrievalPipeline, type FeatureExtractor, type Tensor } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { imageDescriptor } from '@cbir/image-descriptors'
import { imageLoader } from '@cbir/image-loader'
import { onnxExtractor } from '@cbir/onnx-extractor'
import { delaysDuring } from '../loop-delay.ts'
import { atMost, type Row, shown } from '../row.ts'
import { testData } from '../test-data.ts'
import { caltechPhotos, type Photo } from './caltech.ts'

export async function measure(): Promise<Row[]> {
  const photos = await caltechPhotos()
  const network = await onnxExtractor({ model: testData('models', 'squeezenet_v1.1_imagenet.onnx'), output: 'features' })
  const indexing = [
    { name: 'squeezenet', index: () => indexPhotos(photos, network, imageLoader({ preset: 'caffe-227' })) },
    { name: 'image-descriptor', index: () => indexPhotos(photos.slice(0, 1000), imageDescriptor(), imageLoader({ preset: 'descriptor' })) },
  ]
  const rows: Row[] = []
  for (const { name, index } of indexing) {
    const idle = await delaysDuring(() => delay(5000))
    const busy = await delaysDuring(index)
    const how = `${name}, delay at 1 ms resolution over the whole build; idle control of 5 s before it: p99 ${idle.p99.toFixed(1)} ms, max ${idle.max.toFixed(1)} ms`
    rows.push(atMost(`event-loop.${name}.p99`, busy.p99, idle.p99 + 10, 'ms', how), atMost(`event-loop.${name}.max`, busy.max, 50, 'ms', how))
  }
  rows.push(shown('event-loop.photos', photos.length, '', 'photos indexed with SqueezeNet; half of them with the classic descriptor'))
  return rows
}

async function indexPhotos<T extends Tensor>(
  photos: readonly Photo[],
  extractor: FeatureExtractor<T>,
  loader: ReturnType<typeof imageLoader>,
): Promise<void> {
  const index = await flatIndex({ metric: 'cosine' })
  const pipeline = createRetrievalPipeline({ loader, extractor: extractor as FeatureExtractor<Tensor>, index })
  await pipeline.build(photos.map(({ file, path }) => ({ id: file, data: fileDataElement(path) })))
  await index.dispose()
}
