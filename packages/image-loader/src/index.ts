// @cbir/image-loader: photos to tensors with sharp: decode, orient, resize, crop, normalise.

export { fromHuggingFacePreprocessor } from './hugging-face-preprocessor.ts'
export type { ImageInput } from './image-input.ts'
export { type ImageLoader, type ImageLoaderFactory, imageLoader } from './image-loader.ts'
export type * from './image-loader-config.ts'
export { readPreprocessFile } from './preprocess-file.ts'
export { PRESETS } from './presets.ts'
export type { ImageTensor } from './to-tensor.ts'
