// RowSet: rows as bits, in memory that grows with the highest.

/** A set of rows that a driver keeps, e.g. of those that were freed; empty, it takes no memory. */
export class RowSet {
  private bits = new Uint8Array(0)

  add(rows: Uint32Array): void {
    for (const row of rows) {
      if (row >>> 3 >= this.bits.length) this.grow(row)
      this.bits[row >>> 3]! |= 1 << (row & 7)
    }
  }

  remove(rows: Uint32Array): void {
    for (const row of rows) {
      if (row >>> 3 < this.bits.length) this.bits[row >>> 3]! &= ~(1 << (row & 7))
    }
  }

  /** A copy: bit r is row r. May end before the last row, and is empty where nothing was ever added. */
  toBits(): Uint8Array {
    return this.bits.slice()
  }

  /** The rows below `rows` that are not in the set: bit r is row r. */
  others(rows: number): Uint8Array {
    const others = new Uint8Array(Math.ceil(rows / 8)).fill(0xff)
    if (rows % 8 !== 0) others[others.length - 1] = (1 << (rows % 8)) - 1
    const common = Math.min(others.length, this.bits.length)
    for (let i = 0; i < common; i++) others[i]! &= ~this.bits[i]!
    return others
  }

  private grow(row: number): void {
    const wider = new Uint8Array(Math.max(64, 2 * this.bits.length, (row >>> 3) + 1))
    wider.set(this.bits)
    this.bits = wider
  }
}
