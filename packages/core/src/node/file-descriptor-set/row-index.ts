// RowIndex: where in the log each uid's vector lies. What a FileDescriptorSet keeps in memory.

/** A map from uid to the place of its vector, in the order of insertion; writing a uid again keeps its place in the order. */
export class RowIndex {
  // The numbers of a row in three arrays: less room than an object a row.
  private readonly rows = new Map<string, number>()
  private readonly free: number[] = []
  private positions: number[] = []
  private dimensions: number[] = []
  private attributeBytes: number[] = []

  get count(): number {
    return this.rows.size
  }

  /** The uids in order. The iterator stays right while the index changes. */
  uids(): IterableIterator<string> {
    return this.rows.keys()
  }

  set(uid: string, position: number, dimensions: number, attributeBytes: number): void {
    let row = this.rows.get(uid)
    if (row === undefined) {
      row = this.free.pop() ?? this.positions.length
      this.rows.set(uid, row)
    }
    this.positions[row] = position
    this.dimensions[row] = dimensions
    this.attributeBytes[row] = attributeBytes
  }

  delete(uid: string): void {
    const row = this.rows.get(uid)
    if (row === undefined) return
    this.rows.delete(uid)
    this.free.push(row)
  }

  clear(): void {
    this.rows.clear()
    this.free.length = 0
    this.positions = []
    this.dimensions = []
    this.attributeBytes = []
  }

  /** Numbers in the vector of a uid; 0 where it is not there. */
  dimensionsOf(uid: string): number {
    const row = this.rows.get(uid)
    return row === undefined ? 0 : this.dimensions[row]!
  }

  /** Where the vector of a uid, which is there, begins in the file. Its attributes lie right before it. */
  positionOf(uid: string): number {
    return this.positions[this.rows.get(uid)!]!
  }

  attributeBytesOf(uid: string): number {
    return this.attributeBytes[this.rows.get(uid)!]!
  }

  moveTo(uid: string, position: number): void {
    this.positions[this.rows.get(uid)!] = position
  }
}
