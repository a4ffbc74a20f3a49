// Where packets are decoded: in threads under Node, in this thread elsewhere.

import type { CreateCodec, Decoded, Packets } from '../../worker/protocol.d.mts'

export type { CreateCodec, Decoded, DecodedPacket, PacketCodec, Packets } from '../../worker/protocol.d.mts'

/**
 * A module that exports `createCodec(options, place)`: JavaScript that Node loads as it is, since a thread loads it. See `PacketCodec` in
 * `worker/protocol.d.mts`.
 */
export interface CodecModule {
  /** Where a thread finds it. Only called under Node. */
  url(): URL
  /** The module in this thread. Only called where there are no threads. */
  load(): Promise<{ readonly createCodec: CreateCodec }>
}

/** One decoder at work. Calls are answered in their order. */
export interface Codec {
  /** Takes the packets' memory. @throws CbirError ADAPTER_FAULT where the thread died */
  decode(packets: Packets): Promise<Decoded>
  /** The MD5 of everything decoded, where the codec makes one. */
  digest(): Promise<string | undefined>
  /** Gives back the memory; any number of times. */
  free(): Promise<void>
}

export interface CodecHost {
  /** @throws CbirError CORRUPT_DATA where the decoder refuses the header */
  create(module: CodecModule, options: unknown): Promise<Codec>
}
