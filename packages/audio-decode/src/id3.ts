// ID3v2 tags, which stand before mp3 files and sometimes before others.

import { type ByteReader, hasText } from './byte-reader.ts'

/** Bytes of the tag whose first ten bytes these are; 0 where there is none. */
export function id3Size(head: Uint8Array): number {
  if (head.length < 10 || !hasText(head, 'ID3')) return 0
  const [, , , , , flags = 0, a = 0, b = 0, c = 0, d = 0] = head
  if ((a | b | c | d) & 0x80) return 0
  return 10 + (a << 21) + (b << 14) + (c << 7) + d + (flags & 0x10 ? 10 : 0)
}

/** Leaves out all tags that stand here. */
export async function skipId3(reader: ByteReader): Promise<void> {
  while (await reader.have(10)) {
    const size = id3Size(reader.peek(10))
    if (size === 0 || !(await reader.skip(size))) return
  }
}
