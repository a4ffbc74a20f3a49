// The header of an AAC frame in ADTS (ISO/IEC 14496-3, annex 1.A).

export interface AdtsHeader {
  /** Bytes of the frame, header included. */
  readonly size: number
  /** Bytes of the header. */
  readonly head: number
  /** What an MP4 file would have as its AudioSpecificConfig. */
  readonly config: Uint8Array
}

/** The header at a place, of which seven bytes are there; `undefined` where none stands there. */
export function adtsHeader(bytes: Uint8Array, at: number): AdtsHeader | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return undefined
  const profile = bytes[at + 2]! >> 6
  const rate = (bytes[at + 2]! >> 2) & 15
  const channels = ((bytes[at + 2]! & 1) << 2) | (bytes[at + 3]! >> 6)
  const size = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5)
  const head = bytes[at + 1]! & 1 ? 7 : 9
  if (rate > 12 || size <= head) return undefined
  const type = profile + 1
  return { size, head, config: Uint8Array.of((type << 3) | (rate >> 1), ((rate & 1) << 7) | (channels << 3)) }
}

/** Whether both may stand in one stream. */
export function sameAdts(a: AdtsHeader, b: AdtsHeader): boolean {
  return a.config[0] === b.config[0] && a.config[1] === b.config[1]
}
