// What happens to files: cut, dropped, repeated, swapped, spliced parts, bits and bytes that are wrong, and bytes that do not belong there.

import { join } from './wav-writer.ts'

type Random = () => number

/** Makes another file of `bytes`; `other` is a second file of the same kind. */
type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array<ArrayBuffer>

const MOST = 4000

function place(bytes: Uint8Array, random: Random): number {
  return Math.floor(random() * bytes.length)
}

function noise(count: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: count }, () => Math.floor(random() * 256))
}

/** As a copy. */
function changed(bytes: Uint8Array, change: (copy: Uint8Array) => void): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes)
  change(copy)
  return copy
}

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'cut off': (bytes, random) => Uint8Array.from(bytes.subarray(0, 1 + place(bytes, random))),
  'without its beginning': (bytes, random) => Uint8Array.from(bytes.subarray(1 + Math.floor(random() * (bytes.length - 1)))),
  'one bit': (bytes, random) => changed(bytes, (copy) => (copy[place(bytes, random)]! ^= 1 << Math.floor(8 * random()))),
  'some bytes': (bytes, random) =>
    changed(bytes, (copy) => {
      const at = place(bytes, random)
      copy.set(noise(1 + Math.floor(60 * random()), random).subarray(0, bytes.length - at), at)
    }),
  'bytes here and there': (bytes, random) =>
    changed(bytes, (copy) => {
      for (let left = 1 + Math.floor(20 * random()); left > 0; left--) copy[place(bytes, random)] = Math.floor(256 * random())
    }),
  'bytes of the header': (bytes, random) =>
    changed(bytes, (copy) => copy.set(noise(1 + Math.floor(4 * random()), random), Math.floor(200 * random()))),
  zeros: (bytes, random) =>
    changed(bytes, (copy) => {
      const at = place(bytes, random)
      copy.fill(0, at, at + 1 + Math.floor(MOST * random()))
    }),
  'a part dropped': (bytes, random) => {
    const at = place(bytes, random)
    return join([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(MOST * random()))])
  },
  'a part twice': (bytes, random) => {
    const at = place(bytes, random)
    return join([bytes.subarray(0, at + 1 + Math.floor(MOST * random())), bytes.subarray(at)])
  },
  'parts swapped': (bytes, random) => {
    const [a = 0, b = 0, c = 0] = [place(bytes, random), place(bytes, random), place(bytes, random)].sort((x, y) => x - y)
    return join([bytes.subarray(0, a), bytes.subarray(b, c), bytes.subarray(a, b), bytes.subarray(c)])
  },
  'bytes between': (bytes, random) => {
    const at = place(bytes, random)
    return join([bytes.subarray(0, at), noise(1 + Math.floor(2000 * random()), random), bytes.subarray(at)])
  },
  'bytes behind': (bytes, random) => join([bytes, noise(1 + Math.floor(300 * random()), random)]),
  'the end of another': (bytes, random, other) => join([bytes.subarray(0, place(bytes, random)), other.subarray(place(other, random))]),
}
