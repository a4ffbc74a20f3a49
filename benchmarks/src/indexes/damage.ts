// Random damage to a file.

/** The bytes with one kind of damage: 1–64 bytes flipped, cut, grown, or those of another file. Never what they were. */
export function damaged(bytes: Uint8Array, others: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit)
  const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))
  const kind = random()
  if (kind < 0.7 && bytes.length > 0) {
    const copy = bytes.slice()
    const flips = 1 + below(64)
    // Half of them at the beginning, where files keep their sizes.
    const reach = random() < 0.5 ? Math.min(copy.length, 256) : copy.length
    const places = new Set(Array.from({ length: flips }, () => below(reach)))
    for (const place of places) copy[place]! ^= 1 + below(255)
    return copy
  }
  if (kind < 0.82 && bytes.length > 0) return bytes.slice(0, below(bytes.length))
  if (kind < 0.94) return Buffer.concat([bytes, random() < 0.5 ? noise(1 + below(64)) : bytes.slice(0, 1 + below(bytes.length))])
  const different = others.filter((other) => !Buffer.from(other).equals(bytes))
  return different.length > 0 ? different[below(different.length)]! : noise(bytes.length + 1 + below(64))
}
