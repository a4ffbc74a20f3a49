// @cbir/hnsw-index: approximate nearest-neighbour search along a navigable small-world graph, over hnswlib.

export type { HnswIndexConfig } from './hnsw-config.ts'
export { type HnswIndex, hnswIndex } from './hnsw-index.ts'
export { type ReadHnswlibFileOptions, readHnswlibFile, type WriteHnswlibFileOptions, writeHnswlibFile } from './hnswlib-file.ts'
