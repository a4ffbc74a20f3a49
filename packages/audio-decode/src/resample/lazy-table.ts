// A table of numbers that is computed from its beginning on, as far as it is asked for.

export class LazyTable {
  readonly values: Float64Array
  private readonly entry: (i: number) => number
  private computed = 0

  /** @param entry called once for each i, in order */
  constructor(length: number, entry: (i: number) => number) {
    this.values = new Float64Array(length)
    this.entry = entry
  }

  get length(): number {
    return this.values.length
  }

  /** Entries below `end` are there afterwards. */
  computeTo(end: number): void {
    for (; this.computed < end; this.computed++) this.values[this.computed] = this.entry(this.computed)
  }
}
