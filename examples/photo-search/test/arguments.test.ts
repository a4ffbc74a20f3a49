import { expect, test } from 'vitest'
import { readArguments, USAGE } from '../src/arguments.ts'

test('nothing given: the defaults', () => {
  expect(readArguments([])).toEqual({ folder: undefined, query: undefined, model: undefined, k: 10, metric: 'cosine' })
})

test('everything given', () => {
  const argv = 'photos --query a.jpg --k 3 --metric euclidean --model m.onnx --output features --preprocess caffe-227'.split(' ')
  expect(readArguments(argv)).toEqual({
    folder: 'photos',
    query: 'a.jpg',
    k: 3,
    metric: 'euclidean',
    model: { file: 'm.onnx', output: 'features', preprocess: 'caffe-227' },
  })
  expect(readArguments(['--model', 'm.onnx'])?.model).toEqual({ file: 'm.onnx', output: undefined, preprocess: 'imagenet-224' })
})

test('help', () => {
  expect(readArguments(['--help'])).toBeUndefined()
  for (const option of ['--query', '--k', '--metric', '--model', '--output', '--preprocess']) expect(USAGE).toContain(option)
})

test.each([['a b'], ['--k 0'], ['--k 2.5'], ['--k many'], ['--metric near'], ['--nothing'], ['--query'], ['--output features']])(
  'refuses %s',
  (line) => {
    expect(() => readArguments(line.split(' '))).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  },
)
