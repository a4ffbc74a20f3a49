// How samples stand in a wav file, and what they are as floats.

/** Reads one sample at a byte. */
type ReadSample = (view: DataView, at: number) => number

export interface PcmEncoding {
  /** For people: `24-bit`, `float 32`. */
  readonly name: string
  /** Bytes of a sample. */
  readonly width: number
  /** `count` samples from byte `at`, `stride` bytes apart, into `into`. */
  read(bytes: Uint8Array, at: number, stride: number, into: Float32Array): void
}

/** Format tags of `mmreg.h`. */
export const FORMAT = { pcm: 1, float: 3, aLaw: 6, muLaw: 7, extensible: 0xfffe } as const

/** The encoding of a format tag with so many bits; `undefined` where there is none. Widths above the bits are padded below, as the format says. */
export function pcmEncoding(format: number, width: number): PcmEncoding | undefined {
  if (format === FORMAT.pcm) return INTEGERS[width]
  if (format === FORMAT.float) return FLOATS[width]
  if (format === FORMAT.aLaw && width === 1) return companded('A-law', A_LAW)
  if (format === FORMAT.muLaw && width === 1) return companded('µ-law', MU_LAW)
  return undefined
}

function encoding(name: string, width: number, sample: ReadSample): PcmEncoding {
  return {
    name,
    width,
    read(bytes, at, stride, into) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0, from = at; i < into.length; i++, from += stride) into[i] = sample(view, from)
    },
  }
}

/** Integers are divided by their most negative value, so 16 bits by 32768. Eight bits have no sign. */
const INTEGERS: Readonly<Record<number, PcmEncoding>> = {
  1: encoding('8-bit', 1, (view, at) => (view.getUint8(at) - 128) / 128),
  2: encoding('16-bit', 2, (view, at) => view.getInt16(at, true) / 32768),
  3: encoding('24-bit', 3, (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8388608),
  4: encoding('32-bit', 4, (view, at) => view.getInt32(at, true) / 2147483648),
}

const FLOATS: Readonly<Record<number, PcmEncoding>> = {
  4: encoding('float 32', 4, (view, at) => view.getFloat32(at, true)),
  8: encoding('float 64', 8, (view, at) => view.getFloat64(at, true)),
}

function companded(name: string, table: Float32Array): PcmEncoding {
  return encoding(name, 1, (view, at) => table[view.getUint8(at)]!)
}

/** ITU-T G.711: sign, three bits of exponent, four of mantissa; as 16-bit numbers, which `ulaw` and `alaw` of other programs give too. */
const A_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = ((bits & 15) << 4) + 8
  const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1)
  return (bits & 0x80 ? size : -size) / 32768
})

const MU_LAW: Float32Array = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff
  const size = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132
  return (bits & 0x80 ? -size : size) / 32768
})
