// What the person asked for on the command line.

import { parseArgs } from 'node:util'
import { CbirError, METRIC_NAMES, type Metric } from '@cbir/core'

export interface Arguments {
  /** The folder to search; without one the example makes its own pictures. */
  readonly folder: string | undefined
  /** The picture to look for; without one the first of the folder. */
  readonly query: string | undefined
  readonly model: ModelArguments | undefined
  readonly k: number
  readonly metric: Metric
}

/** An ONNX model in place of the classic descriptor. */
export interface ModelArguments {
  readonly file: string
  readonly output: string | undefined
  /** The name of a preset of the image loader, or a JSON file. */
  readonly preprocess: string
}

export const USAGE: string = `npm start -- [folder] [options]

Finds the pictures in a folder that are most like one of them. Without a folder it makes a small set of pictures, and also measures itself.

  --query <file>                  the picture to look for (default: the first one in the folder)
  --k <number>                    how many pictures to show (default: 10)
  --metric <name>                 ${METRIC_NAMES.join(', ')} (default: cosine)
  --model <file.onnx>             use a neural network in place of the classic descriptor
  --output <tensor>               which of its tensors is the feature vector (default: its only output)
  --preprocess <preset | file>    how it wants its pictures: imagenet-224 (default), caffe-227, clip-224, or a JSON file
  --help                          this text`

/** `undefined` where the person asked for help. @throws CbirError INVALID_ARGUMENT */
export function readArguments(argv: readonly string[]): Arguments | undefined {
  const { values, positionals } = parse(argv)
  if (values.help) return undefined
  if (positionals.length > 1) throw invalid(`Expected one folder, got ${positionals.length}: ${positionals.join(', ')}.`)
  if (!values.model && (values.output || values.preprocess)) throw invalid('--output and --preprocess belong to --model.')
  const k = Number(values.k ?? 10)
  if (!Number.isInteger(k) || k < 1) throw invalid(`--k must be a whole number from 1, got "${values.k}".`)
  const metric = METRIC_NAMES.find((name) => name === (values.metric ?? 'cosine'))
  if (!metric) throw invalid(`There is no metric "${values.metric}". Choose one of ${METRIC_NAMES.join(', ')}.`)
  const model = values.model ? { file: values.model, output: values.output, preprocess: values.preprocess ?? 'imagenet-224' } : undefined
  return { folder: positionals[0], query: values.query, model, k, metric }
}

const text = { type: 'string' } as const
const options = {
  query: text,
  k: text,
  metric: text,
  model: text,
  output: text,
  preprocess: text,
  help: { type: 'boolean', short: 'h' },
} as const

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (cause) {
    throw invalid(`${(cause as Error).message}.`, cause)
  }
}

function invalid(message: string, cause?: unknown): CbirError {
  return new CbirError('INVALID_ARGUMENT', `${message.replace(/\.+$/, '.')} See npm start -- --help.`, { cause })
}
