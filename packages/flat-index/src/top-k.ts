// TopK: for each of several queries the k closest rows so far, as a heap with the farthest on top.

/** `k` places for each of `queries` queries. Of equal distances the lower row is closer. */
export class TopK {
  private readonly k: number
  private readonly distances: Float32Array
  private readonly keys: Float64Array
  private readonly rows: Uint32Array
  private readonly sizes: Uint32Array

  constructor(queries: number, k: number) {
    this.k = k
    this.distances = new Float32Array(queries * k)
    this.keys = new Float64Array(queries * k)
    this.rows = new Uint32Array(queries * k)
    this.sizes = new Uint32Array(queries)
  }

  /** Rows kept for a query. */
  size(query: number): number {
    return this.sizes[query]!
  }

  /** The key that a row behind all others must be below to be kept. */
  bound(query: number): number {
    return this.sizes[query]! < this.k ? Number.POSITIVE_INFINITY : this.keys[query * this.k]!
  }

  /** Keeps a row if it is among the closest so far. `key`: any number that never falls where the distance rises. */
  offer(query: number, key: number, distance: number, row: number): void {
    const base = query * this.k
    const size = this.sizes[query]!
    if (size < this.k) {
      this.sizes[query] = size + 1
      this.rise(base, size, key, distance, row)
    } else if (!this.isFarther(distance, row, base)) {
      this.sink(base, key, distance, row)
    }
  }

  /** Calls `visit` for the kept rows `from … to - 1` of a query, in no order. */
  each(query: number, from: number, to: number, visit: (row: number, distance: number) => void): void {
    const base = query * this.k
    for (let i = from; i < to; i++) visit(this.rows[base + i]!, this.distances[base + i]!)
  }

  private rise(base: number, from: number, key: number, distance: number, row: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.isFarther(distance, row, base + parent)) break
      this.move(base + at, base + parent)
      at = parent
    }
    this.place(base + at, key, distance, row)
  }

  private sink(base: number, key: number, distance: number, row: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.k) break
      if (child + 1 < this.k && this.isFarther(this.distances[base + child + 1]!, this.rows[base + child + 1]!, base + child)) child++
      if (this.isFarther(distance, row, base + child)) break
      this.move(base + at, base + child)
      at = child
    }
    this.place(base + at, key, distance, row)
  }

  private isFarther(distance: number, row: number, than: number): boolean {
    return distance > this.distances[than]! || (distance === this.distances[than]! && row > this.rows[than]!)
  }

  private move(to: number, from: number): void {
    this.place(to, this.keys[from]!, this.distances[from]!, this.rows[from]!)
  }

  private place(at: number, key: number, distance: number, row: number): void {
    this.keys[at] = key
    this.distances[at] = distance
    this.rows[at] = row
  }
}
