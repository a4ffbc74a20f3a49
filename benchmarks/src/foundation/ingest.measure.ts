// Ingest, from file to index, beside the machine's limit: the CPU that bare sharp and a bare onnxruntime session need, on all cores.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createRetrievalPipeline } from '@cbir/core'
import { fileDataElement } from '@cbir/core/node'
import { flatIndex } from '@cbir/flat-index'
import { imageLoader } from '@cbir/image-loader'
import { onnxExtractor } from '@cbir/onnx-extractor'
import * as ort from 'onnxruntime-node'
import sharp from 'sharp'
import { atLeast, type Row, shown } from '../row.ts'
import { median } from '../stats.ts'
import { testData } from '../test-data.ts'
import { caltechPhotos, type Photo } from './caltech.ts'

const MODEL = testData('models', 'squeezenet_v1.1_imagenet.onnx')
const ROUNDS = 5
const SIDE = 227
const MEAN = [104, 117, 123]

export async function measure(): Promise<Row[]> {
  const photos = (await caltechPhotos()).filter((_, i) => i % 5 === 0)
  const cores = availableParallelism()
  const session = await ort.InferenceSession.create(MODEL, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const batch = await bestBatch(session)
  const extractor = await onnxExtractor({ model: MODEL, output: 'features' })
  const index = await flatIndex({ metric: 'cosine' })
  const pipeline = createRetrievalPipeline({ loader: imageLoader({ preset: 'caffe-227' }), extractor, index })
  const build = (): Promise<unknown> => pipeline.build(photos.map(({ file, path }) => ({ id: file, data: fileDataElement(path) })))
  await build()

  const shares: number[] = []
  const ours: number[] = []
  const limits: number[] = []
  const cpuShares: number[] = []
  const bareDecode: number[] = []
  const bareInfer: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const decodeCpu = await cpuSeconds(() => decodeAll(photos))
    const inferCpu = await cpuSeconds(() => inferAll(session, batch, photos.length))
    const began = performance.now()
    const cpu = await cpuSeconds(build)
    const rate = photos.length / ((performance.now() - began) / 1000)
    cpuShares.push((decodeCpu + inferCpu) / cpu)
    bareDecode.push((1000 * decodeCpu) / photos.length)
    bareInfer.push((1000 * inferCpu) / photos.length)
    const limit = cores / ((decodeCpu + inferCpu) / photos.length)
    ours.push(rate)
    limits.push(limit)
    shares.push(rate / limit)
  }
  const how = `${photos.length} photos, median of ${ROUNDS} interleaved rounds, ${cores} cores; sharp ${sharp.versions.sharp}, onnxruntime-node at intraOpNumThreads 1, batch ${batch}`
  return [
    atLeast('ingest.share-of-limit', median(shares), 0.85, '', how),
    shown(
      'ingest.share-of-cpu',
      median(cpuShares),
      '',
      'CPU that the bare libraries need over CPU that the pipeline needed; what is lost to idle cores is not in it',
    ),
    shown('ingest.bare-decode', median(bareDecode), 'CPU ms', 'file to finished tensor with bare sharp, a picture'),
    shown('ingest.bare-inference', median(bareInfer), 'CPU ms', 'the bare session, a picture'),
    shown('ingest.pictures', median(ours), 'per s', 'file → tensor → features → index, through the pipeline'),
    shown('ingest.limit', median(limits), 'per s', 'cores ÷ (CPU of bare sharp to the finished tensor + CPU of the bare session), a picture'),
  ]
}

async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** File to finished tensor with sharp and a plain loop: the same resize and crop as the preset. */
async function decodeAll(photos: readonly Photo[]): Promise<void> {
  const tensor = new Float32Array(3 * SIDE * SIDE)
  const queue = [...photos]
  const worker = async (): Promise<void> => {
    for (let photo = queue.pop(); photo; photo = queue.pop()) {
      const { data } = await sharp(readFileSync(photo.path))
        .rotate()
        .resize(256, 256, { fit: 'outside', kernel: 'linear', fastShrinkOnLoad: false })
        .removeAlpha()
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true })
        .then(({ data: pixels, info }) => crop(pixels, info.width, info.height, info.channels))
      const plane = SIDE * SIDE
      for (let p = 0; p < plane; p++) {
        tensor[p] = data[3 * p + 2]! - MEAN[0]!
        tensor[plane + p] = data[3 * p + 1]! - MEAN[1]!
        tensor[2 * plane + p] = data[3 * p]! - MEAN[2]!
      }
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
}

function crop(pixels: Buffer, width: number, height: number, channels: number): { data: Uint8Array } {
  const left = (width - SIDE) >> 1
  const top = (height - SIDE) >> 1
  const data = new Uint8Array(3 * SIDE * SIDE)
  for (let y = 0; y < SIDE; y++) {
    const from = ((top + y) * width + left) * channels
    if (channels === 3) data.set(pixels.subarray(from, from + 3 * SIDE), y * SIDE * 3)
    else for (let x = 0; x < SIDE; x++) data.fill(pixels[from + x * channels]!, (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3)
  }
  return { data }
}

async function inferAll(session: ort.InferenceSession, batch: number, count: number): Promise<void> {
  const input = new ort.Tensor('float32', new Float32Array(batch * 3 * SIDE * SIDE), [batch, 3, SIDE, SIDE])
  for (let done = 0; done < count; done += batch) await session.run({ data: input }, ['features'])
}

/** The batch size at which the bare session needs the least CPU a picture. */
async function bestBatch(session: ort.InferenceSession): Promise<number> {
  let best = { batch: 1, cpu: Number.POSITIVE_INFINITY }
  for (const batch of [1, 2, 4, 8, 16, 32]) {
    await inferAll(session, batch, batch)
    const cpu = (await cpuSeconds(() => inferAll(session, batch, 64))) / 64
    if (cpu < best.cpu) best = { batch, cpu }
  }
  return best.batch
}
