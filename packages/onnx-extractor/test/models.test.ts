// Real models of several exporters, against numbers that another program computed.

import { readFileSync } from 'node:fs'
import { CbirError, type FeatureExtractor, type Tensor } from '@cbir/core'
import { afterEach, describe, expect, test } from 'vitest'
import { hasTestData, testData } from '../../../tooling/test-data.ts'
import { type OnnxExtractorConfig, type OnnxInput, onnxExtractor, readOnnxModel } from '../src/index.ts'
import { f32, rowsOf } from './support/tensors.ts'

const made: FeatureExtractor<OnnxInput>[] = []

async function make(file: string, config: Partial<OnnxExtractorConfig> = {}): Promise<FeatureExtractor<OnnxInput>> {
  const extractor = await onnxExtractor({ model: testData('models', file), workers: 1, ...config })
  made.push(extractor)
  return extractor
}

afterEach(async () => {
  await Promise.all(made.splice(0).map((extractor) => extractor.dispose()))
})

function expected(): Record<string, Record<string, unknown>> {
  return JSON.parse(readFileSync(testData('models/expected_checks.json'), 'utf8')) as Record<string, Record<string, unknown>>
}

function cosine(a: Float32Array, b: Float32Array): number {
  let ab = 0
  let aa = 0
  let bb = 0
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!
    aa += a[i]! ** 2
    bb += b[i]! ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

const SIZE = 227
const CAFFE_MEAN_BGR = [104, 117, 123]

/** The decoded crops as the model wants them: BGR, channels first, mean taken off. */
function crops(): Tensor<'f32'>[] {
  const rgb = readFileSync(testData('golden/images/caltech101-40.rgb227.u8'))
  const area = SIZE * SIZE
  return Array.from({ length: rgb.length / (3 * area) }, (_, n) => {
    const data = new Float32Array(3 * area)
    for (let c = 0; c < 3; c++) for (let i = 0; i < area; i++) data[c * area + i] = rgb[(n * area + i) * 3 + 2 - c]! - CAFFE_MEAN_BGR[c]!
    return f32([3, SIZE, SIZE], data)
  })
}

describe.skipIf(!hasTestData)('SqueezeNet', () => {
  const FILE = 'squeezenet_v1.1_imagenet.onnx'

  test('features of the decoded crops agree with those of another program', async () => {
    const extractor = await make(FILE, { output: 'features', workers: 2 })
    expect(extractor.dimensions).toBe(512)
    const items = crops()
    expect(items.length).toBe(40)
    const bytes = readFileSync(testData('features/caltech101-2k.squeezenet_v1.1.f32'))
    const rows = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    const { data } = await extractor.extract(items)
    for (let i = 0; i < items.length; i++) {
      const theirs = rows.subarray(i * 50 * 512, (i * 50 + 1) * 512)
      expect(cosine(data.subarray(i * 512, (i + 1) * 512), theirs)).toBeGreaterThanOrEqual(0.99999)
    }
  })

  test('an inner tensor, averaged here, gives the features that the model averages itself', async () => {
    const { tensors } = await readOnnxModel(readFileSync(testData('models', FILE)))
    const fire9 = tensors.filter(({ opType }) => opType === 'Concat').at(-1)!
    const pooled = await make(FILE, { output: fire9.name, pooling: 'global-average' })
    const features = await make(FILE, { output: 'features' })
    expect(pooled.dimensions).toBe(512)
    const items = crops().slice(0, 3)
    const [ours, theirs] = [await pooled.extract(items), await features.extract(items)]
    for (const i of items.keys()) {
      const row = [i * 512, (i + 1) * 512] as const
      expect(cosine(ours.data.subarray(...row), theirs.data.subarray(...row))).toBeGreaterThan(0.999999)
    }
  })

  test('the wrong size says which is wanted', async () => {
    const extractor = await make(FILE, { output: 'features' })
    const error = await extractor.extract([f32([3, 224, 224], new Float32Array(3 * 224 * 224))]).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DIMENSION_MISMATCH', message: expect.stringMatching(/3,224,224.*3,227,227.*preset/) })
  })

  test('without an output the three are named', async () => {
    await expect(make(FILE)).rejects.toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringMatching(/"prob", "logits", "features"/) })
  })
})

