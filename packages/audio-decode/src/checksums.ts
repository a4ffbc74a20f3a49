// The cyclic redundancy checks of sound formats, by tables of 256.

/** A table for a polynomial of `bits` bits, most significant bit first. */
function table(bits: number, polynomial: number): Uint32Array {
  const top = 2 ** (bits - 1)
  const mask = 2 ** bits - 1
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte * 2 ** (bits - 8)
    for (let i = 0; i < 8; i++) rest = ((rest >= top ? (rest * 2) ^ polynomial : rest * 2) & mask) >>> 0
    return rest
  })
}

/** Of the headers of FLAC frames: x⁸ + x² + x + 1. */
const CRC8 = table(8, 0x07)
/** Of FLAC frames and MPEG side information: x¹⁶ + x¹⁵ + x² + 1. */
const CRC16 = table(16, 0x8005)
/** Of Ogg pages: x³² + x²⁶ + … + 1, without the usual inversions. */
const CRC32 = table(32, 0x04c11db7)

export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let rest = 0
  for (let i = from; i < to; i++) rest = CRC8[rest ^ bytes[i]!]!
  return rest
}

/** Goes on from `rest`. */
export function crc16(bytes: Uint8Array, from: number, to: number, start: number): number {
  let rest = start
  for (let i = from; i < to; i++) rest = ((rest << 8) & 0xffff) ^ CRC16[(rest >> 8) ^ bytes[i]!]!
  return rest
}

/** Goes on from `rest`. */
export function crc32(bytes: Uint8Array, from: number, to: number, start: number): number {
  let rest = start
  for (let i = from; i < to; i++) rest = (rest << 8) ^ CRC32[(rest >>> 24) ^ bytes[i]!]!
  return rest >>> 0
}

/** The same polynomial as {@link crc16} with the least significant bit first (CRC-16/ARC), which LAME writes. */
const REFLECTED = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let i = 0; i < 8; i++) rest = rest & 1 ? (rest >> 1) ^ 0xa001 : rest >> 1
  return rest
})

/** Goes on from `rest`. */
export function crc16Reflected(bytes: Uint8Array, from: number, to: number, start: number): number {
  let rest = start
  for (let i = from; i < to; i++) rest = (rest >> 8) ^ REFLECTED[(rest ^ bytes[i]!) & 0xff]!
  return rest
}
