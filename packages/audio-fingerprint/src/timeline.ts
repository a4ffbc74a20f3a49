// Timeline: all recordings one after another on one axis of frames, so that a posting is one number.

/** Recordings begin at multiples of this many frames, so that a bit for so many says whether they are still there. */
const BLOCK_BITS = 6
const BLOCK: number = 2 ** BLOCK_BITS
/** Frames that there are numbers for: 27 000 hours. */
export const MOST_FRAMES_OF_ALL: number = 2 ** 32 - BLOCK
/** In place of a row, for a recording that was removed. */
export const NO_ROW = 0xffffffff

export class Timeline {
  /** Where each recording begins; ascending. */
  readonly starts: number[] = []
  readonly lengths: number[] = []
  readonly rows: number[] = []
  private readonly entryOfRow = new Map<number, number>()
  private liveBlocks = new Uint8Array(1024)
  private next = 0
  private gone = 0

  /** Where the next recording begins. */
  get end(): number {
    return this.next
  }

  /** Frames of removed recordings. */
  get removedFrames(): number {
    return this.gone
  }

  static blocksOf(frames: number): number {
    return Math.ceil(frames / BLOCK)
  }

  hasRoomFor(frames: number): boolean {
    return this.next + frames <= MOST_FRAMES_OF_ALL
  }

  /** Puts a recording behind the last one. `row` NO_ROW: one that was removed. */
  push(row: number, frames: number): void {
    const entry = this.starts.length
    this.starts.push(this.next)
    this.lengths.push(frames)
    this.rows.push(row)
    const from = this.next / BLOCK
    const to = from + Timeline.blocksOf(frames)
    this.next = to * BLOCK
    if (row === NO_ROW) {
      this.gone += frames
      return
    }
    this.entryOfRow.set(row, entry)
    if (to > this.liveBlocks.length) {
      const larger = new Uint8Array(2 * to)
      larger.set(this.liveBlocks)
      this.liveBlocks = larger
    }
    this.liveBlocks.fill(1, from, to)
  }

  remove(row: number): void {
    const entry = this.entryOfRow.get(row)
    if (entry === undefined) return
    this.entryOfRow.delete(row)
    this.rows[entry] = NO_ROW
    this.gone += this.lengths[entry]!
    const from = this.starts[entry]! / BLOCK
    this.liveBlocks.fill(0, from, from + Timeline.blocksOf(this.lengths[entry]!))
  }

  isLive(position: number): boolean {
    return this.liveBlocks[Math.floor(position / BLOCK)] === 1
  }

  has(row: number): boolean {
    return this.entryOfRow.has(row)
  }

  /** Frames of the recording in a row; 0 where there is none. */
  framesOf(row: number): number {
    const entry = this.entryOfRow.get(row)
    return entry === undefined ? 0 : this.lengths[entry]!
  }

  /** The place in `starts` of the recording that a position belongs to. */
  entryAt(position: number): number {
    const { starts } = this
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= position) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** A timeline without the removed recordings, and where each position of this one is on it; below 0: nowhere. */
  compacted(): { readonly timeline: Timeline; readonly move: (position: number) => number } {
    const timeline = new Timeline()
    const shifts = new Float64Array(this.next / BLOCK).fill(Number.POSITIVE_INFINITY)
    for (const [entry, row] of this.rows.entries()) {
      if (row === NO_ROW) continue
      const from = this.starts[entry]!
      shifts.fill(from - timeline.end, from / BLOCK, from / BLOCK + Timeline.blocksOf(this.lengths[entry]!))
      timeline.push(row, this.lengths[entry]!)
    }
    return { timeline, move: (position) => position - shifts[Math.floor(position / BLOCK)]! }
  }
}
