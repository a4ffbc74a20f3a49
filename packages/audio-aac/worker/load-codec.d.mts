import type { CreateCodec } from '@cbir/audio-decode'

export const loadCodec: () => Promise<{ createCodec: CreateCodec }>
