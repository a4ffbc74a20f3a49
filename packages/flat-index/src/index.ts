// @cbir/flat-index: exact nearest-neighbour search by scanning, in TypeScript.

export { flatIndex } from './flat-index.ts'
export type { FlatIndex, FlatIndexConfig } from './flat-index-plugin.ts'
