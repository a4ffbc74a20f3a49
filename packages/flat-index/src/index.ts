// @cbir/flat-index: exact nearest-neighbour search by scanning.

export { flatIndex } from './flat-index.ts'
export type { FlatIndex, FlatIndexConfig } from './flat-index-plugin.ts'
export { nativeProblem } from './native-problem.ts'
export type { Storage } from './storage.ts'
