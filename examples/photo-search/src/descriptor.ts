// Descriptor: how pictures become vectors. The classic descriptor needs nothing; a neural network sees more.

import type { FeatureExtractor } from '@cbir/core'
import { imageDescriptor } from '@cbir/image-descriptors'
import { type ImageLoader, type ImageLoaderConfig, type ImageTensor, imageLoader, PRESETS, readPreprocessFile } from '@cbir/image-loader'
import { onnxExtractor } from '@cbir/onnx-extractor'
import type { ModelArguments } from './arguments.ts'

/** A loader, and an extractor for what it loads. */
export interface Descriptor {
  readonly loader: ImageLoader
  readonly extractor: FeatureExtractor<ImageTensor>
}

export function classicDescriptor(): Descriptor {
  return { loader: imageLoader({ preset: 'descriptor' }), extractor: imageDescriptor() }
}

/** @throws CbirError NOT_FOUND, INVALID_MODEL, INVALID_CONFIG, … */
export async function modelDescriptor({ file, output, preprocess }: ModelArguments): Promise<Descriptor> {
  const config: ImageLoaderConfig = preprocess in PRESETS ? PRESETS[preprocess as keyof typeof PRESETS] : await readPreprocessFile(preprocess)
  return { loader: imageLoader(config), extractor: await onnxExtractor({ model: file, output }) }
}
