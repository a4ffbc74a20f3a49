// @cbir/annoy-index: approximate nearest neighbours by random projection trees, over Spotify's Annoy.

export type { AnnoyIndexConfig, AnnoyMetric } from './annoy-config.ts'
export { type ReadAnnoyFileOptions, readAnnoyFile, type WrittenAnnoyFile, writeAnnoyFile } from './annoy-file.ts'
export { type AnnoyIndex, annoyIndex } from './annoy-index.ts'
