// @cbir/onnx-extractor: features from any ONNX model and any tensor inside it, off the event loop.

export type { OnnxExtractorConfig, ResolvedOnnxExtractorConfig } from './config.ts'
export type { OnnxElementType } from './model/element-type.ts'
export { type OnnxDimension, type OnnxInnerTensor, type OnnxModel, type OnnxValue, readOnnxModel } from './model/onnx-model.ts'
export { onnxExtractor } from './onnx-extractor.ts'
export type { ConstantTensor, OnnxInput } from './onnx-input.ts'
