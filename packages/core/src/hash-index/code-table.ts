// CodeTable: which code stands in which row; a hash table over packed words, without an object or a string for each code.

import { inSlices } from '../concurrency/in-slices.ts'
import type { OwnCodes } from './own-codes.ts'

/** Rows a chunk of codes holds, as a power of two. Chunks, because growing one array would copy it all at once. */
const CHUNK_SHIFT = 12
const IN_CHUNK = (1 << CHUNK_SHIFT) - 1
/** Codes that are entered between two looks at the clock. */
const STEP = 1024

/** Bit codes of one length, each once, in numbered rows. A freed row is given out again, the last freed first. */
export class CodeTable {
  readonly stride: number
  /** 32-bit words a code takes. */
  private readonly width: number
  private readonly chunks: Int32Array[] = []
  private live = new Uint8Array(0)
  private readonly freed: number[] = []
  /** Open addressing with linear probing: the row + 1 of a code, 0 for an empty slot. Its length is a power of two. */
  private slots = new Int32Array(16)
  /** Rows ever used, freed ones included. */
  size = 0
  count = 0

  constructor(stride: number) {
    this.stride = stride
    this.width = stride >> 2
  }

  isLive(row: number): boolean {
    return this.live[row] === 1
  }

  /** Makes room for `count` more codes, in slices. */
  async reserve(count: number): Promise<void> {
    const rows = this.size + count
    await inSlices(Math.ceil(rows / (1 << CHUNK_SHIFT)) - this.chunks.length, 4, (from, to) => {
      for (let i = from; i < to; i++) this.chunks.push(new Int32Array(this.width << CHUNK_SHIFT))
    })
    if (this.live.length < rows) {
      const live = new Uint8Array(2 * rows)
      live.set(this.live)
      this.live = live
    }
    if (2 * (this.count + count) <= this.slots.length) return
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(3 * (this.count + count))))
    await inSlices(this.size, STEP, (from, to) => {
      for (let row = from; row < to; row++) if (this.live[row] === 1) this.slots[this.slotOf(this.chunkOf(row), this.at(row))] = row + 1
    })
  }

  /** The row of code `i` of a batch, or -1. */
  find({ words }: OwnCodes, i: number): number {
    return this.slots[this.slotOf(words, i * this.width)]! - 1
  }

  /** Adds code `i` of a batch, for which room was made; gives its row, or -1 where it is there already. */
  add({ words }: OwnCodes, i: number): number {
    const slot = this.slotOf(words, i * this.width)
    if (this.slots[slot] !== 0) return -1
    const row = this.freed.pop() ?? this.size++
    this.put(row, words, i * this.width, slot)
    return row
  }

  /** Sets code `i` of a batch at a row, as it was saved; false where the code is there already. */
  restore(row: number, { words }: OwnCodes, i: number): boolean {
    const slot = this.slotOf(words, i * this.width)
    if (this.slots[slot] !== 0) return false
    this.put(row, words, i * this.width, slot)
    return true
  }

  remove(row: number): void {
    this.unlink(row)
    this.freed.push(row)
  }

  /** Takes back rows that `add` gave just now, when the table had `size` rows; in slices. */
  async undo(rows: Uint32Array, size: number): Promise<void> {
    await inSlices(rows.length, STEP, (from, to) => {
      for (let i = from; i < to; i++) {
        const row = rows[rows.length - 1 - i]!
        this.unlink(row)
        if (row < size) this.freed.push(row)
      }
    })
    this.size = size
  }

  /** Declares `size` rows, and frees those that were not restored; in slices. */
  async freeRest(size: number): Promise<void> {
    this.size = size
    await inSlices(size, 64 * STEP, (from, to) => {
      for (let i = from; i < to; i++) if (this.live[size - 1 - i] !== 1) this.freed.push(size - 1 - i)
    })
  }

  /** Copies the codes of `rows[from … to - 1]` to the same places of a batch. */
  copyRows(rows: Uint32Array, from: number, to: number, into: OwnCodes): void {
    const { width } = this
    const { words } = into
    // Codes of 64 bits, which are the most frequent, without a loop for each.
    for (let i = from; width === 2 && i < to; i++) {
      const row = rows[i]!
      const chunk = this.chunkOf(row)
      const begin = this.at(row)
      words[2 * i] = chunk[begin]!
      words[2 * i + 1] = chunk[begin + 1]!
    }
    for (let i = from; width !== 2 && i < to; i++) {
      const row = rows[i]!
      const chunk = this.chunkOf(row)
      const begin = this.at(row)
      for (let j = 0; j < width; j++) words[i * width + j] = chunk[begin + j]!
    }
  }

  /** The bytes of the rows `from … to - 1`, which must be of one chunk: see {@link CodeTable.endOfChunk}. Nobody may change them. */
  bytes(from: number, to: number): Uint8Array {
    const chunk = this.chunkOf(from)
    return new Uint8Array(chunk.buffer, this.at(from) << 2, (to - from) * this.stride)
  }

  /** The row behind the last one of a row's chunk, or behind the last of all. */
  endOfChunk(row: number): number {
    return Math.min(this.size, (row | IN_CHUNK) + 1)
  }

  private put(row: number, words: Int32Array, from: number, slot: number): void {
    this.slots[slot] = row + 1
    const chunk = this.chunkOf(row)
    const to = this.at(row)
    for (let j = 0; j < this.width; j++) chunk[to + j] = words[from + j]!
    this.live[row] = 1
    this.count++
  }

  private chunkOf(row: number): Int32Array {
    return this.chunks[row >>> CHUNK_SHIFT]!
  }

  private at(row: number): number {
    return (row & IN_CHUNK) * this.width
  }

  /** A multiplication and a shift for each word carry every bit into the low ones; the last steps are those of MurmurHash3. */
  private hash(words: Int32Array, at: number): number {
    let h = 0x811c9dc5 | 0
    for (let i = at; i < at + this.width; i++) {
      h = Math.imul(h ^ words[i]!, 0x9e3779b1)
      h ^= h >>> 15
    }
    h = Math.imul(h, 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    return h ^ (h >>> 16)
  }

  /** Where the code at `words[at…]` stands, or the empty slot where it would. */
  private slotOf(words: Int32Array, at: number): number {
    const { slots, width } = this
    const mask = slots.length - 1
    for (let slot = this.hash(words, at) & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (row < 0) return slot
      const chunk = this.chunkOf(row)
      const from = this.at(row)
      let i = 0
      while (i < width && chunk[from + i] === words[at + i]) i++
      if (i === width) return slot
    }
  }

  /** Empties the slot of a row, and moves codes that had to pass it closer to where they belong. */
  private unlink(row: number): void {
    const mask = this.slots.length - 1
    let hole = this.slotOf(this.chunkOf(row), this.at(row))
    for (let slot = (hole + 1) & mask; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = this.slots[slot]! - 1
      const home = this.hash(this.chunkOf(other), this.at(other)) & mask
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      this.slots[hole] = other + 1
      hole = slot
    }
    this.slots[hole] = 0
    this.live[row] = 0
    this.count--
  }
}
