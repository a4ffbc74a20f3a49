// Memory while 20 000 pictures go through, and bytes a row in the index.

import { createDescriptorGenerator, type Items } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { imageLoader } from '@cbir/image-loader'
import { onnxExtractor } from '@cbir/onnx-extractor'
import { atMost, type Row, shown } from '../row.ts'
import { mean } from '../stats.ts'
import { testData } from '../test-data.ts'
import { caltechPhotos } from './caltech.ts'

const TIMES = 10

export async function measure(): Promise<Row[]> {
  return [...(await rowBytes(128)), ...(await rowBytes(512)), ...(await streaming())]
}

/** RSS while the 2k photos pass ten times, without reuse, into nothing. */
async function streaming(): Promise<Row[]> {
  const photos = await caltechPhotos()
  const extractor = await onnxExtractor({ model: testData('models', 'squeezenet_v1.1_imagenet.onnx'), output: 'features' })
  const generator = createDescriptorGenerator(imageLoader({ preset: 'caffe-227' }), extractor)
  function* pictures(): Generator<ReturnType<typeof fileDataElement>> {
    for (let i = 0; i < TIMES * photos.length; i++) yield fileDataElement(photos[i % photos.length]!.path)
  }
  const total = TIMES * photos.length
  const quarters: number[][] = [[], [], [], []]
  let done = 0
  for await (const { error } of generator.generate(pictures())) {
    if (error) throw error
    if (done % 20 === 0) quarters[Math.floor((4 * done) / total)]?.push(process.memoryUsage.rss())
    done++
  }
  const [, second, , last] = quarters.map(mean) as [number, number, number, number]
  const how = `${done} pictures under ${done} ids, reuse off, vectors discarded; mean RSS of the last quarter over that of the second`
  return [
    atMost('memory.last-over-second-quarter', last / second, 1.05, '', how),
    shown('memory.rss', last / 2 ** 20, 'MiB', 'mean RSS of the last quarter'),
  ]
}

/** What the index holds a row, uids and tables included. */
async function rowBytes(dimensions: number): Promise<Row[]> {
  const count = 100_000
  const held = async (): Promise<number> => {
    // What dies late, such as the index before this one, must not be counted.
    for (let i = 0; i < 3; i++) {
      globalThis.gc?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  function* items(): Generator<Items> {
    const rows = 1000
    for (let from = 0; from < count; from += rows) {
      const data = Float32Array.from({ length: rows * dimensions }, Math.random)
      yield { uids: Array.from({ length: rows }, (_, i) => String(from + i)), vectors: { data, count: rows, dimensions } }
    }
  }
  const index = await flatIndex({ metric: 'cosine' })
  const before = await held()
  await index.build(items())
  const bytes = ((await held()) - before) / count
  await index.dispose()
  const how = `${count} rows of ${dimensions} numbers in flat-index under cosine, heap and external after a collection: ${bytes.toFixed(0)} bytes a row`
  return [atMost(`memory.index-over-vector.${dimensions}d`, bytes / (4 * dimensions), 1.5, '', how)]
}
