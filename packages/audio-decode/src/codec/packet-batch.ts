// Packets on their way to a codec: many in one message, the next message on its way while one is decoded.

import type { Codec, Decoded, Packets } from './codec-host.ts'

/** Bytes and packets of one message. Some milliseconds of decoding. */
const BYTES = 1 << 17
const PACKETS = 64

/** Some packets, and beside each what its reader knows of it. */
export class PacketBatch<T> {
  readonly notes: T[] = []
  private readonly parts: Uint8Array[] = []
  private bytes = 0

  /** `packet` is copied when the batch is sent, so it must stay until then. */
  add(packet: Uint8Array, note: T): void {
    this.parts.push(packet)
    this.notes.push(note)
    this.bytes += packet.length
  }

  get isEmpty(): boolean {
    return this.parts.length === 0
  }

  get isFull(): boolean {
    return this.bytes >= BYTES || this.parts.length >= PACKETS
  }

  toPackets(): Packets {
    const bytes = new Uint8Array(this.bytes)
    const sizes = new Int32Array(this.parts.length)
    let at = 0
    for (const [i, part] of this.parts.entries()) {
      bytes.set(part, at)
      sizes[i] = part.length
      at += part.length
    }
    return { bytes, sizes }
  }
}

/**
 * Each batch with what the codec made of it, in order; one batch is read and sent while the one before is decoded or with the reader. Leaving early
 * ends the batches.
 */
export async function* decodeBatches<T>(
  batches: AsyncGenerator<PacketBatch<T>, void, undefined>,
  codec: Codec,
): AsyncGenerator<{ readonly notes: readonly T[]; readonly decoded: Decoded }, void, undefined> {
  interface Sent {
    readonly notes: readonly T[]
    readonly decoded: Promise<Decoded>
  }
  const send = async (): Promise<Sent | undefined> => {
    const { done, value } = await batches.next()
    if (done) return undefined
    const decoded = codec.decode(value.toPackets())
    decoded.catch(() => undefined) // whoever awaits it gets it; nobody may
    return { notes: value.notes, decoded }
  }
  let reading = false
  const ahead = (): Promise<Sent | undefined> => {
    reading = true
    const sent = send().finally(() => {
      reading = false
    })
    sent.catch(() => undefined) // as above
    return sent
  }
  try {
    let next = ahead()
    for (let sent = await next; sent; sent = await next) {
      next = ahead()
      yield { notes: sent.notes, decoded: await sent.decoded }
    }
  } finally {
    // A source that is silent may never end what it was asked for.
    const closed = batches.return().catch(() => undefined)
    if (!reading) await closed
  }
}
