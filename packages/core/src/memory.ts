// @cbir/core/memory: small implementations in memory, of everything that SMQTK has one for.

export {
  memoryClassificationElement,
  memoryClassificationElementFactory,
  memoryClassificationElementPlugin,
} from './classification-element/memory-classification-element.ts'
export { type ElementConfig, elementConfigSchema } from './component/element-config.ts'
export { fromBase64, toBase64 } from './data-element/base64.ts'
export { type DataUrlContent, dataUrlElement, parseDataUrl } from './data-element/data-url.ts'
export {
  type MemoryDataElementConfig,
  type MemoryDataElementOptions,
  memoryDataElement,
  memoryDataElementPlugin,
} from './data-element/memory-data-element.ts'
export { memoryDataSet } from './data-set/memory-data-set.ts'
export {
  memoryDescriptorElement,
  memoryDescriptorElementFactory,
  memoryDescriptorElementPlugin,
} from './descriptor-element/memory-descriptor-element.ts'
export { memoryDescriptorSet } from './descriptor-set/memory-descriptor-set.ts'
export { type MemoryHashIndex, memoryHashIndex } from './hash-index/memory-hash-index.ts'
export { memoryKeyValueStore } from './key-value-store/memory-key-value-store.ts'
