// The codecs of this package for a place without threads of ours: imported where they are used, so that a bundler can keep them apart.

export const loadCodec = {
  'flac-codec': () => import('./flac-codec.mjs'),
  'mpeg-codec': () => import('./mpeg-codec.mjs'),
  'opus-codec': () => import('./opus-codec.mjs'),
  'vorbis-codec': () => import('./vorbis-codec.mjs'),
}

export { runCodec } from './run-codec.mjs'
