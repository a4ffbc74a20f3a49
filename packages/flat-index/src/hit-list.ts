// HitList: rows with their distances, sorted by distance and then by row, without an object for each.

import { TimeSlice } from '@cbir/core/define'

/** Hits that are sorted in one go: about 2 ms. Longer lists are sorted in runs of this length, which are merged in slices. */
const RUN = 1 << 15

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
const LOW = LITTLE_ENDIAN ? 0 : 1

/**
 * A growing list of hits. Each is one 64-bit number: above, the bits of the float32 distance, turned so that they order as the distance does;
 * below, the row. So sorting the numbers sorts the hits, and the typed array's own sort does it.
 */
export class HitList {
  private codes: BigUint64Array
  private halves: Uint32Array
  private used = 0

  constructor(capacity = 64) {
    this.codes = new BigUint64Array(capacity)
    this.halves = new Uint32Array(this.codes.buffer)
  }

  get count(): number {
    return this.used
  }

  clear(): void {
    this.used = 0
  }

  add(row: number, distance: number): void {
    if (this.used === this.codes.length) this.grow()
    float[0] = distance
    const code = bits[0]!
    const at = 2 * this.used++
    this.halves[at + LOW] = row
    this.halves[at + 1 - LOW] = code >>> 31 ? ~code : code ^ 0x80000000
  }

  /** Sorts, in slices. */
  async sort(): Promise<void> {
    const slice = new TimeSlice()
    for (let from = 0; from < this.used; from += RUN) {
      this.codes.subarray(from, Math.min(from + RUN, this.used)).sort()
      if (this.used > RUN && slice.due()) await slice.pause()
    }
    for (let run = RUN; run < this.used; run *= 2) await this.mergeRuns(run, slice)
  }

  /** Copies the hits `from … to - 1` to `rows[at + from…]` and `distances[at + from…]`. */
  copyTo(rows: Uint32Array, distances: Float32Array, at: number, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      rows[at + i] = this.halves[2 * i + LOW]!
      const code = this.halves[2 * i + 1 - LOW]!
      bits[0] = code >>> 31 ? code ^ 0x80000000 : ~code
      distances[at + i] = float[0]!
    }
  }

  private async mergeRuns(run: number, slice: TimeSlice): Promise<void> {
    const merged = new BigUint64Array(this.codes.length)
    for (let from = 0; from < this.used; from += 2 * run) {
      const middle = Math.min(from + run, this.used)
      const end = Math.min(middle + run, this.used)
      let a = from
      let b = middle
      for (let to = from; to < end; to++) {
        const fromA = b >= end || (a < middle && this.codes[a]! <= this.codes[b]!)
        merged[to] = this.codes[fromA ? a++ : b++]!
        if ((to & 4095) === 4095 && slice.due()) await slice.pause()
      }
    }
    this.codes = merged
    this.halves = new Uint32Array(merged.buffer)
  }

  private grow(): void {
    const wider = new BigUint64Array(this.codes.length * 2)
    wider.set(this.codes)
    this.codes = wider
    this.halves = new Uint32Array(wider.buffer)
  }
}
