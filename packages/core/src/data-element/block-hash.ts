// MD5 and SHA-1 in TypeScript, for platforms that have neither (MD5 is in no browser; Web Crypto needs a secure context).

import { inSlices } from '../concurrency/in-slices.ts'

/** A hash that works on 64-byte blocks of sixteen 32-bit words, padded as MD5 (RFC 1321) and SHA-1 (RFC 3174) are. */
interface BlockHash {
  readonly start: readonly number[]
  readonly littleEndian: boolean
  /** Folds one block into the state. */
  fold(state: Int32Array, block: Int32Array): void
}

const rotate = (x: number, n: number): number => (x << n) | (x >>> (32 - n))

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const MD5_SINES: Int32Array = Int32Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))) | 0)

const md5: BlockHash = {
  start: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476],
  littleEndian: true,
  fold(state, block) {
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      let f: number
      let word: number
      if (round === 0) {
        f = (b & c) | (~b & d)
        word = i
      } else if (round === 1) {
        f = (d & b) | (~d & c)
        word = (5 * i + 1) & 15
      } else if (round === 2) {
        f = b ^ c ^ d
        word = (3 * i + 5) & 15
      } else {
        f = c ^ (b | ~d)
        word = (7 * i) & 15
      }
      const sum = (a + f + MD5_SINES[i]! + block[word]!) | 0
      a = d
      d = c
      c = b
      b = (b + rotate(sum, MD5_SHIFTS[(round << 2) | (i & 3)]!)) | 0
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
  },
}

const SHA1_WORDS: Int32Array = new Int32Array(80)

const sha1: BlockHash = {
  start: [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0],
  littleEndian: false,
  fold(state, block) {
    const w = SHA1_WORDS
    w.set(block)
    for (let i = 16; i < 80; i++) w[i] = rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    for (let i = 0; i < 80; i++) {
      let f: number
      if (i < 20) f = ((b & c) | (~b & d)) + 0x5a827999
      else if (i < 40) f = (b ^ c ^ d) + 0x6ed9eba1
      else if (i < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
      else f = (b ^ c ^ d) + 0xca62c1d6
      const next = (rotate(a, 5) + f + e + w[i]!) | 0
      e = d
      d = c
      c = rotate(b, 30)
      b = a
      a = next
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
    state[4]! += e
  },
}

export const BLOCK_HASHES: { readonly md5: BlockHash; readonly sha1: BlockHash } = { md5, sha1 }

/** The digest of `bytes` in hexadecimal, computed in slices. The bytes must not change meanwhile. @throws CbirError ABORTED */
export async function blockHash({ start, littleEndian, fold }: BlockHash, bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  const state = Int32Array.from(start)
  const block = new Int32Array(16)
  const run = async (part: Uint8Array): Promise<void> => {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
    const some = (from: number, to: number): void => {
      for (let at = from; at < to; at += 64) {
        for (let i = 0; i < 16; i++) block[i] = view.getInt32(at + 4 * i, littleEndian)
        fold(state, block)
      }
    }
    await inSlices(part.length, 1 << 15, some, signal)
  }
  const whole = bytes.length - (bytes.length % 64)
  await run(bytes.subarray(0, whole))
  // The rest, a 1 bit, zeros, and the length in bits as a 64-bit number at the end of a block.
  const rest = bytes.subarray(whole)
  const tail = new Uint8Array(rest.length < 56 ? 64 : 128)
  tail.set(rest)
  tail[rest.length] = 0x80
  const end = new DataView(tail.buffer, tail.length - 8)
  end.setUint32(littleEndian ? 0 : 4, bytes.length * 8, littleEndian)
  end.setUint32(littleEndian ? 4 : 0, Math.floor(bytes.length / 2 ** 29), littleEndian)
  await run(tail)
  const out = new DataView(new ArrayBuffer(4 * state.length))
  state.forEach((word, i) => void out.setInt32(4 * i, word, littleEndian))
  return toHex(new Uint8Array(out.buffer))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
