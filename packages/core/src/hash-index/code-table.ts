// CodeTable: which code stands in which row; a hash table over packed bytes, without an object or a string for each code.

import { inSlices } from '../concurrency/in-slices.ts'
import type { BitBatch } from '../vectors/bit-batch.ts'

/** Rows a chunk of codes holds. Chunks, because growing one array would copy it all at once. */
const CHUNK_ROWS = 1 << 12

/** Bit codes of one length, each once, in numbered rows. A freed row is given out again, the last freed first. */
export class CodeTable {
  readonly stride: number
  private readonly chunks: Uint8Array[] = []
  private live = new Uint8Array(0)
  private readonly freed: number[] = []
  /** Open addressing with linear probing: the row + 1 of a code, 0 for an empty slot. Its length is a power of two. */
  private slots = new Int32Array(16)
  /** Rows ever used, freed ones included. */
  size = 0
  count = 0

  constructor(stride: number) {
    this.stride = stride
  }

  isLive(row: number): boolean {
    return this.live[row] === 1
  }

  /** Makes room for `count` more codes, in slices. */
  async reserve(count: number): Promise<void> {
    const rows = this.size + count
    while (this.chunks.length * CHUNK_ROWS < rows) this.chunks.push(new Uint8Array(CHUNK_ROWS * this.stride))
    if (this.live.length < rows) {
      const live = new Uint8Array(2 * rows)
      live.set(this.live)
      this.live = live
    }
    if (2 * (this.count + count) <= this.slots.length) return
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(3 * (this.count + count))))
    await inSlices(this.size, 1024, (from, to) => {
      for (let row = from; row < to; row++) if (this.live[row]) this.slots[this.slotOf(this.chunkOf(row), this.at(row))] = row + 1
    })
  }

  /** The row of code `i` of a batch, or -1. */
  find(codes: BitBatch, i: number): number {
    return this.slots[this.slotOf(codes.data, i * this.stride)]! - 1
  }

  /** Adds a code that is not there, for which room was made; gives its row. */
  add(codes: BitBatch, i: number): number {
    const row = this.freed.pop() ?? this.size++
    this.put(row, codes, i)
    return row
  }

  /** Sets code `i` of a batch at a row, as it was saved. */
  put(row: number, codes: BitBatch, i: number): void {
    const from = i * this.stride
    this.slots[this.slotOf(codes.data, from)] = row + 1
    this.chunkOf(row).set(codes.data.subarray(from, from + this.stride), this.at(row))
    this.live[row] = 1
    this.count++
  }

  remove(row: number): void {
    this.unlink(row)
    this.freed.push(row)
  }

  /** Takes back rows that `add` gave just now, when the table had `size` rows. */
  undo(rows: readonly number[], size: number): void {
    for (const row of [...rows].reverse()) {
      this.unlink(row)
      if (row < size) this.freed.push(row)
    }
    this.size = size
  }

  /** Declares `size` rows; those that are not put afterwards are freed by `freeRest`. */
  freeRest(size: number): void {
    this.size = size
    for (let row = size - 1; row >= 0; row--) if (!this.live[row]) this.freed.push(row)
  }

  /** Copies the code of a row. */
  copy(row: number, into: Uint8Array, to: number): void {
    const from = this.at(row)
    into.set(this.chunkOf(row).subarray(from, from + this.stride), to)
  }

  private chunkOf(row: number): Uint8Array {
    return this.chunks[Math.floor(row / CHUNK_ROWS)]!
  }

  private at(row: number): number {
    return (row % CHUNK_ROWS) * this.stride
  }

  private hash(data: Uint8Array, at: number): number {
    let h = 0x811c9dc5
    for (let i = at; i < at + this.stride; i++) h = Math.imul(h ^ data[i]!, 0x01000193)
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
    return (h ^ (h >>> 13)) >>> 0
  }

  /** Where the code at `data[at…]` stands, or the empty slot where it would. */
  private slotOf(data: Uint8Array, at: number): number {
    const mask = this.slots.length - 1
    let slot = this.hash(data, at) & mask
    for (; ; slot = (slot + 1) & mask) {
      const row = this.slots[slot]! - 1
      if (row < 0) return slot
      const chunk = this.chunkOf(row)
      const from = this.at(row)
      let i = 0
      while (i < this.stride && chunk[from + i] === data[at + i]) i++
      if (i === this.stride) return slot
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
