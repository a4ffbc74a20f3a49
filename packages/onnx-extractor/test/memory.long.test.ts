// Memory over many pictures: buffers go round, nothing waits for the garbage collector.

import { expect, test } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { type OnnxExtractorConfig, onnxExtractor } from '../src/index.ts'
import { FLOAT, int64s, model, node, value } from './support/onnx-encoder.ts'
import { f32 } from './support/tensors.ts'

const SHAPE = [3, 227, 227]

/** Mean resident bytes in the second and the last quarter of `total` extractions. */
async function residentQuarters(config: OnnxExtractorConfig, total: number): Promise<{ second: number; last: number }> {
  const extractor = await onnxExtractor({ workers: 2, ...config })
  const samples: number[] = []
  try {
    for (let done = 0; done < total; done += extractor.batchSize) {
      // New arrays each time, as a loader gives them.
      const items = Array.from({ length: extractor.batchSize }, (_, i) => f32(SHAPE, new Float32Array(3 * 227 * 227).fill(i)))
      await extractor.extract(items)
      samples.push(process.memoryUsage().rss)
    }
  } finally {
    await extractor.dispose()
  }
  const mean = (from: number, to: number): number => {
    const part = samples.slice(Math.floor(samples.length * from), Math.floor(samples.length * to))
    return part.reduce((sum, bytes) => sum + bytes, 0) / part.length
  }
  return { second: mean(0.25, 0.5), last: mean(0.75, 1) }
}

test('20 000 pictures through a small model do not grow the process', async () => {
  const means = model({
    nodes: [node('Mul', ['x', 'x'], ['squares']), node('ReduceSum', ['squares', 'axes'], ['y'])],
    inputs: [value('x', FLOAT, ['N', ...SHAPE])],
    outputs: [value('y', FLOAT, ['N', 3, 1, 1])],
    initializers: [int64s('axes', [2], [2, 3])],
  })
  const { second, last } = await residentQuarters({ model: means }, 20_000)
  expect(last).toBeLessThan(second * 1.05)
}, 600_000)

test.skipIf(!hasTestData)(
  'nor does SqueezeNet',
  async () => {
    const { second, last } = await residentQuarters(
      { model: testData('models/squeezenet_v1.1_imagenet.onnx'), output: 'features', batchSize: 4 },
      2000,
    )
    expect(last).toBeLessThan(second * 1.05)
  },
  600_000,
)

test('making and disposing extractors does not grow the process', async () => {
  const rss: number[] = []
  const identity = model({ nodes: [node('Identity', ['x'], ['y'])], inputs: [value('x', FLOAT, ['N', 1])], outputs: [value('y', FLOAT, ['N', 1])] })
  for (let i = 0; i < 200; i++) {
    const extractor = await onnxExtractor({ model: identity, workers: 1 })
    expect((await extractor.extract([f32([1], [i])])).data[0]).toBe(i)
    await extractor.dispose()
    rss.push(process.memoryUsage().rss)
  }
  expect(rss.at(-1)!).toBeLessThan(rss[99]! * 1.05)
}, 600_000)
