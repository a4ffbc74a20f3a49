// What a codec is, and what the thread that holds codecs is asked and answers.

/** What a codec made of some packets. */
export interface Decoded {
  /** One array for each channel, all of one length. */
  channels: Float32Array<ArrayBuffer>[]
  /** Frames that each packet gave, in the order of the packets; -1 for a packet that the codec refused. */
  counts: Int32Array<ArrayBuffer>
  /** Hertz; 0 where nothing was decoded. */
  sampleRate: number
}

/** Packets, one after another in `bytes`; packet i has `sizes[i]` bytes. */
export interface Packets {
  bytes: Uint8Array<ArrayBuffer>
  sizes: Int32Array<ArrayBuffer>
}

/** What a codec made of one packet. */
export interface DecodedPacket {
  /** The first `frames` of each count, until the next packet. */
  channels: Float32Array[]
  frames: number
  sampleRate: number
  /** The codec complained. */
  failed?: boolean | undefined
}

/** A decoder of packets that were already found in their file. It may print: where it runs, that is seen to. */
export interface PacketCodec {
  /** What one packet gives. Throwing counts as refusing it. */
  decode(packet: Uint8Array<ArrayBuffer>): DecodedPacket
  /** Sees, and may change, what all packets of a message gave. */
  finish?(decoded: Decoded): void
  /** A digest of everything that was decoded so far, where the codec makes one. */
  digest?(): string
  free(): void
}

/** What a codec's module gets from the place where it runs. */
export interface CodecPlace {
  /** An MD5 that is fed in pieces; not in every place. */
  readonly md5?: () => { update(bytes: Uint8Array): unknown; digest(encoding: 'hex'): string }
}

/** The export of a codec's module. */
export type CreateCodec = (options: never, place: CodecPlace) => Promise<PacketCodec>

export type Request =
  | { readonly type: 'create'; readonly id: number; readonly codec: number; readonly module: string; readonly options: unknown }
  | { readonly type: 'decode'; readonly id: number; readonly codec: number; readonly packets: Packets }
  | { readonly type: 'digest'; readonly id: number; readonly codec: number }
  | { readonly type: 'free'; readonly id: number; readonly codec: number }

export type Reply = { readonly id: number; readonly value: Decoded | string | undefined } | { readonly id: number; readonly message: string }
