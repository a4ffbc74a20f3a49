// The codec for a place without threads of ours.

export const loadCodec = () => import('./aac-codec.mjs')
