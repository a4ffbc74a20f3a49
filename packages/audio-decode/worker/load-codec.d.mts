import type { CreateCodec, Decoded, PacketCodec, Packets } from './protocol.d.mts'

export type CodecName = 'flac-codec' | 'mpeg-codec' | 'opus-codec' | 'vorbis-codec'

export const loadCodec: Readonly<Record<CodecName, () => Promise<{ createCodec: CreateCodec }>>>

export function runCodec(codec: PacketCodec, packets: Packets): Decoded
