// @cbir/flat-index: exact nearest-neighbour search by scanning, in TypeScript.

export { type FlatIndex, type FlatIndexConfig, flatIndex } from './flat-index.ts'
