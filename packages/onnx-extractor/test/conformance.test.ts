// The suites of the kit, on a small model: rows as they are, and the mean over space brought to length 1.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { featureExtractorSuite, pluginSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry, type FeatureExtractor, type Tensor } from '@cbir/core'
import { type OnnxExtractorConfig, type OnnxInput, onnxExtractor } from '@cbir/onnx-extractor'
import { afterAll } from 'vitest'
import { FLOAT, floats, model, node, value } from './support/onnx-encoder.ts'
import { f32 } from './support/tensors.ts'

const directory = await mkdtemp(join(tmpdir(), 'cbir-onnx-conformance-'))
afterAll(() => rm(directory, { recursive: true }))

/** Adds a number of its own to each of two channels of 3 × 3 numbers. */
const path = join(directory, 'add.onnx')
await writeFile(
  path,
  model({
    nodes: [node('Add', ['x', 'offset'], ['y'])],
    inputs: [value('x', FLOAT, ['N', 2, 3, 3])],
    outputs: [value('y', FLOAT, ['N', 2, 3, 3])],
    initializers: [floats('offset', [2, 1, 1], [0.5, -0.25])],
  }),
)

const registry = createRegistry([onnxExtractor])
const plain: OnnxExtractorConfig = { model: path, workers: 2, batchSize: 3 }
const pooled: OnnxExtractorConfig = { model: path, workers: 1, pooling: 'global-average', layout: 'nchw', normalise: 'l2' }

// Every case starts threads and loads the model anew, so two configurations have to do, and one of them made again from data.
const configurations: Readonly<Record<string, [config: OnnxExtractorConfig, different: OnnxExtractorConfig]>> = {
  'all numbers, two threads': [plain, { ...plain, normalise: 'l2' }],
  'mean over space, length 1': [pooled, { ...pooled, normalise: 'none' }],
}

for (const [name, [config, different]] of Object.entries(configurations)) {
  featureExtractorSuite<OnnxInput>({
    runner,
    name: `onnx-extractor, ${name}`,
    create: () => onnxExtractor(config),
    inputs: (count) =>
      Array.from({ length: count }, (_, i) =>
        f32(
          [2, 3, 3],
          Array.from({ length: 18 }, (__, j) => Math.sin(i * 31 + j * j)),
        ),
      ),
    badInputs: {
      'a tensor of another shape': f32([2, 3, 4], new Float32Array(24)),
      'a tensor with a NaN': f32([2, 3, 3], new Float32Array(18).fill(Number.NaN)),
      'a tensor of another type': { dtype: 'u8', shape: [2, 3, 3], data: new Uint8Array(18) },
      'a tensor with too few numbers': f32([2, 3, 3], new Float32Array(17)),
      'what is no tensor': 'text' as never,
    },
    spoil: (input) => {
      const buffer = (input as Tensor<'f32'>).data.buffer as ArrayBuffer
      structuredClone(buffer, { transfer: [buffer] })
    },
    different: () => onnxExtractor(different),
    fromConfig:
      config === pooled ? (written) => registry.fromConfig(written, 'feature-extractor') as Promise<FeatureExtractor<OnnxInput>> : undefined,
  })
}

pluginSuite({
  runner,
  plugin: onnxExtractor,
  configs: [{ model: path }],
  invalid: {
    'no model': {},
    'an unknown pooling': { model: path, pooling: 'max' },
    'no thread': { model: path, workers: 0 },
  },
})
