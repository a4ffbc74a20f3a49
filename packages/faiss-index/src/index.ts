// @cbir/faiss-index: the indexes of faiss (https://faiss.ai), with its files both ways.

export type { FaissIndexConfig, FaissMetric } from './faiss-config.ts'
export { type FaissIndex, faissIndex } from './faiss-index-plugin.ts'
export { type ReadFaissFileOptions, readFaissFile } from './read-faiss-file.ts'
export { type WriteFaissFileOptions, type WrittenFaissFile, writeFaissFile } from './write-faiss-file.ts'