describe.skipIf(!hasTestData)('models of other exporters', () => {
  test('Keras, channels last: the features lead to the logits', async () => {
    const features = await make('resnet8_cifar10_keras_nhwc.onnx', { output: 'features' })
    const prob = await make('resnet8_cifar10_keras_nhwc.onnx', { output: 'prob' })
    expect([features.dimensions, prob.dimensions]).toEqual([64, 10])
    const picture = f32(
      [32, 32, 3],
      Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 37) % 256),
    )
    const [row] = rowsOf(await prob.extract([picture, picture]))
    expect(row!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4)
    await expect(features.extract([f32([3, 32, 32], picture.data)])).rejects.toMatchObject({ message: expect.stringContaining('NHWC') })
  })

  test('CNTK: the logits of the first test digit', async () => {
    const file = readFileSync(testData('ann/mnist-784-euclidean/t10k-images-idx3-ubyte'))
    const digits = [0, 1, 2].map((n) => f32([1, 28, 28], Float32Array.from(file.subarray(16 + n * 784, 16 + (n + 1) * 784))))
    const extractor = await make('mnist_cntk.onnx')
    const rows = rowsOf(await extractor.extract(digits))
    const logits = expected()['mnist_cntk.onnx']!['first_logits'] as number[]
    for (const [j, logit] of logits.entries()) expect(Math.abs(rows[0]![j]! - logit)).toBeLessThan(0.01)
    expect(rows.map((row) => row.indexOf(Math.max(...row)))).toEqual([7, 2, 1])
  })

  test('scikit-learn trees: label and probabilities', async () => {
    const { d20 } = expected()['sklearn_treecl.onnx'] as { d20: { label_0: number[]; proba_0: number[] } }
    const label = await make('sklearn_treecl.onnx', { output: 'label_0' })
    const proba = await make('sklearn_treecl.onnx', { output: 'proba_0', dimensions: 3 })
    const item = f32([20], new Float32Array(20).fill(0.5))
    expect(rowsOf(await label.extract([item, item]))).toEqual([d20.label_0, d20.label_0])
    const [row] = rowsOf(await proba.extract([item, f32([20], new Float32Array(20))]))
    for (const [j, p] of d20.proba_0.entries()) expect(row![j]).toBeCloseTo(p, 6)
    await expect(proba.extract([f32([5], new Float32Array(5))])).rejects.toMatchObject({ code: 'EXTRACT_FAILED' })
  })

  test('XGBoost trees: one number a row', async () => {
    const [setosa, virginica] = expected()['xgb_onnxmltools.onnx']!['iris_like'] as number[]
    const extractor = await make('xgb_onnxmltools.onnx')
    const rows = rowsOf(await extractor.extract([f32([4], [5.1, 3.5, 1.4, 0.2]), f32([4], [6.7, 3, 5.2, 2.3])]))
    expect(rows[0]![0]).toBeCloseTo(setosa!, 6)
    expect(rows[1]![0]).toBeCloseTo(virginica!, 6)
  })

  test('silero: the sampling rate is constant; the state comes by name and goes on', async () => {
    const sr = { dtype: 'i64', shape: [], data: [16000] } as const
    const common = { constants: { sr }, batched: false } as const
    const voice = await make('silero_vad.onnx', { ...common, output: 'output', dimensions: 1 })
    const next = await make('silero_vad.onnx', { ...common, output: 'stateN', dimensions: 256 })
    let state = f32([2, 1, 128], new Float32Array(256))
    let most = 0
    for (let i = 0; i < 10; i++) {
      const item: OnnxInput = { input: f32([1, 576], new Float32Array(576)), state }
      most = Math.max(most, (await voice.extract([item])).data[0]!)
      state = f32([2, 1, 128], (await next.extract([item])).data)
    }
    expect(most).toBeCloseTo(expected()['silero_vad.onnx']!['silence'] as unknown as number, 5)
  })

  test('silero: with the state constant a bare tensor will do', async () => {
    const sr = { dtype: 'i64', shape: [], data: [16000] } as const
    const state = { dtype: 'f32', shape: [2, 1, 128], data: Array.from({ length: 256 }, () => 0) } as const
    const extractor = await make('silero_vad.onnx', { output: 'output', constants: { sr, state }, batchSize: 1 })
    const silence = f32([576], new Float32Array(576))
    const sine = f32(
      [576],
      Float32Array.from({ length: 576 }, (_, i) => 0.5 * Math.sin((2 * Math.PI * 440 * i) / 16000)),
    )
    const rows = rowsOf(await extractor.extract([silence, sine, silence]))
    expect(rows[0]).toEqual(rows[2])
    expect(rows[0]).not.toEqual(rows[1])
    const without = make('silero_vad.onnx', { output: 'output' })
    await expect(without).rejects.toMatchObject({ code: 'INVALID_CONFIG', message: expect.stringMatching(/"sr".*constants/) })
  })

  test('detectors: all numbers of one of several outputs', async () => {
    const { scores } = expected()['ultraface_rfb_320.onnx'] as { scores: number[] }
    const extractor = await make('ultraface_rfb_320.onnx', { output: 'scores' })
    expect([1, 4420, extractor.dimensions / 4420]).toEqual(scores)
    expect((await make('fastestdet.onnx')).dimensions).toBe(484 * 85)
    const [row] = rowsOf(await extractor.extract([f32([3, 240, 320], new Float32Array(3 * 240 * 320))]))
    const most = expected()['ultraface_rfb_320.onnx']!['max_face_score_on_zero'] as number
    expect(Math.max(...row!.filter((_, i) => i % 2 === 1))).toBeCloseTo(most, 4)
  })

  test('a model cut short or with flipped bytes is an error or a model, never a crash', async () => {
    const whole = readFileSync(testData('models/mnist_cntk.onnx'))
    for (let i = 0; i < 12; i++) {
      const cut = whole.subarray(0, Math.floor((whole.length * i) / 12))
      await expect(onnxExtractor({ model: cut, workers: 1 })).rejects.toMatchObject({ code: 'INVALID_MODEL' })
      const flipped = Uint8Array.from(whole)
      flipped[(i * 7919) % 400] = (i * 97) & 255
      const outcome = await onnxExtractor({ model: flipped, workers: 1 }).catch((error: unknown) => error)
      if (CbirError.isInstance(outcome)) expect(['INVALID_MODEL', 'INVALID_CONFIG', 'NOT_SUPPORTED']).toContain(outcome.code)
      else await (outcome as FeatureExtractor).dispose()
    }
  })
})
