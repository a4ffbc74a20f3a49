// The pages of an Ogg file (RFC 3533), each checked by its CRC, and the packets in them.

import { type ByteReader, hasText } from '../byte-reader.ts'
import { crc32 } from '../checksums.ts'
import type { DamageLog } from '../damage.ts'

export interface OggPage {
  readonly serial: number
  readonly sequence: number
  /** Where the page's last whole packet ends, in the codec's unit; `undefined` where no packet ends in it. */
  readonly granule: number | undefined
  /** Its first packet goes on from the page before. */
  readonly continued: boolean
  readonly first: boolean
  readonly last: boolean
  /** Pieces of packets. */
  readonly pieces: readonly Uint8Array[]
  /** The last piece goes on in the next page. */
  readonly open: boolean
}

const HEADER = 27

/** Every page whose checksum holds. What lies between them is damage. */
export async function* oggPages(reader: ByteReader, damage: DamageLog): AsyncGenerator<OggPage, void, undefined> {
  let lostFrom: number | undefined
  for (;;) {
    const begins = (await reader.have(HEADER)) && hasText(reader.peek(5), 'OggS\0')
    const size = begins ? await pageSize(reader) : undefined
    if (size !== undefined && checksumHolds(reader.peek(size))) {
      lostFrom = undefined
      yield pageOf(reader.take(size))
      continue
    }
    if (reader.here === 0) return
    if (lostFrom === undefined) {
      lostFrom = reader.position
      if (begins) {
        const cut = size === undefined
        damage.add(cut ? 'truncated' : 'checksum', `the page at byte ${lostFrom} ${cut ? 'is cut off' : 'does not have its checksum'}`)
      } else if (reader.peek(reader.here).some((byte) => byte !== 0)) damage.add('lost-sync', `from byte ${lostFrom} on there is no page`)
    }
    reader.at++
    await reader.seek(0x4f)
  }
}

/** Bytes of the page that begins here; `undefined` where the file ends before. */
async function pageSize(reader: ByteReader): Promise<number | undefined> {
  const segments = reader.buffer[reader.at + 26]!
  if (!(await reader.have(HEADER + segments))) return undefined
  let size = HEADER + segments
  for (const length of reader.peek(size).subarray(HEADER)) size += length
  return (await reader.have(size)) ? size : undefined
}

const NO_CHECKSUM = new Uint8Array(4)

/** The checksum is that of the page with zeros in its place. */
function checksumHolds(page: Uint8Array<ArrayBuffer>): boolean {
  const declared = new DataView(page.buffer, page.byteOffset + 22, 4).getUint32(0, true)
  return crc32(page, 26, page.length, crc32(NO_CHECKSUM, 0, 4, crc32(page, 0, 22, 0))) === declared
}

function pageOf(page: Uint8Array<ArrayBuffer>): OggPage {
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const flags = page[5]!
  const granule = view.getBigInt64(6, true)
  const lengths = page.subarray(HEADER, HEADER + page[26]!)
  const pieces: Uint8Array[] = []
  let from = HEADER + lengths.length
  let to = from
  for (const length of lengths) {
    to += length
    if (length === 255) continue
    pieces.push(page.subarray(from, to))
    from = to
  }
  const open = lengths.length > 0 && lengths[lengths.length - 1] === 255
  if (open) pieces.push(page.subarray(from, to))
  return {
    granule: granule >= 0n && granule < 2n ** 53n ? Number(granule) : undefined,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    continued: (flags & 1) !== 0,
    first: (flags & 2) !== 0,
    last: (flags & 4) !== 0,
    pieces,
    open,
  }
}

/** The packets of one stream, put together from its pages. */
export class OggPackets {
  private readonly damage: DamageLog
  private begun: Uint8Array[] | undefined
  private sequence: number | undefined

  constructor(damage: DamageLog) {
    this.damage = damage
  }

  /** Packets that end in this page, in order. */
  add(page: OggPage): Uint8Array[] {
    if (this.sequence !== undefined && page.sequence !== this.sequence + 1) {
      this.damage.add('gap', `pages ${this.sequence + 1} to ${page.sequence - 1} are missing`)
      this.begun = undefined
    }
    this.sequence = page.sequence
    const packets: Uint8Array[] = []
    for (const [i, piece] of page.pieces.entries()) {
      const ends = i < page.pieces.length - 1 || !page.open
      const goesOn = i === 0 && page.continued
      // The beginning of a packet that is continued may be lost.
      if (goesOn && !this.begun) continue
      const parts: Uint8Array[] = goesOn ? [...this.begun!, piece] : [piece]
      if (ends) packets.push(join(parts))
      this.begun = ends ? undefined : parts
    }
    return packets
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
