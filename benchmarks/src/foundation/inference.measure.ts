// Inference by the extractor beside a bare session: pictures a second for each size of a run, on one worker and on two.

import type { Tensor } from '@cbir/core'
import { onnxExtractor } from '@cbir/onnx-extractor'
import * as ort from 'onnxruntime-node'
import { type Row, shown } from '../row.ts'
import { median } from '../stats.ts'
import { testData } from '../test-data.ts'

const MODEL = testData('models', 'squeezenet_v1.1_imagenet.onnx')
const SHAPE = [3, 227, 227]
const PICTURES = 96
const ROUNDS = 3

export async function measure(): Promise<Row[]> {
  const session = await ort.InferenceSession.create(MODEL, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const size = SHAPE.reduce((a, b) => a * b)
  const pictures = Array.from({ length: PICTURES }, (): Tensor => ({ dtype: 'f32', shape: SHAPE, data: new Float32Array(size) }))
  const rows: Row[] = []
  for (const batchSize of [1, 4, 8, 16, 32]) {
    const one = await onnxExtractor({ model: MODEL, output: 'features', batchSize, workers: 1 })
    const two = await onnxExtractor({ model: MODEL, output: 'features', batchSize, workers: 2 })
    const input = new ort.Tensor('float32', new Float32Array(batchSize * size), [batchSize, ...SHAPE])
    const bare = async (): Promise<void> => {
      for (let done = 0; done < PICTURES; done += batchSize) await session.run({ data: input }, ['features'])
    }
    const sides = [
      { name: 'bare', work: bare },
      { name: '1-worker', work: () => one.extract(pictures) },
      { name: '2-workers', work: () => two.extract(pictures) },
    ].map((side) => ({ ...side, rates: [] as number[] }))
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { work, rates } of sides) {
        const began = performance.now()
        await work()
        if (round > 0) rates.push(PICTURES / ((performance.now() - began) / 1000))
      }
    }
    for (const { name, rates } of sides) {
      rows.push(
        shown(
          `inference.${name}.${batchSize}`,
          median(rates),
          'per s',
          `SqueezeNet, ${batchSize} pictures a run, ${PICTURES} a call, median of ${ROUNDS} interleaved rounds`,
        ),
      )
    }
    await one.dispose()
    await two.dispose()
  }
  return rows
}
