// Reservoir: a uniform sample of a stream whose length nobody knows, in memory that does not grow beyond a cap.

import type { VectorBatch } from '@cbir/core'
import { inSlices } from '@cbir/core/define'
import { type Normalization, scaleOf } from './normalization.ts'
import type { Random } from './random.ts'

/** Bytes of a block: rows are kept in blocks, so that a sample that grows is never copied, and a small one takes little. */
const BLOCK_BYTES = 1 << 18
/** Numbers that are copied between two looks at the clock. */
const STEP = 1 << 15

/** Rows in blocks: all but the last have `rowsPerBlock` rows of `dimensions` numbers. */
export interface Sample {
  readonly blocks: readonly Float32Array[]
  readonly rowsPerBlock: number
  readonly rows: number
  readonly dimensions: number
}

/** After Vitter, "Random sampling with a reservoir" (1985), algorithm R. Which rows are kept depends on the seed and their order only, not on the batches. */
export class Reservoir {
  private readonly capacity: number
  private readonly normalize: Normalization
  private readonly random: Random
  private readonly blocks: Float32Array[] = []
  private dimensions = 0
  private rowsPerBlock = 1
  private kept = 0
  private seen = 0

  /** `capacity`: rows that are kept at most, `4 · capacity · dimensions` bytes. Rows are kept normalised. */
  constructor(capacity: number, normalize: Normalization, random: Random) {
    this.capacity = capacity
    this.normalize = normalize
    this.random = random
  }

  /** All batches have the same dimensions. @throws CbirError ABORTED */
  add(batch: VectorBatch, signal?: AbortSignal): Promise<void> {
    if (this.seen === 0) {
      this.dimensions = batch.dimensions
      this.rowsPerBlock = Math.max(1, Math.floor(BLOCK_BYTES / 4 / this.dimensions))
    }
    const step = Math.max(1, Math.floor(STEP / this.dimensions))
    return inSlices(
      batch.count,
      step,
      (from, to) => {
        for (let row = from; row < to; row++) this.offer(batch.data, row * this.dimensions)
      },
      signal,
    )
  }

  sample(): Sample {
    const { rowsPerBlock, kept, dimensions } = this
    const blocks = this.blocks.map((block, i) => block.subarray(0, Math.min(rowsPerBlock, kept - i * rowsPerBlock) * dimensions))
    return { blocks, rowsPerBlock, rows: kept, dimensions }
  }

  private offer(data: Float32Array, at: number): void {
    this.seen++
    let place = this.kept
    if (this.kept < this.capacity) this.kept++
    else place = this.random.below(this.seen)
    if (place < this.capacity) this.put(place, data, at)
  }

  private put(place: number, data: Float32Array, at: number): void {
    const { dimensions, rowsPerBlock } = this
    const index = Math.floor(place / rowsPerBlock)
    if (index === this.blocks.length) {
      this.blocks.push(new Float32Array(Math.min(rowsPerBlock, this.capacity - index * rowsPerBlock) * dimensions))
    }
    const block = this.blocks[index]!
    const to = (place % rowsPerBlock) * dimensions
    const scale = scaleOf(this.normalize, data, at, dimensions)
    for (let i = 0; i < dimensions; i++) block[to + i] = data[at + i]! * scale
  }
}

/** Calls `visit(block, at)` for every row, in slices: its numbers are block[at … at + dimensions). @throws CbirError ABORTED */
export function eachRow(
  { rows, rowsPerBlock, blocks, dimensions }: Sample,
  visit: (block: Float32Array, at: number, row: number) => void,
  work: number,
  signal?: AbortSignal,
): Promise<void> {
  return inSlices(
    rows,
    Math.max(1, Math.floor(STEP / work)),
    (from, to) => {
      for (let row = from; row < to; row++) visit(blocks[Math.floor(row / rowsPerBlock)]!, (row % rowsPerBlock) * dimensions, row)
    },
    signal,
  )
}
