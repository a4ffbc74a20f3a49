// SqueezeNet features of Caltech 2k through the pipeline; agreement with another program's rows; and what each resize kernel changes.

import { readFile } from 'node:fs/promises'
import { createDescriptorGenerator, createRetrievalPipeline, type DataElement, type FeatureExtractor, type Tensor } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { imageLoader } from '@cbir/image-loader'
import { onnxExtractor } from '@cbir/onnx-extractor'
import { atLeast, type Row, shown } from '../row.ts'
import { median } from '../stats.ts'
import { testData } from '../test-data.ts'
import { caltechPhotos, leaveOneOut, type Photo } from './caltech.ts'

const KERNELS = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'] as const
const DIMENSIONS = 512

export async function measure(): Promise<Row[]> {
  const photos = await caltechPhotos()
  const extractor = await onnxExtractor({ model: testData('models', 'squeezenet_v1.1_imagenet.onnx'), output: 'features' })
  const given = await floats(testData('features', 'caltech101-2k.squeezenet_v1.1.f32'))
  return [...(await retrieval(photos, extractor)), await agreement(extractor, given), ...(await kernels(photos, extractor, given))]
}

async function retrieval(photos: readonly Photo[], extractor: FeatureExtractor<Tensor>): Promise<Row[]> {
  const index = await flatIndex({ metric: 'cosine' })
  const pipeline = createRetrievalPipeline({ loader: imageLoader({ preset: 'caffe-227' }), extractor, index })
  await pipeline.build(photos.map(({ path }, i) => ({ id: String(i), data: fileDataElement(path) })))
  const rankings = photos.map(() => undefined as Promise<number[]> | undefined)
  const ask = (query: number): Promise<number[]> =>
    (rankings[query] ??= pipeline.findSimilar(fileDataElement(photos[query]!.path), photos.length).then((found) => found.map(({ id }) => Number(id))))
  const scores = await leaveOneOut(photos, async (query) => {
    // Some ahead, so that both cores work; what was used is let go.
    for (let ahead = query; ahead < Math.min(query + 8, photos.length); ahead++) void ask(ahead)
    const ranking = await ask(query)
    rankings[query] = undefined
    return ranking
  })
  await index.dispose()
  const how = 'Caltech 2k, SqueezeNet features, cosine, leave one out, build and findSimilar of the pipeline'
  return [
    atLeast('squeezenet.map', scores.map, 0.4, '', how),
    atLeast('squeezenet.p@1', scores.p1, 0.67, '', how),
    shown('squeezenet.p@5', scores.p5, '', how),
    shown('squeezenet.p@10', scores.p10, '', how),
  ]
}

/** From decoded crops, so that only the model and our running of it are compared. */
async function agreement(extractor: FeatureExtractor<Tensor>, given: Float32Array): Promise<Row> {
  const { manifest_index: rows } = JSON.parse(await readFile(testData('golden', 'images', 'index.json'), 'utf8')) as { manifest_index: number[] }
  const crops = await readFile(testData('golden', 'images', 'caltech101-40.rgb227.u8'))
  const pixels = 227 * 227
  const mean = [104, 117, 123]
  const inputs = rows.map((_, image): Tensor => {
    const data = new Float32Array(3 * pixels)
    for (let p = 0; p < pixels; p++) {
      for (let plane = 0; plane < 3; plane++) data[plane * pixels + p] = crops[(image * pixels + p) * 3 + (2 - plane)]! - mean[plane]!
    }
    return { dtype: 'f32', shape: [3, 227, 227], data }
  })
  const vectors = await extractor.extract(inputs)
  const least = Math.min(...rows.map((row, i) => cosine(vectors.data, i, given, row)))
  return atLeast('squeezenet.crops.cosine', least, 0.99999, '', `the least of ${rows.length} decoded crops against the given rows`)
}

async function kernels(photos: readonly Photo[], extractor: FeatureExtractor<Tensor>, given: Float32Array): Promise<Row[]> {
  const some = photos.map((photo, row) => ({ ...photo, row })).filter((_, i) => i % 10 === 0)
  const rows: Row[] = []
  for (const kernel of KERNELS) {
    const generator = createDescriptorGenerator<DataElement, Tensor<'f32'>>(imageLoader({ preset: 'caffe-227', kernel }), extractor)
    const cosines: number[] = []
    let i = 0
    for await (const { descriptors } of generator.generate(some.map(({ path }) => fileDataElement(path)))) {
      const { row } = some[i++]!
      if (descriptors) cosines.push(cosine(descriptors.vectors.data, 0, given, row))
    }
    rows.push(
      shown(
        `squeezenet.photos.cosine.${kernel}`,
        median(cosines),
        '',
        `median over ${cosines.length} photos against the given rows (another decoder and filter)`,
      ),
    )
  }
  return rows
}

function cosine(a: Float32Array, rowA: number, b: Float32Array, rowB: number): number {
  let dot = 0
  let aa = 0
  let bb = 0
  for (let j = 0; j < DIMENSIONS; j++) {
    const x = a[rowA * DIMENSIONS + j]!
    const y = b[rowB * DIMENSIONS + j]!
    dot += x * y
    aa += x * x
    bb += y * y
  }
  return dot / Math.sqrt(aa * bb)
}

async function floats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
