// TopK: for each of several queries the k best rows so far, as a heap with the worst on top.

/** `k` places for each of `queries` queries. A smaller key is better; of equal keys the row that came first stays. */
export class TopK {
  readonly k: number
  private readonly keys: Float64Array
  private readonly sums: Float64Array
  private readonly rows: Uint32Array
  private readonly sizes: Uint32Array

  constructor(queries: number, k: number) {
    this.k = k
    this.keys = new Float64Array(queries * k)
    this.sums = new Float64Array(queries * k)
    this.rows = new Uint32Array(queries * k)
    this.sizes = new Uint32Array(queries)
  }

  /** The key that a row must be below to enter. */
  worst(query: number): number {
    return this.sizes[query]! < this.k ? Number.POSITIVE_INFINITY : this.keys[query * this.k]!
  }

  /** Offers a row whose key is below `worst`, or any while there is room. */
  offer(query: number, key: number, sum: number, row: number): void {
    const size = this.sizes[query]!
    if (size < this.k) {
      this.sizes[query] = size + 1
      this.rise(query * this.k, size, key, sum, row)
    } else if (key < this.keys[query * this.k]!) {
      this.sink(query * this.k, key, sum, row)
    }
  }

  /** Calls `visit(row, sum)` for each row kept for a query, in no order. */
  each(query: number, visit: (row: number, sum: number) => void): void {
    const base = query * this.k
    for (let i = 0; i < this.sizes[query]!; i++) visit(this.rows[base + i]!, this.sums[base + i]!)
  }

  size(query: number): number {
    return this.sizes[query]!
  }

  private rise(base: number, from: number, key: number, sum: number, row: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isWorse(key, row, base + parent)) break
      this.move(base + at, base + parent)
      at = parent
    }
    this.place(base + at, key, sum, row)
  }

  private sink(base: number, key: number, sum: number, row: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.k) break
      if (child + 1 < this.k && this.isWorse(this.keys[base + child + 1]!, this.rows[base + child + 1]!, base + child)) child++
      if (this.isWorse(key, row, base + child)) break
      this.move(base + at, base + child)
      at = child
    }
    this.place(base + at, key, sum, row)
  }

  private isWorse(key: number, row: number, than: number): boolean {
    return key > this.keys[than]! || (key === this.keys[than]! && row > this.rows[than]!)
  }

  private move(to: number, from: number): void {
    this.place(to, this.keys[from]!, this.sums[from]!, this.rows[from]!)
  }

  private place(at: number, key: number, sum: number, row: number): void {
    this.keys[at] = key
    this.sums[at] = sum
    this.rows[at] = row
  }
}
